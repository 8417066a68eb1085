using System.Text.Json;
using GraphRec.Storage.Neo4j;
using Xunit;

namespace GraphRec.Contracts.Neo4j.Explore;

/// <summary>
/// A small graph on the real server, and what a query of <c>cypher/explore</c> must say of it. Viewers are v1, v2, …;
/// "1, 5" as the last arguments means the viewers v1 to v5.
/// </summary>
internal sealed class ExploreGraph(Neo4jServer server)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>The graph with GraphRec's constraints and indexes, and with what the statement creates.</summary>
    public static async Task<ExploreGraph> WithAsync(SharedNeo4j shared, string create)
    {
        var graph = new ExploreGraph(await shared.EmptyAsync());
        await using (await Neo4jStore.OpenAsync(new Neo4jOptions(graph.Server.Uri), Cancel)) { }
        await graph.Server.RowsAsync(create, cancel: Cancel);
        return graph;
    }

    private Neo4jServer Server => server;

    public Task WatchedAsync(string drama, double progress, int from, int to) => BehaveAsync("WATCHED", drama, new { progress, firstAt = 0L, lastAt = 0L, times = 1 }, from, to);

    public Task WatchedAsync(string drama, double progress, long firstAt, long lastAt, int times, int from, int to) =>
        BehaveAsync("WATCHED", drama, new { progress, firstAt, lastAt, times }, from, to);

    public Task RatedAsync(string drama, double rating, int from, int to) => BehaveAsync("RATED", drama, new { rating, firstAt = 0L, lastAt = 0L, times = 1 }, from, to);

    /// <summary>The query's rows, in its order: texts, numbers (to 1e-9), null, and lists of them.</summary>
    public async Task ExpectAsync(string query, object parameters, params object?[][] rows)
    {
        var found = await server.RowsAsync(ExploreFile.Named(query).Text, parameters, Cancel);
        Assert.All(found, row => Assert.Equal(ExploreFile.Named(query).Columns.Count, row.Count));
        Assert.Equal(rows.Select(row => Shown(JsonSerializer.SerializeToElement(row))), found.Select(row => Shown(JsonSerializer.SerializeToElement(row))));
    }

    // The type cannot be a parameter in Cypher 3.1; these are the tests' own three.
    private Task BehaveAsync(string type, string drama, object properties, int from, int to) => server.RowsAsync(
        $$"""
        MATCH (d:Drama {id: $drama})
        UNWIND range($from, $to) AS v
        MERGE (u:User {id: 'v' + v})
        CREATE (u)-[r:{{type}}]->(d)
        SET r = $properties
        """,
        new { drama, properties, from, to }, Cancel);

    private static string Shown(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => $"[{string.Join(", ", value.EnumerateArray().Select(Shown))}]",
        JsonValueKind.Number => value.GetDouble().ToString("0.#########", System.Globalization.CultureInfo.InvariantCulture),
        _ => value.GetRawText(),
    };
}
