using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using GraphRec.Contracts.Neo4j;
using GraphRec.EndToEnd.Cli;

namespace GraphRec.EndToEnd.Neo4j;

/// <summary>What the tests of serving from Neo4j do again and again.</summary>
internal static class ServingNeo4j
{
    public static readonly string Tiny = Path.Combine(Server.Root, "seed", "tiny");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>
    /// The shared server, started anew and empty. A process that is stopped while it reads can leave a transaction in 3.1
    /// that holds its locks until the server ends (the answer broke off), and the next constraint would wait for it.
    /// </summary>
    public static async Task<Neo4jServer> EmptyAsync(SharedNeo4j shared)
    {
        (await shared.RunningAsync()).Kill();
        return await shared.EmptyAsync();
    }

    /// <summary>Imports the teaching graph into Neo4j.</summary>
    public static async Task ImportTinyAsync(Neo4jServer neo4j, string data)
    {
        var ran = await GraphRecProgram.RunAsync("import", Tiny, "--data", data, "--graph", neo4j.Uri.ToString());
        Assert.True(ran.Exit == 0, ran.Error);
    }

    /// <summary>Serves what is in Neo4j.</summary>
    public static Task<Serving> ServeAsync(Neo4jServer neo4j, string data) => Serving.StartAsync(data, "--no-seed", "--graph", neo4j.Uri.ToString());

    /// <summary>Records clicks, each on Goblin, with these ids; returns how many were new.</summary>
    public static async Task<int> ClickAsync(Serving serving, IEnumerable<(string Id, string User)> clicks)
    {
        var accepted = 0;
        foreach (var part in clicks.Chunk(1000))
        {
            var events = part.Select(c => new { id = c.Id, userId = c.User, dramaId = "goblin-2016", kind = "CLICK" });
            var payload = (await serving.DataAsync(Queries.Record, new { events })).GetProperty("recordEvents");
            Assert.Equal(0, payload.GetProperty("errors").GetArrayLength());
            accepted += payload.GetProperty("accepted").GetInt32();
        }
        return accepted;
    }

    public static async Task<bool> DegradedAsync(Serving serving) =>
        (await serving.DataAsync("""{ home(userId: "ann") { degraded rows { items { drama { id } } } } }""")).GetProperty("home").GetProperty("degraded").GetBoolean();

    public static async Task<long> NumberAsync(Neo4jServer neo4j, string cypher) => (await neo4j.RowsAsync(cypher, cancel: Cancel))[0][0].GetInt64();

    public static async Task<JsonElement> ReadyAsync(Serving serving)
    {
        using var response = await serving.Client.GetAsync("/health/ready", Cancel);
        Assert.True(response.IsSuccessStatusCode, $"/health/ready is {response.StatusCode}");
        return await response.Content.ReadFromJsonAsync<JsonElement>(Cancel);
    }

    /// <summary>The value of a metric without labels of its own; -1 when there is none.</summary>
    public static async Task<double> MetricAsync(Serving serving, string name)
    {
        var line = (await serving.Client.GetStringAsync("/metrics", Cancel)).Split('\n').FirstOrDefault(l => l.StartsWith(name, StringComparison.Ordinal) && l[name.Length] is ' ' or '{');
        return line is null ? -1 : double.Parse(line[(line.LastIndexOf('}') + 1)..].Trim().Split(' ')[line.Contains('}', StringComparison.Ordinal) ? 0 : 1], System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>Waits until something is so.</summary>
    public static async Task UntilAsync(string what, Func<Task<bool>> so, double seconds = 90)
    {
        var watch = Stopwatch.StartNew();
        while (!await so())
        {
            if (watch.Elapsed.TotalSeconds > seconds) throw new TimeoutException($"Not so after {seconds} s: {what}");
            await Task.Delay(50, Cancel);
        }
    }
}
