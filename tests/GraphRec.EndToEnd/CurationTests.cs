using System.Text.Json;
using GraphRec.Api;
using GraphRec.Core;
using GraphRec.Graph;
using GraphRec.Learning.Simulation;
using Microsoft.Data.Sqlite;

namespace GraphRec.EndToEnd;

/// <summary>A server of its own over the real catalogue, because these tests edit it.</summary>
public sealed class EditedServer : IAsyncLifetime
{
    public static readonly SimulationOptions Viewers = new() { Viewers = 90, TargetEvents = 9_000 };

    public Server Server { get; private set; } = null!;

    // A preview of all viewers is half a second of CPU; on a machine that is busy with other tests it may wait for long.
    public async ValueTask InitializeAsync() => Server = await Server.StartAsync(new ServerSetup
    {
        Seed = "catalog", Viewers = Viewers, Clock = new FixedClock(Viewers.Until), Options = new ApiOptions { Timeout = TimeSpan.FromMinutes(5) },
    });

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}

/// <summary>What curators ask: what is wrong, and what an edit would do.</summary>
public sealed class CurationTests(EditedServer edited) : IClassFixture<EditedServer>
{
    private const string Preview = """
        query Preview($change: EdgeChange!, $edge: EdgeInput!, $sampleSize: Int) {
          curationPreview(change: $change, edge: $edge, sampleSize: $sampleSize) {
            edge graphVersion viewersTotal viewersConnected viewersSampled viewersChanged newIssues { kind subject }
            viewers(first: 100) {
              userId simulated rowsAdded rowsRemoved rowsMoved
              entering { ...C } leaving { ...C } moved { ...C } reasoned { ...C }
            }
          }
        }
        fragment C on PlaceChange { drama { id } before { row position reason } after { row position reason } }
        """;

    private Server Server => edited.Server;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_preview_is_what_happens_when_the_edit_is_made()
    {
        var pages = await PagesAsync();
        var changed = 0;
        foreach (var (change, edge, make) in Edits())
        {
            var preview = (await Server.DataAsync(Preview, new { change, edge, sampleSize = 1000 })).GetProperty("curationPreview");
            var version = Server.Graph.State.Version.ToString();
            Assert.Equal(version, preview.GetProperty("graphVersion").GetString());

            await make();
            Server.Graph.Replace(await Server.Store.Export.ReadAsync(Cancel), 1, Cancel);
            Assert.NotEqual(version, Server.Graph.State.Version.ToString());
            var after = await PagesAsync();

            var told = preview.GetProperty("viewers").EnumerateArray().ToDictionary(v => v.GetProperty("userId").GetString()!);
            Assert.Equal(pages.Count, preview.GetProperty("viewersTotal").GetInt32());
            Assert.Equal(pages.Count, preview.GetProperty("viewersSampled").GetInt32());
            Assert.InRange(preview.GetProperty("viewersConnected").GetInt32(), 1, pages.Count);
            Assert.Equal(pages.Keys.Where(u => !pages[u].SequenceEqual(after[u])).Order(StringComparer.Ordinal), told.Keys.Order(StringComparer.Ordinal));
            Assert.Equal(told.Count, preview.GetProperty("viewersChanged").GetInt32());
            foreach (var (user, viewer) in told) AssertTold(pages[user], after[user], viewer);
            changed += told.Count;
            pages = after;
        }
        Assert.True(changed > 50, $"only {changed} pages changed: too few to prove anything");
    }

    [Fact]
    public async Task A_preview_stores_nothing_and_says_what_would_be_wrong()
    {
        var before = (await Server.Store.Export.VersionAsync(Cancel), Server.Graph.State.Snapshot);
        var season = Server.Graph.State.Snapshot.Catalog.Dramas.First(d => d.Follows is not null && Server.Graph.State.Snapshot.FindDrama(d.Follows) is { Follows: null });
        var edge = new { type = "FOLLOWS", from = season.Follows, to = season.Id };
        var preview = (await Server.DataAsync(Preview, new { change = "ADD", edge, sampleSize = 3 })).GetProperty("curationPreview");
        var issue = Assert.Single(preview.GetProperty("newIssues").EnumerateArray());
        Assert.Equal(Doctor.SeasonCycle, issue.GetProperty("kind").GetString());
        Assert.Equal(3, preview.GetProperty("viewersSampled").GetInt32());
        Assert.Equal(before, (await Server.Store.Export.VersionAsync(Cancel), Server.Graph.State.Snapshot));
    }

