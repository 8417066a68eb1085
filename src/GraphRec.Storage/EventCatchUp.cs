using GraphRec.Core;

namespace GraphRec.Storage;

/// <summary>Brings a stored graph up to its log, whichever stores the two are in.</summary>
public static class EventCatchUp
{
    private const int Batch = 5_000;

    /// <summary>Applies the events beyond the graph's <see cref="IGraphWriter.AppliedThroughAsync"/>; returns how many.</summary>
    public static async Task<long> RunAsync(IEventLog log, IGraphWriter graph, CancellationToken cancel = default)
    {
        var after = await graph.AppliedThroughAsync(cancel).ConfigureAwait(false);
        var total = 0L;
        var batch = new List<LoggedEvent>(Batch);
        await foreach (var logged in log.ReadAsync(after, cancel).ConfigureAwait(false))
        {
            batch.Add(logged);
            if (batch.Count < Batch) continue;
            await FlushAsync().ConfigureAwait(false);
        }
        if (batch.Count > 0) await FlushAsync().ConfigureAwait(false);
        return total;

        async Task FlushAsync()
        {
            await graph.ApplyAsync(batch, cancel).ConfigureAwait(false);
            total += batch.Count;
            batch.Clear();
        }
    }
}
