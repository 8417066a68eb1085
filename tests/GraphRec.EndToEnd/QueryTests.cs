using System.Text.Json;

namespace GraphRec.EndToEnd;

/// <summary>What queries answer, over the real catalogue with simulated viewers.</summary>
public sealed class QueryTests(CatalogueServer catalogue) : IClassFixture<CatalogueServer>
{
    private Server Server => catalogue.Server;

    [Theory]
    [InlineData("simulated-0001")]
    [InlineData("simulated-0123")]
    [InlineData("nobody knows me")]
    public async Task Home_answers_rows_with_reasons_and_ledgers(string userId)
    {
        var home = (await Server.DataAsync(Queries.FullHome, new { userId, rows = 8, items = 12 })).GetProperty("home");
        Assert.Equal(userId, home.GetProperty("userId").GetString());
        var rows = home.GetProperty("rows").EnumerateArray().ToList();
        Assert.InRange(rows.Count, 1, 8);
        var shown = new HashSet<string>();
        foreach (var item in rows.SelectMany(r => r.GetProperty("items").EnumerateArray()))
        {
            Assert.True(shown.Add(item.GetProperty("drama").GetProperty("id").GetString()!));
            Assert.False(string.IsNullOrWhiteSpace(item.GetProperty("reason").GetProperty("text").GetString()));
            var sum = item.GetProperty("ledger").EnumerateArray().Sum(c => c.GetProperty("value").GetDouble());
            Assert.Equal(item.GetProperty("score").GetDouble(), sum, 1e-6);
            Assert.InRange(item.GetProperty("matchPercent").GetInt32(), 0, 100);
            foreach (var path in item.GetProperty("reason").GetProperty("paths").EnumerateArray()) AssertJoined(path);
        }
        Assert.All(rows, r => Assert.InRange(r.GetProperty("items").GetArrayLength(), 1, 12));
    }

    [Fact]
    public async Task Rows_and_items_are_as_many_as_asked_for()
    {
        var home = (await Server.DataAsync(Queries.FullHome, new { userId = "simulated-0002", rows = 3, items = 4 })).GetProperty("home");
        Assert.Equal(3, home.GetProperty("rows").GetArrayLength());
        Assert.All(home.GetProperty("rows").EnumerateArray(), r => Assert.InRange(r.GetProperty("items").GetArrayLength(), 1, 4));
    }

    [Fact]
    public async Task Recommendations_page_through_the_list_without_gap_or_repeat()
    {
        const string query = """
            query($after: String, $first: Int) { recommendations(userId: "simulated-0003", first: $first, after: $after) {
              edges { cursor node { drama { id } } } nodes { drama { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }
            """;
        var whole = Ids((await Server.DataAsync(query, new { first = 30 })).GetProperty("recommendations"));
        var paged = new List<string>();
        string? after = null;
        for (var page = 0; page < 3; page++)
        {
            var slice = (await Server.DataAsync(query, new { first = 10, after })).GetProperty("recommendations");
            var edges = slice.GetProperty("edges").EnumerateArray().ToList();
            var info = slice.GetProperty("pageInfo");
            Assert.Equal(page > 0, info.GetProperty("hasPreviousPage").GetBoolean());
            Assert.Equal(edges[0].GetProperty("cursor").GetString(), info.GetProperty("startCursor").GetString());
            Assert.Equal(edges[^1].GetProperty("cursor").GetString(), info.GetProperty("endCursor").GetString());
            Assert.Equal(edges.Count, slice.GetProperty("nodes").GetArrayLength());
            paged.AddRange(Ids(slice));
            after = info.GetProperty("endCursor").GetString();
        }
        Assert.Equal(30, whole.Distinct().Count());
        Assert.Equal(whole, paged);
    }

