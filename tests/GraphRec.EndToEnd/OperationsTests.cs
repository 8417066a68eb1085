using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace GraphRec.EndToEnd;

/// <summary>The page, health, metrics and logs.</summary>
public sealed class OperationsTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_page_runs_only_what_is_in_it()
    {
        await using var server = await Server.StartAsync(new ServerSetup());
        using var response = await server.Client.GetAsync("/", Cancel);
        var html = await response.Content.ReadAsStringAsync(Cancel);
        var policy = response.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("default-src 'none'", policy);
        Assert.DoesNotContain("unsafe", policy);
        foreach (var (tag, directive) in new[] { ("script", "script-src"), ("style", "style-src") })
        {
            var blocks = Regex.Matches(html, $"<{tag}[^>]*>(.*?)</{tag}>", RegexOptions.Singleline);
            var hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Assert.Single(blocks).Groups[1].Value)));
            Assert.Contains($"{directive} 'sha256-{hash}'", policy);
        }
        Assert.DoesNotMatch("<script[^>]+src=|<link[^>]+href=\"http|\\son[a-z]+=\"|\\sstyle=\"", html);
        Assert.True(html.Split('\n').Length < 400);
        using var again = new HttpRequestMessage(HttpMethod.Get, "/");
        again.Headers.IfNoneMatch.Add(response.Headers.ETag!);
        using var unchanged = await server.Client.SendAsync(again, Cancel);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
    }

    [Fact]
    public async Task The_queries_of_the_page_are_valid()
    {
        await using var server = await Server.StartAsync(new ServerSetup());
        var html = await server.Client.GetStringAsync("/", Cancel);
        var home = Regex.Match(html, "const HOME = `(.*?)`", RegexOptions.Singleline).Groups[1].Value;
        var record = Regex.Match(html, "const RECORD = `(.*?)`", RegexOptions.Singleline).Groups[1].Value;
        Assert.Equal("ann", (await server.DataAsync(home, new { userId = "ann" })).GetProperty("home").GetProperty("userId").GetString());
        var payload = (await server.DataAsync(record, new { @event = new { id = "p", userId = "ann", dramaId = "goblin-2016", kind = "WATCH", value = 1 } })).GetProperty("recordEvents");
        Assert.Equal(1, payload.GetProperty("accepted").GetInt32());
    }

    [Fact]
    public async Task Health_tells_live_from_ready()
    {
        var answers = true;
        await using var server = await Server.StartAsync(new ServerSetup { Export = export => new TroubledExport(export, () => answers) });
        Assert.Equal(HttpStatusCode.OK, (await HealthAsync(server, "live")).Status);
        var (status, body) = await HealthAsync(server, "ready");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(["graph", "store"], body.GetProperty("checks").EnumerateArray().Select(c => c.GetProperty("name").GetString()));
        answers = false;
        (status, body) = await HealthAsync(server, "ready");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.False(body.GetProperty("checks")[1].GetProperty("ok").GetBoolean());
        Assert.DoesNotContain("secret", body.ToString());
        Assert.Equal(HttpStatusCode.OK, (await HealthAsync(server, "live")).Status);
    }

    [Fact]
    public async Task Metrics_count_what_happened()
    {
        await using var server = await Server.StartAsync(new ServerSetup());
        await server.AskAsync("""{ home(userId: "ann") { userId } }""");
        await server.AskAsync("""{ home(userId: "") { userId } }""");
        await server.AskAsync("{ nothing }");
        await server.AskAsync(Queries.Record, new { events = new[] { new { userId = "ann", dramaId = "goblin-2016", kind = "CLICK" }, new { userId = "ann", dramaId = "none", kind = "CLICK" } } });
        var metrics = await server.Client.GetStringAsync("/metrics", Cancel);
        Assert.Equal("1", Value(metrics, "graphrec_home_duration_seconds_count"));
        Assert.Equal("1", Value(metrics, "graphrec_events_total", "outcome=\"accepted\""));
        Assert.Equal("1", Value(metrics, "graphrec_events_total", "outcome=\"rejected\""));
        Assert.Equal("1", Value(metrics, "graphrec_errors_total", "code=\"BAD_USER_INPUT\""));
        Assert.Equal("1", Value(metrics, "graphrec_errors_total", "code=\"GRAPHQL_VALIDATION_FAILED\""));
        Assert.Equal("1", Value(metrics, "graphrec_overlay_events"));
        Assert.NotEqual("", Value(metrics, "graphrec_snapshot_age_seconds"));
        Assert.NotEqual("", Value(metrics, "http_server_request_duration_seconds_count", "http_route=\"/graphql\""));
    }

    [Fact]
    public async Task A_request_is_one_line_in_the_log_without_what_is_in_it()
    {
        var logs = new LogCollector();
        await using var server = await Server.StartAsync(new ServerSetup { Logs = logs });
        using var response = await server.Client.PostAsJsonAsync("/graphql",
            new { query = "query Named($id: ID!) { user(id: $id) { known } }", operationName = "Named", variables = new { id = "private-viewer" } }, Cancel);
        await server.Client.GetAsync("/graphql?query={user(id:\"private-viewer\"){known}}", Cancel);
        await server.Client.GetAsync("/nowhere/private-viewer", Cancel);
        var lines = logs.Lines.Where(l => l.Category.EndsWith("RequestLog", StringComparison.Ordinal)).ToList();
        Assert.Equal(3, lines.Count);
        Assert.Equal(["/graphql", "/graphql", "none"], lines.Select(l => Part(l, "Route")));
        Assert.Equal(["200", "200", "404"], lines.Select(l => Part(l, "Status")));
        Assert.Equal("Named", Part(lines[0], "Operation"));
        Assert.DoesNotContain(logs.Lines, l => l.Text.Contains("private-viewer", StringComparison.Ordinal));
    }

    private static string Part(LogLine line, string name) => line.Parts.Single(p => p.Key == name).Value?.ToString() ?? "";

    private static string Value(string metrics, string name, string label = "") =>
        metrics.Split('\n').Where(l => l.StartsWith(name, StringComparison.Ordinal) && l[name.Length] is ' ' or '{' && l.Contains(label, StringComparison.Ordinal))
            .Select(l => l.Split("} ")[^1].Split(' ') is var parts && l.Contains('}', StringComparison.Ordinal) ? parts[0] : l.Split(' ')[1]).FirstOrDefault() ?? "";

    private static async Task<(HttpStatusCode Status, JsonElement Body)> HealthAsync(Server server, string name)
    {
        using var response = await server.Client.GetAsync($"/health/{name}", Cancel);
        return (response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>(Cancel));
    }
}
