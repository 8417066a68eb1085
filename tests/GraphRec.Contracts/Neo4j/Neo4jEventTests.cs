using GraphRec.Contracts.Ports;
using GraphRec.Core;
using Xunit;

namespace GraphRec.Contracts.Neo4j;

[Collection(SharedNeo4j.Tests)]
public sealed class Neo4jEventLogTests(SharedNeo4j shared) : EventLogContract(new Neo4jBackend(shared));

[Collection(SharedNeo4j.Tests)]
public sealed class Neo4jGraphWriterTests(SharedNeo4j shared) : GraphWriterContract(new Neo4jBackend(shared));

[Collection(SharedNeo4j.Tests)]
public sealed class Neo4jImpressionLogTests(SharedNeo4j shared) : ImpressionLogContract(new Neo4jBackend(shared));

[Collection(SharedNeo4j.Tests)]
public sealed class Neo4jGraphLoaderTests(SharedNeo4j shared) : GraphLoaderContract(new Neo4jBackend(shared));

/// <summary>What the Neo4j writer and logs promise beyond their ports: what people find in the database.</summary>
[Collection(SharedNeo4j.Tests)]
public sealed class Neo4jEventTests(SharedNeo4j shared) : IAsyncLifetime
{
    private readonly Neo4jBackend _backend = new(shared);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await _backend.OpenAsync();

    public async ValueTask DisposeAsync() => await _backend.DisposeAsync();

    [Fact]
    public async Task Every_event_that_is_applied_is_in_the_log_as_it_was_numbered_elsewhere()
    {
        var events = Examples.Logged(Examples.Mixed(50, seed: 8).Select((e, i) => i % 5 == 0
            ? e with { AttributionId = $"page-{i}", Context = new EventContext("tv", "KR") } : e));
        await _backend.Graph.ApplyAsync([.. events.Take(30)], Cancel);
        await _backend.Graph.ApplyAsync([.. events.Skip(20)], Cancel);
        Assert.Equal(events, await Examples.ListAsync(_backend.Events.ReadAsync(0, Cancel)));
        var next = Assert.Single(await _backend.Events.AppendAsync([events[7].Event, Examples.Watch("next")], Cancel));
        Assert.Equal((51, "next"), (next.Sequence, next.Event.Id));
    }

    [Theory]
    [InlineData(2, "e1", "event e1 comes as number 2, but the database has e1 as number 1")]
    [InlineData(1, "x", "event x comes as number 1, but the database has e1 as number 1")]
    [InlineData(3, "e2", "event e2 comes as number 3, but the database has e2 as number 2")]
    public async Task Events_of_another_log_are_refused_not_passed_over(long sequence, string id, string why)
    {
        await _backend.Graph.ApplyAsync(Examples.Logged([Examples.Watch("e1"), Examples.Watch("e2")]), Cancel);
        var refused = await Assert.ThrowsAsync<StorageException>(() => _backend.Graph.ApplyAsync([new LoggedEvent(sequence, Examples.Watch(id))], Cancel));
        Assert.False(refused.Retryable);
        Assert.Contains(why, refused.Message);
        Assert.Equal(2, await _backend.Graph.AppliedThroughAsync(Cancel));
        Assert.Equal(2, (await Examples.ListAsync(_backend.Events.ReadAsync(0, Cancel))).Count);
    }

