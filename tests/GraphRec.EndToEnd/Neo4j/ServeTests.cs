using GraphRec.Contracts.Neo4j;
using GraphRec.EndToEnd.Cli;
using static GraphRec.EndToEnd.Neo4j.ServingNeo4j;

namespace GraphRec.EndToEnd.Neo4j;

/// <summary><c>serve</c> with the graph in a real Neo4j: what is where, and what a start finds.</summary>
[Collection(SharedNeo4j.Tests)]
public sealed class ServeTests(SharedNeo4j shared) : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Data => _folder.Sub("data");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Events_are_answered_from_the_local_log_and_are_in_Neo4j_seconds_later()
    {
        var neo4j = await EmptyAsync(shared);
        await ImportTinyAsync(neo4j, Data);
        using var serving = await ServeAsync(neo4j, Data);
        Assert.Equal("neo4j 3.1.1", (await serving.DataAsync("{ graph { backend } }")).GetProperty("graph").GetProperty("backend").GetString());
        Assert.False(await DegradedAsync(serving));
        Assert.Equal("ok", (await ReadyAsync(serving)).GetProperty("status").GetString());
        await serving.RecordAsync("new-viewer", "goblin-2016", "WATCH", 0.75);
        var history = (await serving.DataAsync("""{ user(id: "new-viewer") { history { type value } } }""")).GetProperty("user").GetProperty("history");
        Assert.Equal(0.75, history[0].GetProperty("value").GetDouble());
        await UntilAsync("the event is in Neo4j", async () => await NumberAsync(neo4j, "MATCH (:User {id: 'new-viewer'})-[r:WATCHED {progress: 0.75, times: 1}]->(:Drama {id: 'goblin-2016'}) RETURN count(r)") == 1, 30);
        Assert.Equal(Stored.Number(Data, "SELECT max(sequence) FROM event"), await NumberAsync(neo4j, "MATCH (g:GraphState) RETURN g.appliedThrough"));
        await UntilAsync("what was shown is in Neo4j", async () => await NumberAsync(neo4j, "MATCH (:Page {userId: 'ann'})-[s:SHOWED]->(:Drama) RETURN count(s)") > 0, 30);
        Assert.Equal(0, await MetricAsync(serving, "graphrec_delivery_waiting"));
        Assert.Equal(1, await MetricAsync(serving, "graphrec_store_reachable"));
        // The catalogue and the graph are there and not here.
        Assert.Equal(0, Stored.Number(Data, "SELECT (SELECT count(*) FROM drama) + (SELECT count(*) FROM behaviour)"));
        await serving.StopAsync();
    }

    [Fact]
    public async Task What_a_curator_edits_in_Neo4j_is_in_the_next_pages()
    {
        var neo4j = await EmptyAsync(shared);
        await ImportTinyAsync(neo4j, Data);
        using var serving = await ServeAsync(neo4j, Data);
        async Task<string> HomeAsync() => (await serving.DataAsync("""{ home(userId: "somebody-new") { rows { items { drama { title } } } } }""")).ToString();
        async Task<int> CastAsync() => (await serving.DataAsync("""{ drama(id: "goblin-2016") { cast { person { id } } } }""")).GetProperty("drama").GetProperty("cast").GetArrayLength();
        Assert.Contains("Goblin", await HomeAsync(), StringComparison.Ordinal);
        var cast = await CastAsync();
        await neo4j.RowsAsync("MATCH (d:Drama {id: 'goblin-2016'}) SET d.title = 'Guardian'", cancel: Cancel);
        await UntilAsync("the new title is on the page", async () => (await HomeAsync()).Contains("Guardian", StringComparison.Ordinal), 20);
        await neo4j.RowsAsync("MATCH (:Person {id: 'gong-yoo'})-[r:ACTED_IN]->(:Drama {id: 'goblin-2016'}) DELETE r", cancel: Cancel);
        await UntilAsync("the actor is gone", async () => await CastAsync() == cast - 1, 20);
        await neo4j.RowsAsync("MATCH (d:Drama {id: 'goblin-2016'}) DETACH DELETE d", cancel: Cancel);
        await UntilAsync("the drama is gone", async () => !(await HomeAsync()).Contains("Guardian", StringComparison.Ordinal), 20);
        await serving.StopAsync();
    }

    [Fact]
    public async Task What_a_killed_server_left_in_its_log_is_delivered_by_the_next()
    {
        var neo4j = await EmptyAsync(shared);
        await ImportTinyAsync(neo4j, Data);
        using (var first = await ServeAsync(neo4j, Data))
        {
            neo4j.Kill();
            Assert.Equal(2_500, await ClickAsync(first, Clicks("left", 2_500)));
            await first.Program.KillAsync();
        }
        await neo4j.StartAsync(Cancel);
        using var second = await ServeAsync(neo4j, Data);
        Assert.Equal(2_500, await NumberAsync(neo4j, "MATCH (u:User)-[r:CLICKED]->(:Drama {id: 'goblin-2016'}) WHERE u.id STARTS WITH 'left-' RETURN sum(r.times)"));
        await second.StopAsync();
    }

    [Fact]
    public async Task A_lost_data_directory_is_filled_from_Neo4j_and_sequences_go_on()
    {
        var neo4j = await EmptyAsync(shared);
        await ImportTinyAsync(neo4j, Data);
        using (var first = await ServeAsync(neo4j, Data))
        {
            await ClickAsync(first, Clicks("before", 50));
            await first.StopAsync();
        }
        var before = Stored.Rows(Data, "SELECT * FROM event ORDER BY sequence").Select(r => string.Join('|', r)).ToList();
        Directory.Delete(Data, recursive: true);
        using (var second = await ServeAsync(neo4j, Data))
        {
            Assert.Contains($"{before.Count} events were fetched from there", second.Program.Error, StringComparison.Ordinal);
            Assert.Equal(before, Stored.Rows(Data, "SELECT * FROM event ORDER BY sequence").Select(r => string.Join('|', r)));
            // Known ids stay known, and new ones get sequences that Neo4j has not seen.
            Assert.Equal(10, await ClickAsync(second, [.. Clicks("before", 50), .. Clicks("after", 10)]));
            await second.StopAsync();
        }
        Assert.Equal(60, await NumberAsync(neo4j, "MATCH (u:User)-[r:CLICKED]->(:Drama {id: 'goblin-2016'}) WHERE u.id STARTS WITH 'before-' OR u.id STARTS WITH 'after-' RETURN sum(r.times)"));
        Assert.Equal(before.Count + 10, await NumberAsync(neo4j, "MATCH (e:Event) RETURN count(DISTINCT e.sequence)"));
    }

    [Fact]
    public async Task An_old_copy_of_the_data_directory_gets_what_it_misses()
    {
        var neo4j = await EmptyAsync(shared);
        await ImportTinyAsync(neo4j, Data);
        var old = _folder.Sub("old");
        Directory.CreateDirectory(old);
        File.Copy(Path.Combine(Data, "graphrec.db"), Path.Combine(old, "graphrec.db"));
        using (var first = await ServeAsync(neo4j, Data))
        {
            await ClickAsync(first, Clicks("newer", 20));
            await first.StopAsync();
        }
        using var second = await ServeAsync(neo4j, old);
        Assert.Contains("20 events were fetched from there", second.Program.Error, StringComparison.Ordinal);
        await second.StopAsync();
    }

    [Fact]
    public async Task Two_that_do_not_belong_together_are_refused_with_what_to_do()
    {
        var neo4j = await EmptyAsync(shared);
        await ImportTinyAsync(neo4j, Data);
        // A directory with a graph of its own.
        var own = _folder.Sub("own");
        Assert.Equal(0, (await GraphRecProgram.RunAsync("import", Tiny, "--data", own)).Exit);
        await RefusedAsync(["serve", "--data", own, "--graph", neo4j.Uri.ToString(), "--urls", "http://127.0.0.1:0"], 5, $"graphrec copy --from embedded:{own} --to {neo4j.Uri}", "--data");
        // The log of a graph in Neo4j, asked for as a graph of its own.
        await RefusedAsync(["recommend", "ann", "--data", Data], 1, neo4j.Uri.Authority, "--graph");
        await RefusedAsync(["serve", "--data", Data, "--urls", "http://127.0.0.1:0"], 1, neo4j.Uri.Authority, "--graph");
        // The log of a graph that is gone.
        await neo4j.WipeAsync(Cancel);
        await RefusedAsync(["import", Tiny, "--data", Data, "--graph", neo4j.Uri.ToString()], 5, "is it a new database?", "--data");
        // The log of another database.
        await ImportTinyAsync(neo4j, _folder.Sub("another"));
        await RefusedAsync(["import", Tiny, "--data", Data, "--graph", neo4j.Uri.ToString()], 5, "another log", "--data");
        // Two that recorded for one graph: the second is told, and nothing of it is in Neo4j.
        var fork = _folder.Sub("fork");
        Directory.CreateDirectory(fork);
        File.Copy(Path.Combine(_folder.Sub("another"), "graphrec.db"), Path.Combine(fork, "graphrec.db"));
        using (var first = await ServeAsync(neo4j, _folder.Sub("another")))
        {
            await ClickAsync(first, Clicks("first", 5));
            await first.StopAsync();
        }
        using (var there = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path.Combine(fork, "graphrec.db")};Pooling=False"))
        {
            there.Open();
            using var insert = there.CreateCommand();
            insert.CommandText = "INSERT INTO event(id, user_id, kind, target_kind, target_id, at, has_context) VALUES ('forked', 'fork', 'CLICK', 'Drama', 'goblin-2016', 1760000000000, 0)";
            insert.ExecuteNonQuery();
        }
        await RefusedAsync(["serve", "--data", fork, "--graph", neo4j.Uri.ToString(), "--urls", "http://127.0.0.1:0"], 5, "two GraphRec servers");
        Assert.Equal(0, await NumberAsync(neo4j, "MATCH (e:Event {id: 'forked'}) RETURN count(e)"));
    }

    [Fact]
    public async Task It_waits_for_a_Neo4j_that_is_still_starting()
    {
        var neo4j = await EmptyAsync(shared);
        await ImportTinyAsync(neo4j, Data);
        await neo4j.StopAsync(Cancel);
        using var program = GraphRecProgram.StartWith(
            new() { ["GraphRec__Graph__Uri"] = neo4j.Uri.ToString() }, "serve", "--no-seed", "--data", Data, "--urls", "http://127.0.0.1:0");
        await Serving.WaitAsync(program, () => program.Error.Contains("does not answer yet", StringComparison.Ordinal));
        await neo4j.StartAsync(Cancel);
        using var serving = await Serving.WhenItAnswersAsync(program);
        Assert.False(await DegradedAsync(serving));
        await serving.StopAsync();
    }

    [Fact]
    public async Task The_commands_that_read_answer_from_Neo4j_as_from_a_data_directory()
    {
        var neo4j = await EmptyAsync(shared);
        await ImportTinyAsync(neo4j, Data);
        var own = _folder.Sub("own");
        Assert.Equal(0, (await GraphRecProgram.RunAsync("import", Tiny, "--data", own)).Exit);
        foreach (string[] command in new string[][] { ["recommend", "ann", "--paths", "--at", "2026-11-01"], ["explain", "ann", "goblin-2016", "--at", "2026-11-01"], ["doctor"] })
        {
            var (there, here) = (await GraphRecProgram.RunAsync([.. command, "--graph", neo4j.Uri.ToString()]), await GraphRecProgram.RunAsync([.. command, "--data", own]));
            Assert.Equal((here.Exit, ""), (there.Exit, there.Error));
            Assert.Equal(here.Out.Replace("c4.", "c.", StringComparison.Ordinal), there.Out.Replace("c4.", "c.", StringComparison.Ordinal));
        }
        // Imported again, nothing is imported.
        var again = await GraphRecProgram.RunAsync("import", Tiny, "--data", Data, "--graph", neo4j.Uri.ToString());
        Assert.Equal(0, again.Exit);
        Assert.Contains("was imported before", again.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Schema_apply_says_what_it_did_and_show_prints_it()
    {
        var neo4j = await EmptyAsync(shared);
        string[] graph = ["--graph", neo4j.Uri.ToString()];
        Assert.Contains("it had none", (await GraphRecProgram.RunAsync(["schema", "apply", .. graph])).Out, StringComparison.Ordinal);
        Assert.Contains("already", (await GraphRecProgram.RunAsync(["schema", "apply", .. graph])).Out, StringComparison.Ordinal);
        var shown = await GraphRecProgram.RunAsync(["schema", "show", .. graph]);
        Assert.Equal((0, ""), (shown.Exit, shown.Error));
        Assert.Contains("CREATE CONSTRAINT ON (d:Drama) ASSERT d.id IS UNIQUE;", shown.Lines);
        var constraints = (await neo4j.RowsAsync("CALL db.constraints()", cancel: Cancel)).Count;
        Assert.Equal(constraints, shown.Lines.Count(l => l.StartsWith("CREATE CONSTRAINT", StringComparison.Ordinal)));
    }

    private static IEnumerable<(string Id, string User)> Clicks(string name, int count) => Enumerable.Range(0, count).Select(i => ($"{name}-{i}", $"{name}-{i % 7}"));

    private static async Task RefusedAsync(string[] args, int exit, params string[] says)
    {
        var ran = await GraphRecProgram.RunAsync(args);
        Assert.True(ran.Exit == exit, $"{string.Join(' ', args)} ended with {ran.Exit}: {ran.Error}");
        Assert.All(says, text => Assert.Contains(text, ran.Error, StringComparison.Ordinal));
    }
}
