using GraphRec.Core;

namespace GraphRec.Storage.Neo4j;

/// <summary><see cref="IGraphLoader"/> on Neo4j. Every call is one transaction, and one exchange.</summary>
internal sealed class Neo4jGraphLoader(Neo4jClient client) : IGraphLoader
{
    public async Task PutBehaviourAsync(IReadOnlyList<BehaviourEdge> edges, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(edges);
        if (edges.Count > 0) await WriteAsync("load behaviour", [.. BehaviourRows.Put(edges)], cancel).ConfigureAwait(false);
    }

    public async Task PutRegionsAsync(IReadOnlyDictionary<string, string> regions, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(regions);
        if (regions.Count == 0) return;
        var put = Cypher.File("write/load-regions").With(new { regions = regions.Select(r => new { user = r.Key, region = r.Value }) });
        await WriteAsync("load regions", [put], cancel).ConfigureAwait(false);
    }

    public async Task SetVersionAsync(GraphVersion version, CancellationToken cancel = default)
    {
        var set = await WriteAsync("load version", [Cypher.File("write/load-version").With(version)], cancel).ConfigureAwait(false);
        if (set == 0) throw LoadedLog.TooShort(Neo4jClient.Store, version);
    }

    /// <summary>Runs statements under the graph's lock; returns how many rows they answered.</summary>
    private async Task<int> WriteAsync(string operation, IReadOnlyList<Statement> statements, CancellationToken cancel)
    {
        var rows = 0;
        await client.RunAsync(
            operation, [Cypher.File("write/lock").With(), .. statements], (statement, _) => rows += statement > 0 ? 1 : 0, cancel,
            idempotent: true, onRestart: () => rows = 0).ConfigureAwait(false);
        return rows;
    }
}