    [Fact]
    public async Task Recommendations_leave_out_and_filter()
    {
        const string query = """
            query($exclude: [ID!], $filter: DramaFilter) { recommendations(userId: "simulated-0003", first: 20, exclude: $exclude, filter: $filter) {
              edges { node { drama { id country year } } } } }
            """;
        var all = Ids((await Server.DataAsync(query)).GetProperty("recommendations"));
        var rest = Ids((await Server.DataAsync(query, new { exclude = all.Take(5) })).GetProperty("recommendations"));
        Assert.Empty(rest.Intersect(all.Take(5)));
        var filter = new { countries = new[] { "jp" }, yearFrom = 2010, yearTo = 2015 };
        var filtered = (await Server.DataAsync(query, new { filter })).GetProperty("recommendations").GetProperty("edges").EnumerateArray().ToList();
        Assert.NotEmpty(filtered);
        Assert.All(filtered, e =>
        {
            var drama = e.GetProperty("node").GetProperty("drama");
            Assert.Equal("JP", drama.GetProperty("country").GetString());
            Assert.InRange(drama.GetProperty("year").GetInt32(), 2010, 2015);
        });
    }

    [Fact]
    public async Task Similar_dramas_and_explanations_answer()
    {
        var top = Ids((await Server.DataAsync("""{ recommendations(userId: "simulated-0003", first: 1) { edges { node { drama { id } } } } }""")).GetProperty("recommendations"))[0];
        var explanation = (await Server.DataAsync(
            $$"""query($id: ID!) { explain(userId: "simulated-0003", dramaId: $id) { drama { id } recommended rank score reasons { {{Queries.Reason}} } ledger { source value } whyNot } }""",
            new { id = top })).GetProperty("explain");
        Assert.True(explanation.GetProperty("recommended").GetBoolean());
        Assert.Equal(1, explanation.GetProperty("rank").GetInt32());
        Assert.NotEqual(0, explanation.GetProperty("reasons").GetArrayLength());
        Assert.Equal(explanation.GetProperty("score").GetDouble(), explanation.GetProperty("ledger").EnumerateArray().Sum(c => c.GetProperty("value").GetDouble()), 1e-6);
        var similar = (await Server.DataAsync("query($id: ID!) { similarDramas(dramaId: $id, first: 5) { drama { id } reason { text } } }", new { id = top })).GetProperty("similarDramas");
        Assert.InRange(similar.GetArrayLength(), 1, 5);
        Assert.DoesNotContain(similar.EnumerateArray(), s => s.GetProperty("drama").GetProperty("id").GetString() == top);
    }

    [Fact]
    public async Task The_catalogue_can_be_walked()
    {
        var drama = (await Server.DataAsync("""
            { drama(id: "goblin-2016") { title cast(first: 3) { character billing person { id name } } directors { name } writers { name }
              genres { name dramaCount dramas(first: 2) { id } } } }
            """)).GetProperty("drama");
        Assert.Equal("Goblin", drama.GetProperty("title").GetString());
        Assert.Equal(3, drama.GetProperty("cast").GetArrayLength());
        Assert.Equal("Gong Yoo", drama.GetProperty("cast")[0].GetProperty("person").GetProperty("name").GetString());
        var genre = drama.GetProperty("genres")[0];
        Assert.True(genre.GetProperty("dramaCount").GetInt32() >= genre.GetProperty("dramas").GetArrayLength());
        var person = (await Server.DataAsync("query($id: ID!) { person(id: $id) { name dramas(first: 50) { id year } credits(first: 50) { role drama { id } character } } }",
            new { id = drama.GetProperty("cast")[0].GetProperty("person").GetProperty("id").GetString() })).GetProperty("person");
        Assert.Contains(person.GetProperty("dramas").EnumerateArray(), d => d.GetProperty("id").GetString() == "goblin-2016");
        Assert.Contains(person.GetProperty("credits").EnumerateArray(), c => c.GetProperty("role").GetString() == "ACTOR" && c.GetProperty("drama").GetProperty("id").GetString() == "goblin-2016");
        var years = person.GetProperty("dramas").EnumerateArray().Where(d => d.GetProperty("year").ValueKind == JsonValueKind.Number).Select(d => d.GetProperty("year").GetInt32()).ToList();
        Assert.Equal(years.OrderDescending(), years);
    }

