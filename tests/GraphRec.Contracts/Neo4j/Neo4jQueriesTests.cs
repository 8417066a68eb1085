using GraphRec.Core;
using GraphRec.Storage.Neo4j;
using Xunit;

namespace GraphRec.Contracts.Neo4j;

[Collection(SharedNeo4j.Tests)]
public sealed class Neo4jQueriesTests(SharedNeo4j shared) : GraphQueriesContract, IAsyncDisposable
{
    private Neo4jStore? _store;

    protected override async Task<IGraphQueries> OpenAsync(GraphExport export)
    {
        var server = await shared.EmptyAsync();
        await ExportLoad.RunAsync(server, export, Cancel);
        _store = await Neo4jStore.OpenAsync(new Neo4jOptions(server.Uri), Cancel);
        return _store.Queries;
    }

    [Fact]
    public async Task Stubs_and_nodes_without_keys_are_in_no_answer()
    {
        var q = await OpenAsync(Small);
        var server = await shared.RunningAsync();
        // A drama without title, one without id, a person without name, one without id, a nameless genre, a viewer without id.
        await server.RowsAsync(
            """
            MATCH (a:Drama {id: 'a'}), (b:Drama {id: 'b'}), (v:User {id: 'v'})
            CREATE (v)-[:WATCHED {progress: 1, firstAt: 0, lastAt: 0, times: 1}]->(:Drama {id: 'stub'})-[:FOLLOWS]->(a),
              (v)-[:WATCHED {progress: 1, firstAt: 0, lastAt: 0, times: 1}]->(:Drama {title: 'No id'})-[:FOLLOWS]->(a),
              (a)<-[:ACTED_IN]-(:Person {id: 'stub'})-[:ACTED_IN]->(b), (a)<-[:ACTED_IN]-(:Person {name: 'No id'})-[:ACTED_IN]->(b),
              (a)-[:HAS_GENRE]->(:Genre)<-[:HAS_GENRE]-(b),
              (a)<-[:WATCHED {progress: 1, firstAt: 0, lastAt: 0, times: 1}]-(:User)-[:WATCHED {progress: 1, firstAt: 0, lastAt: 0, times: 1}]->(b)
            """, cancel: Cancel);

        Assert.Equal([("b", 1)], (await q.CoWatchedAsync("a", 1, 9, Cancel)).Select(d => (d.DramaId, d.Count)));
        Assert.Empty(await q.CoWatchedAsync("stub", 1, 9, Cancel));
        Assert.Equal([new ScoredDrama("b", .5)], await q.WalkedToAsync(["a"], 9, Cancel));
        Assert.Equal([("b", "gong")], (await q.SharingPeopleAsync("a", 9, Cancel)).Select(d => (d.DramaId, string.Join(' ', d.PersonIds))));
        Assert.Empty(await q.SharingPeopleAsync("stub", 9, Cancel));
        Assert.Equal(
            [("a", 1.0), ("b", 1.0)],
            (await q.TrendingAsync(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, TimeSpan.FromDays(1), 9, Cancel)).Select(d => (d.DramaId, d.Score)));
        Assert.Equal(["a", "b/gong/a"], (await q.PathsAsync("v", "a", 4, 9, Cancel)).Select(p => string.Join('/', p.Nodes.Skip(1).Select(n => n.Node.Id))));
        Assert.Empty(await q.PathsAsync("v", "stub", 4, 9, Cancel));
        // What the viewer did is known of the stub all the same, as in the embedded store.
        Assert.Equal(["a", "b", "stub"], (await q.HistoryAsync("v", Cancel)).Select(e => e.Target.Id));
    }

    [Fact]
    public async Task What_a_person_asks_for_is_never_run_as_cypher()
    {
        var q = await OpenAsync(Small);
        const string Evil = "a'}) DETACH DELETE (n) //\\\"`$x";
        Assert.Empty(await q.CoWatchedAsync(Evil, 1, 9, Cancel));
        Assert.Empty(await q.WalkedToAsync([Evil], 9, Cancel));
        Assert.Empty(await q.SharingPeopleAsync(Evil, 9, Cancel));
        Assert.Empty(await q.HistoryAsync(Evil, Cancel));
        Assert.Empty(await q.PathsAsync(Evil, Evil, 4, 9, Cancel));
        Assert.Equal(2, (await q.HistoryAsync("v", Cancel)).Count);
    }

    public ValueTask DisposeAsync() => _store?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static GraphExport Small => new(
        new GraphVersion(1, 1), [new Drama { Id = "a", Title = "A" }, new Drama { Id = "b", Title = "B" }], [new Person("gong", "Gong")],
        [new("a", "gong", CreditRole.Actor, 1), new("b", "gong", CreditRole.Actor, 1)],
        [.. new[] { "a", "b" }.Select(d => new BehaviourEdge("v", EdgeType.Watched, NodeRef.Drama(d), 1, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, 1))]);
}
