using System.Security.Cryptography;
using GraphRec.Core;

namespace GraphRec.Storage;

/// <summary>How far a copy is.</summary>
/// <param name="Part">What is copied or checked.</param>
/// <param name="Done">How much of it.</param>
/// <param name="Total">Of how much.</param>
public readonly record struct CopyProgress(string Part, long Done, long Total);

/// <summary>A node label, an edge type, or the event log, at both ends.</summary>
public readonly record struct CopiedKind(string Name, Checksum Source, Checksum Target)
{
    public bool Same => Source == Target;
}

/// <summary>
/// Copies a whole graph from one store to another: catalogue, event log, behaviour, impressions. Interrupted, it is finished by
/// the same call; done again, it changes nothing. A copy has the log's id, so that a data directory and its Neo4j know each other.
/// </summary>
public static class GraphCopy
{
    private const int CatalogBatch = 2_000, EventBatch = 5_000, PageBatch = 200;

    /// <summary>Copies, then compares what both ends hold: a line per node label, edge type, and the log.</summary>
    /// <exception cref="StorageException">The target holds something else, or a store failed.</exception>
    public static async Task<IReadOnlyList<CopiedKind>> RunAsync(CopyEnd source, CopyEnd target, IProgress<CopyProgress>? progress, CancellationToken cancel = default)
    {
        // The log after the graph: it must hold every event that the graph has applied.
        var graph = await source.Export.ReadAsync(cancel).ConfigureAwait(false);
        var through = await source.Events.LastSequenceAsync(cancel).ConfigureAwait(false);
        await ClaimAsync(source, target, through, cancel).ConfigureAwait(false);
        await CatalogueAsync(graph, target, progress, cancel).ConfigureAwait(false);
        await EventsAsync(source, target, through, progress, cancel).ConfigureAwait(false);
        await BehaviourAsync(graph, target, progress, cancel).ConfigureAwait(false);
        var pages = await ImpressionsAsync(source, target, progress, cancel).ConfigureAwait(false);
        var kinds = await CompareAsync(source, graph, target, through, progress, cancel).ConfigureAwait(false);
        kinds.Add(new CopiedKind(GraphChecksums.Pages, pages, await GraphChecksums.OfAsync(target.Impressions, cancel).ConfigureAwait(false)));
        return kinds;
    }

    /// <summary>Makes sure that the target is empty, or a copy of the source as it is or was.</summary>
    private static async Task ClaimAsync(CopyEnd source, CopyEnd target, long through, CancellationToken cancel)
    {
        var id = await source.LogIdAsync(cancel).ConfigureAwait(false);
        if (id is null) await source.BecomeAsync(id = RandomNumberGenerator.GetHexString(32, lowercase: true), cancel).ConfigureAwait(false);
        var held = await target.Events.LastSequenceAsync(cancel).ConfigureAwait(false);
        if (await target.LogIdAsync(cancel).ConfigureAwait(false) == id)
        {
            if (held > through)
                throw CopyEnd.Refuse($"{target.Name} is a copy of {source.Name} that has gone on: it holds {held} events, the source {through}. Copy the other way round, or to an empty store.");
            return;
        }
        var there = await target.Export.ReadAsync(cancel).ConfigureAwait(false);
        if (held > 0 || there.Dramas.Count > 0 || there.People.Count > 0 || there.Credits.Count > 0 || there.Behaviour.Count > 0)
            throw CopyEnd.Refuse($"{target.Name} holds another graph ({there.Dramas.Count} dramas, {there.People.Count} people, {held} events). A copy goes to an empty store, or goes on with an interrupted copy of the same source.");
        await target.BecomeAsync(id, cancel).ConfigureAwait(false);
    }

