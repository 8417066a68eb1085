using GraphRec.Core;
using GraphRec.Graph;

namespace GraphRec.Recommend;

/// <summary>When the snapshot is built anew.</summary>
public sealed record RebuildOptions
{
    /// <summary>How often to look whether there is a reason to.</summary>
    public TimeSpan Poll { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>With fewer events since the snapshot than <see cref="MaxOverlay"/>, at most this often.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long the store may take to say which version it has.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>With this many events since the snapshot, at once.</summary>
    public int MaxOverlay { get; init; } = 20_000;
}

/// <summary>
/// Keeps the snapshot near the stored graph: reads it in the background, builds the next snapshot and swaps one reference.
/// Requests go on answering from the old one meanwhile. What viewers did themselves is in their answers before that; a
/// rebuild brings in what it means for others (co-watch, walks, trends) and what curators changed.
/// </summary>
public sealed class GraphRebuilder(IGraphExport export, LiveGraph graph, RebuildOptions options, TimeProvider clock, StoreHealth? store = null)
{
    private const string Use = "rebuilding";

    private DateTimeOffset _builtAt = clock.GetUtcNow();
    private long? _newer;

    /// <summary>How old the snapshot is.</summary>
    public TimeSpan Age => clock.GetUtcNow() - _builtAt;

    /// <summary>Rebuilds now.</summary>
    public async Task RebuildAsync(CancellationToken cancel)
    {
        var read = await export.ReadAsync(cancel).ConfigureAwait(false);
        graph.Replace(read, threads: 1, cancel);
        _builtAt = clock.GetUtcNow();
    }

    /// <summary>Rebuilds whenever there is a reason to, until cancelled.</summary>
    /// <param name="report">Told of every rebuild (null), and of the first of a series of failures.</param>
    /// <param name="cancel">Ends it.</param>
    public async Task RunAsync(Action<Exception?> report, CancellationToken cancel)
    {
        var failing = false;
        while (!cancel.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(options.Poll, clock, cancel).ConfigureAwait(false);
                var due = await DueAsync(cancel).ConfigureAwait(false);
                if (due) await RebuildAsync(cancel).ConfigureAwait(false);
                failing = false;
                if (due) report(null);
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                return;
            }
            catch (StorageException e)
            {
                store?.Tell(Use, e);
                if (!failing) report(e);
                failing = true;
            }
        }
    }

    private async Task<bool> DueAsync(CancellationToken cancel)
    {
        var stored = await VersionAsync(cancel).ConfigureAwait(false);
        store?.Tell(Use, null);
        // A store that holds no more than the snapshot (events may wait for their delivery) has nothing to read anew.
        if (graph.OverlayCount >= options.MaxOverlay && stored != graph.State.Snapshot.Version) return true;
        // Who watches the catalogue brings an edit in sooner and for less; what has a newer one at two looks was not brought in. An
        // older one is that of before an edit which is served already.
        var served = graph.State.Snapshot.Version.CatalogRevision;
        var (before, newer) = (_newer, stored.CatalogRevision > served);
        _newer = newer ? served : null;
        if (newer && before == served) return true;
        return stored != graph.State.Snapshot.Version && Age >= options.Interval;
    }

    private async Task<GraphVersion> VersionAsync(CancellationToken cancel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(options.Patience);
        try
        {
            return await export.VersionAsync(patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!cancel.IsCancellationRequested)
        {
            throw new StorageException("graph", "version", retryable: true, $"there was no answer within {options.Patience.TotalSeconds:F0} s.", e);
        }
    }
}
