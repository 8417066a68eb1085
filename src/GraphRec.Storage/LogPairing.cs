using GraphRec.Core;
using GraphRec.Storage.Embedded;
using GraphRec.Storage.Neo4j;

namespace GraphRec.Storage;

/// <summary>
/// Makes sure, before either is used, that the event log of a data directory and a graph in Neo4j belong together. The
/// directory's log is what new events are written to; Neo4j keeps a copy of every event it was given. Both carry the
/// log's id, and what both hold has the same sequences.
/// </summary>
public static class LogPairing
{
    private const int Batch = 5_000;

    /// <summary>
    /// Pairs the two. A directory without events takes over the log that the graph has (a lost or new directory), and one
    /// that is behind (an old copy) is filled up, so that no sequence is given twice. Returns how many events it got.
    /// </summary>
    /// <param name="directory">The store in the data directory, opened for writing.</param>
    /// <param name="graph">The graph.</param>
    /// <param name="progress">Told how many events were fetched.</param>
    /// <param name="cancel">Stops; the next call goes on.</param>
    /// <exception cref="StorageException">They do not belong together; the message says what to do.</exception>
    public static async Task<long> RunAsync(EmbeddedStore directory, Neo4jStore graph, IProgress<long>? progress = null, CancellationToken cancel = default)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(directory.File))!;
        var last = await directory.Events.LastSequenceAsync(cancel).ConfigureAwait(false);
        var id = await directory.Log.IdAsync(cancel).ConfigureAwait(false);
        var graphs = await graph.Log.IdAsync(cancel).ConfigureAwait(false);
        if (graphs != id)
        {
            var catalogue = await directory.Export.VersionAsync(cancel).ConfigureAwait(false) is { CatalogRevision: > 0 };
            if (last > 0 || catalogue) throw Refuse(await MismatchAsync(directory, graph, folder, graphs, cancel).ConfigureAwait(false));
            // A new id where the graph has none, also for a directory that was used before: what it knows of finished
            // imports is about a graph that is gone.
            id = await directory.Log.BecomeAsync(graphs, cancel).ConfigureAwait(false);
            if (graphs is null) await graph.Log.BecomeAsync(id, cancel).ConfigureAwait(false);
        }
        await directory.Log.NoteGraphAsync(graph.Options.ToString(), cancel).ConfigureAwait(false);
        var held = await graph.Events.LastSequenceAsync(cancel).ConfigureAwait(false);
        var common = Math.Min(last, held);
        if (common > 0 && await AtAsync(directory.Events, common, cancel).ConfigureAwait(false) != await AtAsync(graph.Events, common, cancel).ConfigureAwait(false))
        {
            throw Refuse($"event {common} is not the same in {folder} and in Neo4j at {graph.Options}: two GraphRec servers recorded events for one graph. "
                + "Run one, with the data directory that holds more of what matters; the events of the other one are in its graphrec.db.");
        }
        var restored = held > last ? await RestoreAsync(directory, graph, last, progress, cancel).ConfigureAwait(false) : 0;
        var applied = await graph.Graph.AppliedThroughAsync(cancel).ConfigureAwait(false);
        if (applied > Math.Max(last, held))
        {
            throw Refuse($"Neo4j at {graph.Options} holds behaviour through event {applied}, but its log ends at {held}: events may have been deleted there. "
                + "Restore a backup of the database, or give the data directory that recorded them with --data.");
        }
        return restored;
    }

    private static async Task<long> RestoreAsync(EmbeddedStore directory, Neo4jStore graph, long after, IProgress<long>? progress, CancellationToken cancel)
    {
        var total = 0L;
        var batch = new List<LoggedEvent>(Batch);
        await foreach (var logged in graph.Events.ReadAsync(after, cancel).ConfigureAwait(false))
        {
            batch.Add(logged);
            if (batch.Count == Batch) await FlushAsync().ConfigureAwait(false);
        }
        await FlushAsync().ConfigureAwait(false);
        return total;

        async Task FlushAsync()
        {
            total += await directory.Log.RestoreAsync(batch, cancel).ConfigureAwait(false);
            batch.Clear();
            progress?.Report(total);
        }
    }

    private static async Task<string> MismatchAsync(EmbeddedStore directory, Neo4jStore graph, string folder, string? graphs, CancellationToken cancel)
    {
        var elsewhere = await directory.Log.GraphAsync(cancel).ConfigureAwait(false);
        var other = $"or choose another data directory with --data (a new one gets the log that {graph.Options.Uri} has).";
        if (elsewhere is null)
        {
            return $"{folder} holds a graph of its own, not the events of Neo4j at {graph.Options}. To move it there, run "
                + $"'graphrec copy --from embedded:{folder} --to {graph.Options.Uri}' (into an empty database), {other}";
        }
        return graphs is null
            ? $"the events in {folder} belong to the graph in Neo4j at {elsewhere}, and {graph.Options} holds none of them: is it a new database? Give the address of the right one, {other}"
            : $"the events in {folder} belong to the graph in Neo4j at {elsewhere}, and {graph.Options} holds those of another log. Give the address of the right one, {other}";
    }

    private static async Task<string?> AtAsync(IEventLog log, long sequence, CancellationToken cancel)
    {
        await foreach (var logged in log.ReadAsync(sequence - 1, cancel).ConfigureAwait(false))
            return logged.Sequence == sequence ? logged.Event.Id : null;
        return null;
    }

    private static StorageException Refuse(string message) => new("data directory", "open", retryable: false, message);
}