    [Fact]
    public async Task A_preview_that_takes_too_long_is_cancelled()
    {
        var setup = new ServerSetup { Seed = "catalog", Viewers = EditedServer.Viewers, Options = new ApiOptions { Timeout = TimeSpan.FromMilliseconds(60) } };
        await using var server = await Server.StartAsync(setup);
        var answer = await server.AskAsync(Preview, new { change = "ADD", edge = new { type = "TAGGED", from = "goblin-2016", to = "new" }, sampleSize = 1000 });
        Assert.Equal("TIMEOUT", answer.GetProperty("errors")[0].GetProperty("extensions").GetProperty("code").GetString());
    }

    [Fact]
    public async Task Issues_are_those_of_the_doctor()
    {
        var answer = (await Server.DataAsync("""
            { curation { graphVersion issueCount kinds { kind count } issues(first: 1000) { kind subject advice }
                one: issues(first: 1) { subject } genre: issues(kind: "drama without genre", first: 1000) { kind subject } none: issues(kind: "nothing") { kind } } }
            """)).GetProperty("curation");
        var issues = answer.GetProperty("issues").EnumerateArray().Select(i => new GraphIssue(
            i.GetProperty("kind").GetString()!, i.GetProperty("subject").GetString()!, i.GetProperty("advice").GetString()!)).ToList();
        var count = answer.GetProperty("issueCount").GetInt32();
        Assert.Equal(Math.Min(1000, count), issues.Count);
        Assert.Equal(count, answer.GetProperty("kinds").EnumerateArray().Sum(k => k.GetProperty("count").GetInt32()));
        Assert.Equal(issues[0].Subject, Assert.Single(answer.GetProperty("one").EnumerateArray()).GetProperty("subject").GetString());
        Assert.All(answer.GetProperty("genre").EnumerateArray(), i => Assert.Equal(Doctor.NoGenre, i.GetProperty("kind").GetString()));
        Assert.Empty(answer.GetProperty("none").EnumerateArray());
        Assert.Equal(Doctor.Examine(await Server.Store.Export.ReadAsync(Cancel)).Issues.Take(1000), issues);
    }

    /// <summary>Edits of popular dramas, so that pages change, with what makes each of them in the store.</summary>
    private IEnumerable<(string Change, object Edge, Func<Task> Make)> Edits()
    {
        var snapshot = Server.Graph.State.Snapshot;
        var (mostWatched, catalog) = (snapshot.Derived.Lists.MostWatched, snapshot.Catalog);
        var popular = snapshot.Dramas[mostWatched[0]];
        var second = snapshot.Dramas[mostWatched[1]];
        var actor = catalog.Credits.Where(c => c.Role == CreditRole.Actor && c.DramaId == second.Id).MinBy(c => c.Order)!.PersonId;
        Assert.DoesNotContain(catalog.Credits, c => c.DramaId == popular.Id && c.PersonId == actor);
        yield return ("ADD", new { type = "ACTED_IN", from = actor, to = popular.Id, character = "A guest", billing = "main", order = 1 },
            () => PutAsync(new CatalogBatch([], [], [new Credit(popular.Id, actor, CreditRole.Actor, 1, "A guest", "main")])));
        yield return ("REMOVE", new { type = "HAS_GENRE", from = second.Id, to = second.Genres[0] },
            () => PutAsync(new CatalogBatch([second with { Genres = [.. second.Genres.Skip(1)] }], [], [])));
        yield return ("ADD", new { type = "TAGGED", from = popular.Id, to = "a new tag" },
            () => PutAsync(new CatalogBatch([popular with { Tags = [.. popular.Tags, "a new tag"] }], [], [])));
        var season = mostWatched.Select(d => snapshot.Dramas[d]).Where(d => d.Follows is null && d.Id != popular.Id && d.Id != second.Id).ElementAt(3);
        var last = snapshot.Dramas[mostWatched[^1]];
        yield return ("ADD", new { type = "FOLLOWS", from = season.Id, to = last.Id }, () => PutAsync(new CatalogBatch([season with { Follows = last.Id }], [], [])));
        yield return ("REMOVE", new { type = "FOLLOWS", from = season.Id, to = last.Id }, () => PutAsync(new CatalogBatch([season], [], [])));
        yield return ("REMOVE", new { type = "ACTED_IN", from = actor, to = second.Id }, () => DeleteCreditAsync(second.Id, actor));
    }

