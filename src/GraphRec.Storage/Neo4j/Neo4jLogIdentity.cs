using GraphRec.Core;

namespace GraphRec.Storage.Neo4j;

/// <summary>Which log the events of the graph belong to, and how it is filled from a copy.</summary>
internal sealed class Neo4jLogIdentity(Neo4jClient client)
{
    /// <summary>The log's id; null before the first GraphRec that records events for this graph.</summary>
    public async Task<string?> IdAsync(CancellationToken cancel = default) =>
        (await client.QueryAsync("read log", Cypher.File("write/log-id").With(), row => row.Text(0), cancel).ConfigureAwait(false)).FirstOrDefault();

    /// <summary>Notes the log's id.</summary>
    public Task BecomeAsync(string id, CancellationToken cancel) => client.RunAsync(
        "name log", [Cypher.File("write/lock").With(), Cypher.File("write/set-log-id").With(new { id })], static (_, _) => { }, cancel, idempotent: true);

    /// <summary>Writes events of a copy with the sequences they have; those that are there are passed over. Folds nothing.</summary>
    public Task RestoreAsync(IReadOnlyList<LoggedEvent> events, CancellationToken cancel) => client.RunAsync(
        "restore events", [Cypher.File("write/lock").With(), .. EventRows.Log(events)], static (_, _) => { }, cancel, idempotent: true);
}
