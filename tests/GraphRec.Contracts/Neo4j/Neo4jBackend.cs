using System.Text.Json;
using GraphRec.Core;
using GraphRec.Storage.Neo4j;

namespace GraphRec.Contracts.Neo4j;

/// <summary>The shared Neo4j server, emptied.</summary>
public sealed class Neo4jBackend(SharedNeo4j shared) : Backend
{
    private Neo4jServer? _server;
    private Neo4jStore? _store;

    public override IEventLog Events => _store!.Events;
    public override IGraphWriter Graph => _store!.Graph;
    public override IImpressionLog Impressions => _store!.Impressions;
    public override IGraphExport Export => new SmallExport(_server!);

    public Neo4jServer Server => _server!;

    public override async Task OpenAsync()
    {
        _server = await shared.EmptyAsync();
        await ConnectAsync();
    }

    public override async Task ReopenAsync()
    {
        await _store!.DisposeAsync();
        await ConnectAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        if (_store is not null) await _store.DisposeAsync();
    }

    private async Task ConnectAsync() => _store = await Neo4jStore.OpenAsync(new Neo4jOptions(_server!.Uri) { KeepImpressionPages = KeptPages });

    private sealed class SmallExport(Neo4jServer server) : IGraphExport
    {
        public Task<GraphVersion> VersionAsync(CancellationToken cancel = default) => throw new NotSupportedException();

        public async Task<GraphExport> ReadAsync(CancellationToken cancel = default)
        {
            var edges = (await server.RowsAsync("MATCH (u:User)-[r]->(t) RETURN u.id, type(r), labels(t), coalesce(t.id, t.name), r", cancel: cancel)).Select(row =>
                BehaviourRows.Read(row[0].GetString()!, Enum.GetValues<EdgeType>().Single(t => t.Name() == row[1].GetString()),
                    new NodeRef(Enum.Parse<NodeKind>(row[2][0].GetString()!), row[3].GetString()!), row[4]));
            var regions = (await server.RowsAsync("MATCH (u:User) WHERE u.region IS NOT NULL RETURN u.id, u.region", cancel: cancel)).ToDictionary(r => r[0].GetString()!, r => r[1].GetString()!);
            return new GraphExport(default, [], [], [], [.. edges.OrderBy(b => b.UserId, StringComparer.Ordinal).ThenBy(b => b.Type)
                .ThenBy(b => b.Target.Kind).ThenBy(b => b.Target.Id, StringComparer.Ordinal)]) { Regions = regions };
        }
    }
}
