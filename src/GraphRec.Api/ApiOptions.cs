namespace GraphRec.Api;

/// <summary>Limits and switches of the HTTP interface.</summary>
public sealed record ApiOptions
{
    /// <summary>Fields within fields at most. The page with everything needs 7, a full introspection query 15.</summary>
    public int MaxDepth { get; init; } = 15;

    /// <summary>
    /// Fields in the answer at most, as estimated before it is made from the sizes asked for. The page of 8 rows by 12
    /// with everything is estimated at 13,000.
    /// </summary>
    public int MaxComplexity { get; init; } = 50_000;

    /// <summary>Bytes of a request body at most; more is answered with 413.</summary>
    public int MaxBodyBytes { get; init; } = 1024 * 1024;

    /// <summary>
    /// Characters of a GraphQL document at most. Validation takes time in the square of it at worst: a hostile document
    /// of 18,000 characters took 2 s, and a full introspection query has 2,000.
    /// </summary>
    public int MaxQueryLength { get; init; } = 10_000;

    /// <summary>How long a request may take; then it is cancelled and answered with TIMEOUT.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Whether the schema may be asked for.</summary>
    public bool Introspection { get; init; } = true;

    /// <summary>Characters of parsed and validated documents to keep, the least recently used going first.</summary>
    public int CachedQueryCharacters { get; init; } = 2_000_000;

    /// <summary>What <c>graph { backend }</c> says.</summary>
    public string Backend { get; init; } = "embedded";

    /// <summary>
    /// Whether answers go on while the graph's store is away, because events have a log of their own. Then
    /// <c>/health/ready</c> names the store that does not answer and stays 200: traffic is to go on.
    /// </summary>
    public bool ServesWithoutStore { get; init; }

    /// <summary>One JSON line per request on the console.</summary>
    public bool JsonLogs { get; init; } = true;

    /// <exception cref="ArgumentException">A value is out of range; the message says what to change.</exception>
    public void Validate()
    {
        AtLeast(nameof(MaxDepth), MaxDepth, 1);
        AtLeast(nameof(MaxComplexity), MaxComplexity, 1);
        AtLeast(nameof(MaxBodyBytes), MaxBodyBytes, 1024);
        AtLeast(nameof(MaxQueryLength), MaxQueryLength, 100);
        AtLeast(nameof(CachedQueryCharacters), CachedQueryCharacters, 0);
        if (Timeout <= TimeSpan.Zero || Timeout > TimeSpan.FromMinutes(10))
            throw new ArgumentException($"{nameof(Timeout)} is {Timeout}; set more than nothing and at most 10 minutes.");
        ArgumentException.ThrowIfNullOrWhiteSpace(Backend);
    }

    private static void AtLeast(string name, int value, int least)
    {
        if (value < least) throw new ArgumentException($"{name} is {value}; set {least} or more.");
    }
}