    private static async Task CatalogueAsync(GraphExport graph, CopyEnd target, IProgress<CopyProgress>? progress, CancellationToken cancel)
    {
        await InBatchesAsync("dramas", graph.Dramas, batch => new CatalogBatch(batch, [], [])).ConfigureAwait(false);
        await InBatchesAsync("people", graph.People, batch => new CatalogBatch([], batch, [])).ConfigureAwait(false);
        await InBatchesAsync("credits", graph.Credits, batch => new CatalogBatch([], [], batch)).ConfigureAwait(false);

        async Task InBatchesAsync<T>(string part, IReadOnlyList<T> records, Func<T[], CatalogBatch> batchOf)
        {
            var done = 0;
            foreach (var batch in records.Chunk(CatalogBatch))
            {
                await target.Catalog.UpsertAsync(batchOf(batch), cancel).ConfigureAwait(false);
                progress?.Report(new CopyProgress(part, done += batch.Length, records.Count));
            }
        }
    }

    private static async Task EventsAsync(CopyEnd source, CopyEnd target, long through, IProgress<CopyProgress>? progress, CancellationToken cancel)
    {
        var after = await target.Events.LastSequenceAsync(cancel).ConfigureAwait(false);
        var batch = new List<LoggedEvent>(EventBatch);
        await foreach (var logged in source.Events.ReadAsync(after, cancel).ConfigureAwait(false))
        {
            if (logged.Sequence > through) break;
            batch.Add(logged);
            if (batch.Count == EventBatch) await FlushAsync().ConfigureAwait(false);
        }
        if (batch.Count > 0) await FlushAsync().ConfigureAwait(false);

        async Task FlushAsync()
        {
            await target.KeepAsync(batch, cancel).ConfigureAwait(false);
            progress?.Report(new CopyProgress("events", batch[^1].Sequence, through));
            batch.Clear();
        }
    }

    /// <summary>As it stands in the source, which people may have edited: not as it would follow from the log.</summary>
    private static async Task BehaviourAsync(GraphExport graph, CopyEnd target, IProgress<CopyProgress>? progress, CancellationToken cancel)
    {
        var done = 0;
        foreach (var batch in graph.Behaviour.Chunk(EventBatch))
        {
            await target.Loader.PutBehaviourAsync(batch, cancel).ConfigureAwait(false);
            progress?.Report(new CopyProgress("behaviour", done += batch.Length, graph.Behaviour.Count));
        }
        await target.Loader.PutRegionsAsync(graph.Regions, cancel).ConfigureAwait(false);
        await target.Loader.SetVersionAsync(graph.Version, cancel).ConfigureAwait(false);
    }

    /// <summary>Returns the checksum of what it read: the source may go on showing pages.</summary>
    private static async Task<Checksum> ImpressionsAsync(CopyEnd source, CopyEnd target, IProgress<CopyProgress>? progress, CancellationToken cancel)
    {
        var (sum, total) = (new Checksum(), await source.Impressions.CountAsync(cancel).ConfigureAwait(false));
        await foreach (var batch in source.Impressions.ReadAsync(cancel).Chunk(PageBatch).ConfigureAwait(false))
        {
            await target.Impressions.AppendAsync(batch, cancel).ConfigureAwait(false);
            foreach (var page in batch) sum = GraphChecksums.With(sum, page);
            progress?.Report(new CopyProgress("impressions", sum.Count, total));
        }
        return sum;
    }

    private static async Task<List<CopiedKind>> CompareAsync(CopyEnd source, GraphExport graph, CopyEnd target, long through, IProgress<CopyProgress>? progress, CancellationToken cancel)
    {
        progress?.Report(new CopyProgress("checksums", 0, 3));
        var copied = GraphChecksums.Of(await target.Export.ReadAsync(cancel).ConfigureAwait(false));
        progress?.Report(new CopyProgress("checksums", 1, 3));
        var kinds = GraphChecksums.Of(graph).Select(kind => new CopiedKind(kind.Key, kind.Value, copied[kind.Key])).ToList();
        var log = await GraphChecksums.OfAsync(source.Events, through, cancel).ConfigureAwait(false);
        progress?.Report(new CopyProgress("checksums", 2, 3));
        kinds.Add(new CopiedKind(GraphChecksums.Events, log, await GraphChecksums.OfAsync(target.Events, through, cancel).ConfigureAwait(false)));
        progress?.Report(new CopyProgress("checksums", 3, 3));
        return kinds;
    }
}
