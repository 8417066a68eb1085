using GraphRec.Core;

namespace GraphRec.Storage.Neo4j;

/// <summary>How closely the watch follows what curators edit.</summary>
public sealed record CatalogWatchOptions
{
    /// <summary>How often it asks whether anything was committed.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// How long after a commit was noticed it is read. Neo4j notes a commit in its log before readers see it, a few
    /// milliseconds for an edit by hand.
    /// </summary>
    public TimeSpan Settle { get; init; } = TimeSpan.FromMilliseconds(40);

    /// <summary>
    /// After this long without a further commit everything is read once more: when the server's disk took longer than
    /// <see cref="Settle"/> to take a commit in, it was noted but not to be read yet.
    /// </summary>
    public TimeSpan Echo { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How long the server may take to say whether anything was committed.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often at most it is looked for what no reader reads; it takes a reading of everything where there is any.</summary>
    public TimeSpan Strays { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often everything is read although nothing seems to have been committed, should a sign have been missed.</summary>
    public TimeSpan Sweep { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The longest wait between attempts while the server does not answer.</summary>
    public TimeSpan MaxBackoff { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Parts of the catalogue that are read at the same time.</summary>
    public int Lanes { get; init; } = 2;

    /// <summary>Checks the options.</summary>
    /// <exception cref="InvalidInputException">One is out of range; the message says what to change.</exception>
    public void Validate()
    {
        Require(Interval >= TimeSpan.FromMilliseconds(10), $"Set Interval to 10 ms or more; it is {Interval}.");
        Require(Settle >= TimeSpan.Zero, $"Set Settle to nothing or more; it is {Settle}.");
        Require(Sweep >= TimeSpan.FromSeconds(1), $"Set Sweep to a second or more; it is {Sweep}.");
        Require(MaxBackoff >= Interval, $"Set MaxBackoff to Interval or more; it is {MaxBackoff}.");
        Require(Lanes is >= 1 and <= 9, $"Set Lanes to 1 to 9; it is {Lanes}.");
    }

    private static void Require(bool holds, string message)
    {
        if (!holds) throw new InvalidInputException(ErrorCodes.BadUserInput, message);
    }
}

/// <summary>What serving has in memory, and what takes the place of its catalogue.</summary>
/// <param name="Current">The catalogue that is served now, its revision, and what the store found wrong with the graph it came from.</param>
/// <param name="Publish">
/// Takes the catalogue of the stored graph, its revision, and what is wrong with it; false when what is served is of a later
/// revision by now, and stays. Called by one caller at a time. The stored graph's revision is raised to that afterwards.
/// </param>
/// <param name="Told">Told of each failure to ask the server, and of null when it answers again.</param>
public sealed record CatalogSubscriber(
    Func<(CatalogBatch Catalog, long Revision, IReadOnlyList<GraphIssue> Issues)> Current, Func<CatalogBatch, long, IReadOnlyList<GraphIssue>, bool> Publish,
    Action<StorageException?> Told);