    [Fact]
    public async Task Seasons_lead_both_ways()
    {
        var later = Server.Graph.State.Snapshot.Dramas.ToArray().First(d => d.Follows is { } f && Server.Graph.State.Snapshot.FindDrama(f) is not null);
        var drama = (await Server.DataAsync("query($id: ID!) { drama(id: $id) { follows { id nextSeason { follows { id } } } } }", new { id = later.Id })).GetProperty("drama");
        Assert.Equal(later.Follows, drama.GetProperty("follows").GetProperty("id").GetString());
        Assert.Equal(later.Follows, drama.GetProperty("follows").GetProperty("nextSeason").GetProperty("follows").GetProperty("id").GetString());
    }

    [Fact]
    public async Task Viewers_say_that_they_are_simulated()
    {
        const string query = "query($id: ID!) { user(id: $id) { id known simulated history(first: 5) { type value firstAt lastAt times target { id kind label } drama { title } } } home(userId: $id, rows: 1) { simulated } }";
        var known = await Server.DataAsync(query, new { id = "simulated-0001" });
        Assert.True(known.GetProperty("user").GetProperty("known").GetBoolean());
        Assert.True(known.GetProperty("user").GetProperty("simulated").GetBoolean());
        Assert.True(known.GetProperty("home").GetProperty("simulated").GetBoolean());
        var history = known.GetProperty("user").GetProperty("history").EnumerateArray().ToList();
        Assert.NotEmpty(history);
        var times = history.Select(h => h.GetProperty("lastAt").GetString()!).ToList();
        Assert.Equal(times.OrderByDescending(t => t, StringComparer.Ordinal), times);
        Assert.All(times, t => Assert.EndsWith("Z", t));
        var unknown = (await Server.DataAsync(query, new { id = "me" })).GetProperty("user");
        Assert.False(unknown.GetProperty("known").GetBoolean() || unknown.GetProperty("simulated").GetBoolean());
    }

    [Fact]
    public async Task The_graph_counts_itself()
    {
        var graph = (await Server.DataAsync("{ graph { backend version nodes { kind count } edges { type count } snapshotEvents overlayEvents } }")).GetProperty("graph");
        var snapshot = Server.Graph.State.Snapshot;
        Assert.Equal("embedded", graph.GetProperty("backend").GetString());
        Assert.Equal(snapshot.Dramas.Length, graph.GetProperty("nodes").EnumerateArray().Single(n => n.GetProperty("kind").GetString() == "DRAMA").GetProperty("count").GetInt32());
        Assert.Equal(snapshot.Graph.EdgeCount, graph.GetProperty("edges").EnumerateArray().Sum(e => e.GetProperty("count").GetInt64()));
        Assert.Equal(snapshot.Version.AppliedThrough, graph.GetProperty("snapshotEvents").GetInt64());
    }

    private static List<string> Ids(JsonElement connection) =>
        [.. connection.GetProperty("edges").EnumerateArray().Select(e => e.GetProperty("node").GetProperty("drama").GetProperty("id").GetString()!)];

    private static void AssertJoined(JsonElement path)
    {
        var (nodes, edges) = (path.GetProperty("nodes"), path.GetProperty("edges"));
        Assert.Equal(nodes.GetArrayLength() - 1, edges.GetArrayLength());
        for (var i = 0; i < edges.GetArrayLength(); i++)
        {
            string[] ends = [edges[i].GetProperty("from").GetString()!, edges[i].GetProperty("to").GetString()!];
            string[] between = [nodes[i].GetProperty("id").GetString()!, nodes[i + 1].GetProperty("id").GetString()!];
            Assert.Equal(between.Order(), ends.Order());
        }
    }
}