    [Fact]
    public async Task Edges_have_the_properties_that_the_architecture_names_and_their_missing_targets_are_stubs()
    {
        ViewerEvent[] events =
        [
            Examples.Watch("e1", value: 0.25), Examples.Of(EventKind.Rate, "e2", NodeRef.Drama("d1"), 8, minutes: 1),
            Examples.Of(EventKind.Review, "e3", NodeRef.Drama("d1")), Examples.Of(EventKind.Skip, "e4", NodeRef.Drama("d2")),
            Examples.Of(EventKind.Mute, "e5", new NodeRef(NodeKind.Genre, "Horror")),
        ];
        await _backend.Graph.ApplyAsync(Examples.Logged(events), Cancel);
        var rows = await _backend.Server.RowsAsync("MATCH (:User {id: 'u1'})-[r]->(t) RETURN type(r), labels(t)[0], properties(t), properties(r)", cancel: Cancel);
        var start = Examples.Start.ToUnixTimeMilliseconds();
        Assert.Equal(
            [
                $$"""MUTED Genre {"name":"Horror"} {"firstAt":{{start}},"lastAt":{{start}},"times":1}""",
                $$"""RATED Drama {"id":"d1"} {"firstAt":{{start + 60_000}},"lastAt":{{start + 60_000}},"rating":8.0,"times":1}""",
                $$"""REVIEWED Drama {"id":"d1"} {"firstAt":{{start}},"lastAt":{{start}},"rating":0.0,"times":1}""",
                $$"""SKIPPED Drama {"id":"d2"} {"firstAt":{{start}},"lastAt":{{start}},"times":1}""",
                $$"""WATCHED Drama {"id":"d1"} {"firstAt":{{start}},"lastAt":{{start}},"progress":0.25,"times":1}""",
            ],
            rows.Select(r => $"{r[0]} {r[1]} {Sorted(r[2])} {Sorted(r[3])}").Order(StringComparer.Ordinal));

        static string Sorted(System.Text.Json.JsonElement properties) =>
            "{" + string.Join(',', properties.EnumerateObject().OrderBy(p => p.Name, StringComparer.Ordinal).Select(p => $"\"{p.Name}\":{p.Value.GetRawText()}")) + "}";
    }

    [Fact]
    public async Task An_edge_that_people_wrote_without_its_properties_is_folded_on()
    {
        await _backend.Server.RowsAsync("CREATE (:User {id: 'u1'})-[:WATCHED]->(:Drama {id: 'd1'}), (:User {id: 'u2'})-[:RATED {rating: '7', times: 'often', lastAt: 5}]->(:Drama {id: 'd2'})", cancel: Cancel);
        await _backend.Graph.ApplyAsync(Examples.Logged([Examples.Watch("e1", value: 0.5), Examples.Of(EventKind.Rate, "e2", NodeRef.Drama("d2"), 9, user: "u2")]), Cancel);
        Assert.Equal(
            [
                new BehaviourEdge("u1", EdgeType.Watched, NodeRef.Drama("d1"), 1, DateTimeOffset.UnixEpoch, Examples.Start, 2),
                new BehaviourEdge("u2", EdgeType.Rated, NodeRef.Drama("d2"), 9, DateTimeOffset.FromUnixTimeMilliseconds(5), Examples.Start, 2),
            ],
            (await _backend.Export.ReadAsync(Cancel)).Behaviour);
    }

    [Fact]
    public async Task What_was_shown_is_joined_to_the_dramas_that_there_are_with_the_edge_type_it_came_over()
    {
        await _backend.Server.RowsAsync("CREATE (:Drama {id: 'd1'}), (:Drama {id: 'd2'})", cancel: Cancel);
        await _backend.Impressions.AppendAsync([new PageImpression("page-1", "u1", Examples.Start, "c1.e2", "m",
        [
            new Impression("d1", "top", 0, 0.5f, 1, []) { Via = EdgeType.ActedIn },
            new Impression("gone", "top", 1, 0.4f, 1, []) { Via = EdgeType.HasGenre },
            new Impression("d2", "new", 0, float.NaN, 1, []),
        ])], Cancel);
        var rows = await _backend.Server.RowsAsync(
            "MATCH (p:Page {id: 'page-1'})-[s:SHOWED]->(d) RETURN d.id, p.id + '-' + s.item, s.row, s.position, s.score, s.via, p.userId, p.graphVersion ORDER BY s.item", cancel: Cancel);
        Assert.Equal(["d1 page-1-0 top 0 0.5 ACTED_IN u1 c1.e2", "d2 page-1-2 new 0   u1 c1.e2"], rows.Select(r => string.Join(' ', r)));
        // The blob is whole: also what is not in the graph.
        Assert.Equal([EdgeType.ActedIn, EdgeType.HasGenre, null], (await _backend.Impressions.FindAsync("page-1", Cancel))!.Items.Select(i => i.Via));
    }
}
