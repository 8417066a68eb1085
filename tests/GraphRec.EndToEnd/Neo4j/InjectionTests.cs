using System.Text.Json;
using GraphRec.Contracts.Neo4j;
using GraphRec.EndToEnd.Cli;
using static GraphRec.EndToEnd.Neo4j.ServingNeo4j;

namespace GraphRec.EndToEnd.Neo4j;

/// <summary>
/// Whatever text comes in, through any argument of the GraphQL schema or any field of an imported file, is a value in
/// Neo4j and nothing else.
/// </summary>
[Collection(SharedNeo4j.Tests)]
public sealed class InjectionTests(SharedNeo4j shared) : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Data => _folder.Sub("data");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Through_every_text_argument_of_the_GraphQL_schema()
    {
        var neo4j = await EmptyAsync(shared);
        await ImportTinyAsync(neo4j, Data);
        using var serving = await ServeAsync(neo4j, Data);
        var before = await CatalogueAsync(neo4j);
        var places = await TextArguments.OfAsync(serving);
        // Not a list to keep up: what the schema says. These are among them, or the walk is broken.
        Assert.Superset(
            new HashSet<string> { "home.userId", "home.context.region", "recommendations.after", "recommendations.filter.genres", "recommendations.exclude", "explain.dramaId", "recordEvents.events.userId", "recordEvents.events.id", "recordEvents.events.context.device" },
            places.Select(p => p.Name).ToHashSet());
        foreach (var place in places)
        {
            foreach (var text in Injections.Texts)
            {
                using var response = await serving.Client.PostAsync("/graphql", place.Request(text), Cancel);
                var answer = await response.Content.ReadAsStringAsync(Cancel);
                Assert.DoesNotContain("INTERNAL_SERVER_ERROR", answer, StringComparison.Ordinal);
            }
        }
        await UntilAsync("all is delivered", async () => await MetricAsync(serving, "graphrec_delivery_waiting") == 0);
        await serving.StopAsync();
        Assert.Equal(before, await CatalogueAsync(neo4j));
        // What was recorded is there word for word, and nothing else is.
        var recorded = Stored.Rows(Data, "SELECT id, user_id, target_id, attribution_id, device FROM event").Select(r => string.Join('\u001f', r)).ToHashSet();
        Assert.True(recorded.Count > Injections.Texts.Length, $"{recorded.Count} events");
        var there = await neo4j.RowsAsync("MATCH (e:Event) RETURN e.id, e.userId, e.targetId, e.attributionId, e.device", cancel: Cancel);
        Assert.Equal(recorded, there.Select(row => string.Join('\u001f', row.Select(v => v.ValueKind == JsonValueKind.Null ? null : v.GetString()))).ToHashSet());
        Assert.Equal(
            Stored.Rows(Data, "SELECT DISTINCT user_id FROM event WHERE kind <> 'IMPRESSION'").Select(r => r[0]).Order(StringComparer.Ordinal),
            (await neo4j.RowsAsync("MATCH (u:User) RETURN u.id", cancel: Cancel)).Select(row => row[0].GetString()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Through_every_text_field_of_imported_files()
    {
        var neo4j = await EmptyAsync(shared);
        await ImportTinyAsync(neo4j, Data);
        var before = await CatalogueAsync(neo4j);
        var own = _folder.Sub("own");
        Assert.Equal(0, (await GraphRecProgram.RunAsync("import", Tiny, "--data", own)).Exit);
        foreach (var folder in new[] { WriteCatalogue(), WriteMovieLens() })
        {
            // Bad lines (a name without letters is no id) are left out, in both stores the same.
            var (there, here) = (await GraphRecProgram.RunAsync("import", folder, "--data", Data, "--graph", neo4j.Uri.ToString()), await GraphRecProgram.RunAsync("import", folder, "--data", own));
            Assert.Equal((here.Exit, here.Out), (there.Exit, there.Out));
        }
        var labels = (await neo4j.RowsAsync("MATCH (n) UNWIND labels(n) AS l RETURN DISTINCT l", cancel: Cancel)).Select(row => row[0].GetString()!).Order(StringComparer.Ordinal);
        Assert.Equal(["Actor", "Director", "Drama", "Event", "Genre", "GraphState", "Network", "Person", "Tag", "User", "Writer"], labels);
        // Nothing that was there is gone or changed, and what came is word for word what SQLite keeps of the same files.
        Assert.Subset((await CatalogueAsync(neo4j)).ToHashSet(), before.ToHashSet());
        foreach (var (cypher, sql) in new[]
        {
            ("MATCH (d:Drama) WHERE d.title IS NOT NULL RETURN d.id + '|' + d.title + '|' + coalesce(d.nativeTitle, '')", "SELECT id || '|' || title || '|' || coalesce(native_title, '') FROM drama"),
            ("MATCH (p:Person) RETURN p.id + '|' + p.name", "SELECT id || '|' || name FROM person"),
            ("MATCH (d:Drama)-[:HAS_GENRE]->(g:Genre) RETURN d.id + '|' + g.name", "SELECT drama_id || '|' || genre FROM drama_genre"),
            ("MATCH (d:Drama)-[:TAGGED]->(t:Tag) RETURN d.id + '|' + t.name", "SELECT drama_id || '|' || tag FROM drama_tag"),
            ("MATCH (d:Drama)-[:AIRED_ON]->(n:Network) RETURN d.id + '|' + n.name", "SELECT drama_id || '|' || network FROM drama_network"),
            ("MATCH (p:Person)-[r:ACTED_IN]->(d:Drama) RETURN p.id + '|' + d.id + '|' + coalesce(r.character, '')", "SELECT person_id || '|' || drama_id || '|' || coalesce(character, '') FROM credit WHERE role = 'actor'"),
            ("MATCH (e:Event) RETURN e.id + '|' + e.userId + '|' + coalesce(e.device, '') + '|' + coalesce(e.attributionId, '')", "SELECT id || '|' || user_id || '|' || coalesce(device, '') || '|' || coalesce(attribution_id, '') FROM event"),
        })
        {
            var stored = Stored.Rows(own, sql).Select(r => r[0]).Order(StringComparer.Ordinal).ToList();
            Assert.True(stored.Count > 5, cypher);
            Assert.Equal(stored, (await neo4j.RowsAsync(cypher, cancel: Cancel)).Select(row => row[0].GetString()).Order(StringComparer.Ordinal));
        }
    }

    /// <summary>Everything of the catalogue: nodes and relationships with all they carry, as texts in order.</summary>
    private static async Task<List<string>> CatalogueAsync(Neo4jServer neo4j)
    {
        var rows = new List<string>();
        foreach (var cypher in new[]
        {
            "MATCH (n) WHERE NOT (n:Event OR n:User OR n:Page OR n:GraphState) RETURN labels(n), n",
            "MATCH (a)-[r]->(b) WHERE NOT (a:Event OR a:User OR a:Page) RETURN coalesce(a.id, a.name), type(r), r, coalesce(b.id, b.name)",
        })
        {
            // The order of properties is nobody's promise.
            foreach (var row in await neo4j.RowsAsync(cypher, cancel: Cancel)) rows.Add(string.Join(' ', row.Select(Ordered)));
        }
        rows.Sort(StringComparer.Ordinal);
        return rows;
    }

    private static string Ordered(JsonElement value) => value.ValueKind == JsonValueKind.Object
        ? string.Join(',', value.EnumerateObject().OrderBy(p => p.Name, StringComparer.Ordinal).Select(p => $"{p.Name}={p.Value.GetRawText()}"))
        : value.GetRawText();

    private string WriteCatalogue()
    {
        static string Line(object line) => JsonSerializer.Serialize(line);
        var texts = Injections.Texts;
        _folder.Write("catalogue/people.jsonl", [.. texts.Select(t => Line(new { id = $"p {t}", name = t, nativeName = t }))]);
        _folder.Write("catalogue/dramas.jsonl", [.. texts.Select(t => Line(new { id = $"d {t}", title = t, nativeTitle = t, aliases = new[] { t }, contentRating = t, type = t, networks = new[] { t }, genres = new[] { t }, tags = new[] { t } }))]);
        _folder.Write("catalogue/credits.jsonl", [.. texts.Select(t => Line(new { drama = $"d {t}", person = $"p {t}", role = "actor", character = t }))]);
        _folder.Write("catalogue/sequels.jsonl", [.. texts.Skip(1).Select(t => Line(new { drama = $"d {t}", follows = $"d {texts[0]}" }))]);
        _folder.Write("catalogue/aliases.tsv", [.. texts.Select(t => $"d {t}\tanother {t}")]);
        _folder.Write("catalogue/events.jsonl",
        [
            .. texts.Select(t => Line(new { id = $"e {t}", user = t, drama = $"d {t}", kind = "WATCH", value = 0.5, at = "2026-03-01T20:00:00Z", attributionId = t, device = t })),
            .. texts.Select(t => Line(new { id = $"g {t}", user = t, targetKind = "GENRE", target = t, kind = "MUTE", at = "2026-03-01T20:00:00Z" })),
            .. texts.Select(t => Line(new { id = $"t {t}", user = t, targetKind = "TAG", target = t, kind = "MUTE", at = "2026-03-01T20:00:00Z" })),
            .. texts.Select(t => Line(new { id = $"p {t}", user = t, targetKind = "PERSON", target = $"p {t}", kind = "MUTE", at = "2026-03-01T20:00:00Z" })),
        ]);
        return _folder.Sub("catalogue");
    }

    private string WriteMovieLens()
    {
        static string Cell(string text) => $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
        var texts = Injections.Texts.Where(t => !t.Contains('|', StringComparison.Ordinal)).ToList();
        _folder.Write("movies/movies.csv",
            ["movieId,title,genres,released,actors,director", .. texts.Select((t, i) => $"{Cell(i % 2 == 0 ? $"{i}" : $"{i} {t}")},{Cell(t)},{Cell(t)},2001-02-03,{Cell($"actor {t}|{t}")},{Cell($"director {t}")}")]);
        _folder.Write("movies/ratings.csv",
            ["userId,movieId,rating,timestamp", .. texts.Select((t, i) => $"{Cell(t)},{Cell(i % 2 == 0 ? $"{i}" : $"{i} {t}")},4.5,1700000000")]);
        return _folder.Sub("movies");
    }
}
