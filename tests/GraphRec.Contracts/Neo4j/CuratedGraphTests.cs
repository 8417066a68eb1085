using GraphRec.Core;
using GraphRec.Graph;
using GraphRec.Storage.Neo4j;
using Xunit;

namespace GraphRec.Contracts.Neo4j;

/// <summary>Whatever people put into the graph, it is read; and what is wrong with it is told.</summary>
[Collection(SharedNeo4j.Tests)]
public sealed class CuratedGraphTests(SharedNeo4j shared) : IAsyncLifetime
{
    private readonly Neo4jBackend _backend = new(shared);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await _backend.OpenAsync();

    public ValueTask DisposeAsync() => _backend.DisposeAsync();

    public static TheoryData<string, string, string> Mistakes => new()
    {
        { "CREATE (:Drama {title: 'Nameless'})", "node without key", """Drama {"title":"Nameless"}""" },
        { "CREATE (:Drama {id: 7, title: 'Seven'})", "node without key", """Drama {"id":7,"title":"Seven"}""" },
        { "CREATE (:Drama {id: '', title: 'Empty'})", "node without key", """Drama {"id":"","title":"Empty"}""" },
        { "CREATE (:Drama)", "node without key", "Drama {}" },
        { "CREATE (:Person {name: 'Somebody'})", "node without key", """Person {"name":"Somebody"}""" },
        { "MATCH (d:Drama {id: 'a'}) CREATE (d)-[:HAS_GENRE]->(:Genre)", "node without key", "(a)-[HAS_GENRE]->(Genre)" },
        { "MATCH (d:Drama {id: 'a'}) CREATE (:User)-[:WATCHED]->(d)", "node without key", "(User)-[WATCHED]->(a)" },
        { "CREATE (:Drama {id: 'later'})", "stub", "Drama later" },
        { "CREATE (:Drama {id: 'later', title: ['a', 'list']})", "stub", "Drama later" },
        { "CREATE (:Person {id: 'later', name: [1]})", "stub", "Person later" },
        { "MATCH (d:Drama {id: 'a'}) SET d.year = 'last year'", "property of a wrong type", "a" },
        { "MATCH (d:Drama {id: 'a'}) SET d.year = 1e300", "property of a wrong type", "a" },
        { "MATCH (d:Drama {id: 'a'}) SET d.title = 1987", "property of a wrong type", "a" },
        { "MATCH (d:Drama {id: 'a'}) SET d.aliases = 'only one'", "property of a wrong type", "a" },
        { "MATCH (d:Drama {id: 'a'}) SET d.regions = [1, 2]", "property of a wrong type", "a" },
        { "MATCH (d:Drama {id: 'a'}) SET d.airedFrom = '2016-13-40'", "property of a wrong type", "a" },
        { "MATCH (d:Drama {id: 'a'}) SET d.priority = 17", "property of a wrong type", "a" },
        { "MATCH (:Person)-[r:ACTED_IN]->() SET r.order = 'first'", "property of a wrong type", "(p)-[ACTED_IN]->(a)" },
        { "MATCH (p:Person {id: 'p'}), (d:Drama {id: 'a'}) CREATE (p)-[:ACTED_IN {order: 9}]->(d)", "parallel edges", "(p)-[ACTED_IN]->(a)" },
        { "MATCH (d:Drama {id: 'a'})-[:HAS_GENRE]->(g) CREATE (d)-[:HAS_GENRE {order: 5}]->(g)", "parallel edges", "(a)-[HAS_GENRE]->(Romance)" },
        { "MATCH (a:Drama {id: 'a'}), (b:Drama {id: 'b'}) CREATE (b)-[:FOLLOWS]->(a), (b)-[:FOLLOWS]->(b)", "two dramas followed", "(b)-[FOLLOWS]->(b)" },
        { "MATCH (p:Person {id: 'p'}), (g:Genre) CREATE (p)-[:ACTED_IN]->(g)", "misplaced edge", "(:Person:Actor p)-[ACTED_IN]->(:Genre Romance)" },
        { "CREATE (:Person {id: 'lost', name: 'Lost'})-[:DIRECTED]->()", "misplaced edge", "(:Person lost)-[DIRECTED]->(without key)" },
        { "MATCH (d:Drama {id: 'a'}), (p:Person) CREATE (d)-[:FOLLOWS]->(p)", "misplaced edge", "(:Drama a)-[FOLLOWS]->(:Person:Actor p)" },
        { "MATCH (u:User), (n:Network) CREATE (u)-[:MUTED]->(n)", "misplaced edge", "(:User u1)-[MUTED]->(:Network tvN)" },
        { "CREATE (:Darma {id: 'a'})", "unknown label", "Darma" },
        { "MATCH (p:Person {id: 'p'}), (d:Drama {id: 'a'}) CREATE (p)-[:ACTS_IN]->(d)", "unknown relationship type", "ACTS_IN" },
        { "MATCH (:User)-[r:WATCHED]->() SET r.progress = 'half', r.lastAt = 'yesterday'", "property of a wrong type", "(u1)-[WATCHED]->(a)" },
        { "MATCH (u:User), (d:Drama {id: 'a'}) CREATE (u)-[:WATCHED {progress: 0.1, lastAt: 1}]->(d)", "parallel edges", "(u1)-[WATCHED]->(a)" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public async Task A_mistake_is_told_and_the_rest_is_read(string cypher, string kind, string subject)
    {
        await FillAsync();
        Assert.Empty((await _backend.Export.ReadAsync(Cancel)).Issues);
        await _backend.Server.RowsAsync(cypher, cancel: Cancel);
        var graph = await _backend.Export.ReadAsync(Cancel);
        Assert.Contains(graph.Issues, issue => issue.Kind == kind && issue.Subject == subject);
        Assert.Equal(["a", "b"], graph.Dramas.Select(d => d.Id).Where(id => id != "later"));
        Assert.Contains(graph.Credits, c => c is { DramaId: "a", PersonId: "p", Role: CreditRole.Actor });
        Assert.Equal(("u1", "a"), (Assert.Single(graph.Behaviour).UserId, graph.Behaviour[0].Target.Id));
        // Serving takes it, and the same write as before still goes through.
        Assert.Equal(2, new GraphSnapshot(graph).Dramas.Length);
        await _backend.Catalog.UpsertAsync(Catalogue, Cancel);
    }

    [Fact]
    public async Task Reading_the_whole_graph_commits_nothing()
    {
        await _backend.Catalog.UpsertAsync(new CatalogBatch([Examples.Plain("a")], [], []), Cancel);
        async Task<long> CommitsAsync() => (await _backend.Server.RowsAsync("MATCH (g:GraphState) RETURN g.commits", cancel: Cancel))[0][0].GetInt64();
        var before = await CommitsAsync();
        Assert.Single((await _backend.Export.ReadAsync(Cancel)).Dramas);
        Assert.Equal(before, await CommitsAsync());
    }

    [Fact]
    public async Task What_was_dropped_of_the_schema_is_applied_again()
    {
        async Task<int> IndexesAsync() => (await _backend.Server.RowsAsync("CALL db.indexes()", cancel: Cancel)).Count;
        var before = await IndexesAsync();
        await _backend.Server.RowsAsync("DROP INDEX ON :Drama(title)", cancel: Cancel);
        Assert.Equal(before - 1, await IndexesAsync());
        await Neo4jSchemaState.ApplyAsync(new Neo4jOptions(_backend.Server.Uri), Cancel);
        Assert.Equal(before, await IndexesAsync());
    }

    [Fact]
    public async Task What_can_be_read_of_a_wrong_type_is_read_and_the_first_of_parallel_edges_counts()
    {
        await FillAsync();
        await _backend.Server.RowsAsync("MATCH (d:Drama {id: 'a'}) SET d.title = 1987, d.year = '1987', d.aliases = 'One', d.priority = 17", cancel: Cancel);
        await _backend.Server.RowsAsync(
            "MATCH (p:Person {id: 'p'}), (d:Drama {id: 'a'}) CREATE (p)-[:ACTED_IN {order: 9, character: 'Z'}]->(d), (p)-[:ACTED_IN {order: 0, character: 'First'}]->(d)", cancel: Cancel);
        var graph = await _backend.Export.ReadAsync(Cancel);
        Assert.Equal(("1987", 1987, "One", 1), (graph.Dramas[0].Title, graph.Dramas[0].Year, Assert.Single(graph.Dramas[0].Aliases), graph.Dramas[0].Priority));
        Assert.Equal(new Credit("a", "p", CreditRole.Actor, 0, "First"), Assert.Single(graph.Credits));
    }

    [Fact]
    public async Task Lists_go_by_order_and_then_by_name_and_a_mute_needs_no_properties()
    {
        await FillAsync();
        await _backend.Server.RowsAsync("MATCH (d:Drama {id: 'a'}) CREATE (d)-[:HAS_GENRE]->(:Genre {name: 'Zombie'}), (d)-[:HAS_GENRE]->(:Genre {name: 'Action'})", cancel: Cancel);
        await _backend.Server.RowsAsync("MATCH (u:User {id: 'u1'}), (g:Genre {name: 'Zombie'}) CREATE (u)-[:MUTED]->(g)", cancel: Cancel);
        var graph = await _backend.Export.ReadAsync(Cancel);
        Assert.Equal(["Romance", "Action", "Zombie"], graph.Dramas[0].Genres);
        Assert.Equal(new NodeRef(NodeKind.Genre, "Zombie"), Assert.Single(graph.Behaviour, b => b.Type == EdgeType.Muted).Target);
        Assert.Empty(graph.Issues);
    }

    [Fact]
    public async Task A_stub_becomes_real_when_its_facts_come()
    {
        await _backend.Catalog.UpsertAsync(new CatalogBatch([], [], [new Credit("d", "p", CreditRole.Actor, 1)]), Cancel);
        Assert.Null(await _backend.Catalog.FindDramaAsync("d", Cancel));
        Assert.Equal(["Drama d", "Person p"], (await _backend.Export.ReadAsync(Cancel)).Issues.Where(i => i.Kind == "stub").Select(i => i.Subject));
        Assert.Equal(2, await _backend.Catalog.UpsertAsync(new CatalogBatch([Examples.Plain("d")], [new Person("p", "P")], []), Cancel));
        var graph = await _backend.Export.ReadAsync(Cancel);
        Assert.Empty(graph.Issues);
        Assert.Equal(("d", "p"), (Assert.Single(graph.Credits).DramaId, Assert.Single(graph.People).Id));
    }

    [Fact]
    public async Task Of_a_thousand_mistakes_of_one_kind_a_hundred_are_told_one_by_one()
    {
        await _backend.Server.RowsAsync("UNWIND range(1, 1000) AS i CREATE (:Drama {title: 'Copy'})", cancel: Cancel);
        var issues = (await _backend.Export.ReadAsync(Cancel)).Issues;
        Assert.Equal(101, issues.Count);
        Assert.Equal("900 more", issues[^1].Subject);
    }

    private static CatalogBatch Catalogue { get; } = new(
        [Examples.Plain("a") with { Genres = ["Romance"], Networks = ["tvN"] }, Examples.Plain("b")], [new Person("p", "P")], [new Credit("a", "p", CreditRole.Actor, 1)]);

    private async Task FillAsync()
    {
        await _backend.Catalog.UpsertAsync(Catalogue, Cancel);
        await _backend.Graph.ApplyAsync(Examples.Logged([Examples.Watch("e1", drama: "a")]), Cancel);
    }
}
