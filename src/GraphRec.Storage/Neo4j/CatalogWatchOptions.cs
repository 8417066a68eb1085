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
/// <param name="Current">The catalogue that is served now, and what the store found wrong with the graph it came from.</param>
/// <param name="Publish">
/// Takes the catalogue of the stored graph, its revision, and what is wrong with it. Called by one caller at a time.
/// </param>
/// <param name="Told">Told of each failure to ask the server, and of null when it answers again.</param>
public sealed record CatalogSubscriber(
    Func<(CatalogBatch Catalog, IReadOnlyList<GraphIssue> Issues)> Current, Action<CatalogBatch, long, IReadOnlyList<GraphIssue>> Publish, Action<StorageException?> Told);
