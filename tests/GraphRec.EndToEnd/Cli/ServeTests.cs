using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;

namespace GraphRec.EndToEnd.Cli;

/// <summary><c>serve</c> on the tiny graph: the lock, stopping, and being killed while it records.</summary>
[Collection("cli")]
public sealed class ServeTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();

    private string Data => _folder.Sub("data");

    public async ValueTask InitializeAsync() =>
        Assert.Equal(0, (await GraphRecProgram.RunAsync("import", Path.Combine(Server.Root, "seed", "tiny"), "--data", Data)).Exit);

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task One_process_at_a_time_serves_a_directory_and_others_may_read_it()
    {
        using var serving = await Serving.StartAsync(Data);
        foreach (string[] second in new[] { new[] { "serve", "--urls", "http://127.0.0.1:0" }, ["import", Path.Combine(Server.Root, "seed", "tiny")] })
        {
            var refused = await GraphRecProgram.RunAsync([.. second, "--data", Data]);
            Assert.Equal((5, ""), (refused.Exit, refused.Out));
            Assert.Contains($"another process has {Data} open for writing", refused.Error, StringComparison.Ordinal);
        }
        await serving.RecordAsync("ann", "goblin-2016", "WATCHLIST_ADD");
        var doctor = await GraphRecProgram.RunAsync("doctor", "--data", Data);
        Assert.Equal(0, doctor.Exit);
        Assert.Contains("WATCHLISTED", doctor.Out, StringComparison.Ordinal);
        await serving.StopAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Ctrl_C_and_SIGTERM_stop_it_cleanly_while_clients_are_connected(bool interrupt)
    {
        using var serving = await Serving.StartAsync(Data);
        using var ready = await serving.Client.GetAsync("/health/ready", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
        await serving.RecordAsync("ann", "goblin-2016", "CLICK");
        if (interrupt) serving.Program.Interrupt();
        else serving.Program.Terminate();
        var ran = await serving.Program.EndAsync();
        Assert.Equal(0, ran.Exit);
        Assert.EndsWith("Stopped.\n", ran.Error, StringComparison.Ordinal);
        // A clean stop leaves one file: what was in the write-ahead log has been moved into it.
        Assert.Equal(["graphrec.db", "graphrec.lock"], Directory.GetFiles(Data).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(1, Stored.Number(Data, "SELECT times FROM behaviour WHERE user_id = 'ann' AND type = 'CLICKED'"));
    }

    [Fact]
    public async Task Standard_output_holds_log_lines_only_each_a_JSON_object()
    {
        using var serving = await Serving.StartAsync(Data);
        await serving.DataAsync("{ graph { version } }");
        serving.Program.Interrupt();
        var ran = await serving.Program.EndAsync();
        Assert.All(ran.Lines, line => Assert.Equal(JsonValueKind.Object, JsonDocument.Parse(line).RootElement.ValueKind));
        var requests = ran.Lines.Select(l => JsonDocument.Parse(l).RootElement).Where(l => l.GetProperty("State").TryGetProperty("Route", out _));
        Assert.Equal("/graphql", Assert.Single(requests).GetProperty("State").GetProperty("Route").GetString());
    }

    [Fact]
    public async Task Killed_while_recording_it_has_every_acknowledged_event_once()
    {
        var sent = new ConcurrentDictionary<string, string>();
        var acknowledged = new ConcurrentDictionary<string, string>();
        for (var round = 0; round < 4; round++)
        {
            using var serving = await Serving.StartAsync(Data);
            var before = acknowledged.Count;
            var posting = Enumerable.Range(0, 4).Select(poster => PostUntilItDiesAsync(serving, $"{round}-{poster}", sent, acknowledged)).ToArray();
            await Serving.WaitAsync(serving.Program, () => acknowledged.Count > before + 20);
            await Task.Delay(RandomNumberGenerator.GetInt32(0, 400), TestContext.Current.CancellationToken);
            await serving.Program.KillAsync();
            await Task.WhenAll(posting);
            // Before anything repairs it: all that was acknowledged is in the log.
            Assert.Empty(acknowledged.Keys.Except(Ids()));
        }

        using (var serving = await Serving.StartAsync(Data))
        {
            var stored = Ids();
            Assert.Empty(acknowledged.Keys.Except(stored));
            Assert.Empty(stored.Except(sent.Keys));
            // Every logged event is in the graph exactly once, as a request sees it and as SQL does.
            var expected = stored.GroupBy(id => sent[id]).ToDictionary(g => g.Key, g => g.Count());
            Assert.Equal(expected.OrderBy(e => e.Key), await ClicksAsync(serving));
            // Sent again, as a client does that has no answer: only what is missing is taken.
            var missing = sent.Keys.Except(stored).ToArray();
            var (accepted, duplicates) = await PostAsync(serving, sent.Select(s => (s.Key, s.Value)).ToArray());
            Assert.Equal((missing.Length, stored.Count), (accepted, duplicates));
            await serving.StopAsync();
        }
        Assert.Equal(sent.Count, Stored.Number(Data, "SELECT sum(times) FROM behaviour WHERE type = 'CLICKED'"));
        Assert.Equal(0, (await GraphRecProgram.RunAsync("doctor", "--data", Data)).Exit);
    }

    /// <summary>Batches of 1 to 4 clicks; what was answered counts as acknowledged.</summary>
    private static async Task PostUntilItDiesAsync(Serving serving, string name, ConcurrentDictionary<string, string> sent, ConcurrentDictionary<string, string> acknowledged)
    {
        for (var n = 0; ; n++)
        {
            var batch = Enumerable.Range(0, 1 + (n % 4)).Select(i => ($"k-{name}-{n}-{i}", $"killed-{n % 5}")).ToArray();
            foreach (var (id, user) in batch) sent[id] = user;
            try
            {
                var (accepted, _) = await PostAsync(serving, batch);
                if (accepted != batch.Length) throw new InvalidOperationException($"{accepted} of {batch.Length} were accepted.");
                foreach (var (id, user) in batch) acknowledged[id] = user;
            }
            catch (Exception e) when (e is HttpRequestException or IOException or JsonException)
            {
                return;
            }
        }
    }

    private static async Task<(int Accepted, int Duplicates)> PostAsync(Serving serving, (string Id, string User)[] events)
    {
        var (accepted, duplicates) = (0, 0);
        foreach (var part in events.Chunk(1000))
        {
            var variables = new { events = part.Select(e => new { id = e.Id, userId = e.User, dramaId = "goblin-2016", kind = "CLICK" }) };
            var payload = (await serving.DataAsync(Queries.Record, variables)).GetProperty("recordEvents");
            accepted += payload.GetProperty("accepted").GetInt32();
            duplicates += payload.GetProperty("duplicates").GetInt32();
        }
        return (accepted, duplicates);
    }

    private async Task<IEnumerable<KeyValuePair<string, int>>> ClicksAsync(Serving serving)
    {
        var seen = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var user in Stored.Rows(Data, "SELECT DISTINCT user_id FROM event WHERE user_id LIKE 'killed-%'").Select(r => r[0]!))
        {
            var history = (await serving.DataAsync("query($id: ID!) { user(id: $id) { history { type times } } }", new { id = user })).GetProperty("user").GetProperty("history");
            seen[user] = history.EnumerateArray().Single(h => h.GetProperty("type").GetString() == "CLICKED").GetProperty("times").GetInt32();
        }
        return seen;
    }

    private List<string> Ids() => [.. Stored.Rows(Data, "SELECT id FROM event WHERE id LIKE 'k-%'").Select(r => r[0]!)];
}
