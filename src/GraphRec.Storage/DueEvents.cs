using GraphRec.Core;

namespace GraphRec.Storage;

/// <summary>
/// Which events of a call to <see cref="IGraphWriter.ApplyAsync"/> are to be folded in: those that are not applied yet, in
/// log order, once each, with times as every store keeps them, and none skipped.
/// </summary>
internal sealed class DueEvents
{
    private readonly SortedDictionary<long, LoggedEvent> _bySequence = [];
    private readonly long _applied;

    /// <param name="events">The call's, in any order.</param>
    /// <param name="applied">The sequence up to which events are applied.</param>
    public DueEvents(IReadOnlyList<LoggedEvent> events, long applied)
    {
        _applied = applied;
        foreach (var logged in events)
        {
            if (logged.Sequence <= applied) continue;
            Last = Math.Max(Last, logged.Sequence);
            _bySequence.TryAdd(logged.Sequence, logged with { Event = Kept(logged.Event) });
        }
    }

    /// <summary>The newest's sequence; 0 when none is due.</summary>
    public long Last { get; }

    /// <summary>How many events before <see cref="Last"/> are neither applied nor here.</summary>
    public long Skipped => Last == 0 ? 0 : Last - _applied - _bySequence.Count;

    /// <summary>The event with its time to the millisecond, the rest cut off.</summary>
    public static ViewerEvent Kept(ViewerEvent e) => e with { At = DateTimeOffset.FromUnixTimeMilliseconds(e.At.ToUnixTimeMilliseconds()) };

    /// <summary>Takes what is missing from a stretch of the log.</summary>
    public void Fill(IEnumerable<LoggedEvent> log)
    {
        foreach (var logged in log) _bySequence.TryAdd(logged.Sequence, logged);
    }

    /// <summary>All of them, in order.</summary>
    /// <exception cref="StorageException">Some are still skipped. Retryable: another call may bring them.</exception>
    public IReadOnlyList<LoggedEvent> Whole(string store) => Skipped == 0
        ? [.. _bySequence.Values]
        : throw new StorageException(store, "apply events", retryable: true,
            $"{Skipped} events between number {_applied} and number {Last} are missing, in the call and in the store's log; apply them first.");

    /// <summary>Of each viewer that has one, the latest event that names a region; of two at one time, the later in the log.</summary>
    public static IEnumerable<ViewerEvent> LatestInRegions(IReadOnlyList<LoggedEvent> events)
    {
        var latest = new Dictionary<string, ViewerEvent>(StringComparer.Ordinal);
        foreach (var (_, e) in events)
            if (e.Context?.Region is not null && (!latest.TryGetValue(e.UserId, out var known) || e.At >= known.At)) latest[e.UserId] = e;
        return latest.Values;
    }
}