    private Task PutAsync(CatalogBatch batch) => Server.Store.Catalog.UpsertAsync(batch, Cancel);

    private async Task DeleteCreditAsync(string drama, string person)
    {
        await using var connection = new SqliteConnection($"Data Source={Server.DataFile}");
        await connection.OpenAsync(Cancel);
        await using var command = connection.CreateCommand();
        command.CommandText = "DELETE FROM credit WHERE drama_id = $drama AND person_id = $person AND role = 'actor'; UPDATE meta SET value = value + 1 WHERE key = 'catalog_revision'";
        command.Parameters.AddWithValue("$drama", drama);
        command.Parameters.AddWithValue("$person", person);
        Assert.Equal(2, await command.ExecuteNonQueryAsync(Cancel));
    }

    /// <summary>Every viewer's page as it is served: a line per drama.</summary>
    private async Task<Dictionary<string, Line[]>> PagesAsync()
    {
        const string query = "query($id: ID!) { home(userId: $id) { rows { id title items { drama { id } reason { text } } } } }";
        var pages = new Dictionary<string, Line[]>(StringComparer.Ordinal);
        foreach (var id in (await Server.Store.Export.ReadAsync(Cancel)).Behaviour.Select(b => b.UserId).Distinct())
        {
            var rows = (await Server.DataAsync(query, new { id })).GetProperty("home").GetProperty("rows");
            pages.Add(id, [.. rows.EnumerateArray().SelectMany(row => row.GetProperty("items").EnumerateArray().Select((item, i) => new Line(
                row.GetProperty("id").GetString()!, row.GetProperty("title").GetString()!, i + 1,
                item.GetProperty("drama").GetProperty("id").GetString()!, item.GetProperty("reason").GetProperty("text").GetString()!)))]);
        }
        return pages;
    }

    private static void AssertTold(Line[] before, Line[] after, JsonElement told)
    {
        Line? Find(Line[] page, string drama) => page.FirstOrDefault(l => l.Drama == drama);
        string[] Told(string list) => [.. told.GetProperty(list).EnumerateArray().Select(c => $"{c.GetProperty("drama").GetProperty("id")}: {Place(c.GetProperty("before"))} to {Place(c.GetProperty("after"))}").Order(StringComparer.Ordinal)];
        string[] Seen(Func<Line?, Line?, bool> which) =>
            [.. before.Concat(after).Select(l => l.Drama).Distinct().Where(d => which(Find(before, d), Find(after, d))).Select(d => $"{d}: {Find(before, d)?.Place} to {Find(after, d)?.Place}").Order(StringComparer.Ordinal)];
        Assert.Equal(Seen((b, a) => b is null), Told("entering"));
        Assert.Equal(Seen((b, a) => a is null), Told("leaving"));
        Assert.Equal(Seen((b, a) => b is not null && a is not null && (b.Row, b.Position) != (a.Row, a.Position)), Told("moved"));
        Assert.Equal(Seen((b, a) => b is not null && a is not null && (b.Row, b.Position) == (a.Row, a.Position) && b.Reason != a.Reason), Told("reasoned"));
        var (old, now) = (before.DistinctBy(l => l.Row).ToList(), after.DistinctBy(l => l.Row).ToList());
        Assert.Equal(now.Where(r => old.All(o => o.Row != r.Row)).Select(r => r.Title), told.GetProperty("rowsAdded").EnumerateArray().Select(t => t.GetString()));
        Assert.Equal(old.Where(r => now.All(o => o.Row != r.Row)).Select(r => r.Title), told.GetProperty("rowsRemoved").EnumerateArray().Select(t => t.GetString()));
        Assert.True(told.GetProperty("simulated").GetBoolean());
    }

    private static string? Place(JsonElement place) => place.ValueKind == JsonValueKind.Null ? null
        : $"{place.GetProperty("row")} {place.GetProperty("position")}, {place.GetProperty("reason")}";

    private sealed record Line(string Row, string Title, int Position, string Drama, string Reason)
    {
        public string Place => $"{Title} {Position}, {Reason}";
    }
}
