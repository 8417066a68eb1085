using GraphRec.Core;
using GraphRec.Graph;

namespace GraphRec.Recommend;

/// <summary>When the derived edges in a store are written anew.</summary>
public sealed record UpkeepOptions
{
    /// <summary>How often to look whether the snapshot was rebuilt.</summary>
    public TimeSpan Poll { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The shortest time between two runs: a run writes up to 200 edges a drama, and other writers wait for its batches.
    /// Until then candidates are some minutes old, as far as other viewers are concerned.
    /// </summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromMinutes(10);
}

/// <summary>Keeps the derived edges of a store near the snapshot: writes them, beside the requests, after it was rebuilt.</summary>
public sealed class DerivedUpkeep(IDerivedEdges edges, LiveGraph graph, Recipe recipe, UpkeepOptions options, TimeProvider clock)
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    /// <summary>Writes whenever there is a reason to, until cancelled.</summary>
    /// <param name="report">Told of every run that was finished (null) and of the first of a series of failures.</param>
    /// <param name="cancel">Ends it.</param>
    public async Task RunAsync(Action<Exception?> report, CancellationToken cancel)
    {
        var backoff = new Backoff(options.Poll, LongestPause, clock);
        try
        {
            while (true)
            {
                try
                {
                    var written = await WriteAsync(cancel).ConfigureAwait(false);
                    backoff.Reset();
                    if (written) report(null);
                    await Task.Delay(written ? options.Interval : options.Poll, clock, cancel).ConfigureAwait(false);
                }
                catch (StorageException e)
                {
                    if (!backoff.Failing) report(e);
                    await backoff.PauseAsync(cancel).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // Stopped: what is written so far is gone on from.
        }
    }

    private async Task<bool> WriteAsync(CancellationToken cancel)
    {
        var snapshot = graph.State.Snapshot;
        if (await edges.VersionAsync(cancel).ConfigureAwait(false) == snapshot.Version.ToString()) return false;
        await edges.WriteAsync(snapshot, recipe.MinCoWatchers, null, cancel).ConfigureAwait(false);
        return true;
    }
}
