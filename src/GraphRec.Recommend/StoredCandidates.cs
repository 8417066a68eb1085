using GraphRec.Core;
using GraphRec.Graph;

namespace GraphRec.Recommend;

/// <summary>How long a request waits for candidates from a store.</summary>
public sealed record CandidateOptions
{
    /// <summary>After this the snapshot's candidates are taken instead.</summary>
    public TimeSpan Budget { get; init; } = TimeSpan.FromMilliseconds(150);

    /// <summary>After a failure the store is left alone for this long, so that not every request waits for one that hangs.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(1);
}

/// <summary>
/// Candidates from the derived edges of a store: one query per request, one hop. A store that fails or takes too long
/// costs a request no more than the budget: the snapshot has the same lists.
/// </summary>
public sealed class StoredCandidates(IDerivedEdges edges, CandidateOptions options, TimeProvider clock)
{
    private long _failures;
    private long _notBefore = long.MinValue;

    /// <summary>How many requests were answered from the snapshot instead.</summary>
    public long Failures => Interlocked.Read(ref _failures);

    /// <summary>The neighbours of some dramas; null when the store did not give them in time.</summary>
    /// <param name="snapshot">What indices are of.</param>
    /// <param name="dramas">By index, at least one.</param>
    /// <param name="cancel">The request's own.</param>
    public async Task<NeighbourLists?> FetchAsync(GraphSnapshot snapshot, IReadOnlyList<int> dramas, CancellationToken cancel)
    {
        if (clock.GetTimestamp() < Interlocked.Read(ref _notBefore)) return Failed(pause: false);
        using var budget = new CancellationTokenSource(options.Budget, clock);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel, budget.Token);
        try
        {
            // Not to wait until the store has also ended what it was asked for: the request has to go on.
            var lists = await edges.ReadAsync(snapshot, dramas, patience.Token).WaitAsync(patience.Token).ConfigureAwait(false);
            // No lists is no failure of the store: they are not written yet, and may be at the next request.
            return lists ?? Failed(pause: false);
        }
        catch (Exception e) when (e is StorageException || (e is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            return Failed(pause: true);
        }
    }

    private NeighbourLists? Failed(bool pause)
    {
        Interlocked.Increment(ref _failures);
        if (pause) Interlocked.Exchange(ref _notBefore, clock.GetTimestamp() + (long)(options.Pause.TotalSeconds * clock.TimestampFrequency));
        return null;
    }
}
