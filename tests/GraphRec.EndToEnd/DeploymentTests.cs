using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace GraphRec.EndToEnd;

/// <summary>What the files for Docker say about the running server is so.</summary>
public sealed partial class DeploymentTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_metric_of_the_dashboard_is_exposed_by_a_server_at_work()
    {
        await using var server = await Server.StartAsync(new ServerSetup());
        await server.AskAsync("""{ home(userId: "ann") { userId } }""");
        await server.AskAsync("{ nothing }");
        await server.AskAsync(Queries.Record, new { events = new[] { new { userId = "ann", dramaId = "goblin-2016", kind = "CLICK" } } });
        var exposed = Metric().Matches(await server.Client.GetStringAsync("/metrics", Cancel)).Select(m => m.Groups[1].Value).ToHashSet();
        using var dashboard = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(Server.Root, "deploy/grafana/dashboards/graphrec.json"), Cancel));
        var asked = dashboard.RootElement.GetProperty("panels").EnumerateArray().SelectMany(p => p.GetProperty("targets").EnumerateArray())
            .SelectMany(t => Name().Matches(t.GetProperty("expr").GetString()!).Select(m => m.Value)).Distinct().ToList();
        Assert.True(asked.Count >= 10, string.Join(' ', asked));
        // Counted from the first degraded page on, and there was none.
        Assert.Equal(["graphrec_home_degraded_total"], asked.Except(exposed));
    }

    [Fact]
    public async Task The_health_check_of_the_image_tells_a_ready_server_from_one_that_is_not()
    {
        var dockerfile = await File.ReadAllTextAsync(Path.Combine(Server.Root, "Dockerfile"), Cancel);
        var check = JsonSerializer.Deserialize<string[]>(HealthCheck().Match(dockerfile).Groups[1].Value)!;
        var answers = true;
        int port;
        await using (var server = await Server.StartAsync(new ServerSetup { Export = export => new TroubledExport(export, () => answers) }))
        {
            port = server.Url.Port;
            Assert.Equal(0, await RunAsync(check, port));
            answers = false;
            Assert.NotEqual(0, await RunAsync(check, port));
        }
        Assert.NotEqual(0, await RunAsync(check, port));
    }

    /// <summary>Runs the check with the server's port in the place of the container's.</summary>
    private static async Task<int> RunAsync(string[] check, int port)
    {
        Assert.Contains("/8080 ", check[^1], StringComparison.Ordinal);
        using var process = Process.Start(new ProcessStartInfo(check[0], [.. check[1..].Select(a => a.Replace("/8080 ", $"/{port} ", StringComparison.Ordinal))]) { RedirectStandardError = true })!;
        await process.WaitForExitAsync(Cancel);
        return process.ExitCode;
    }

    [GeneratedRegex(@"^([a-z_]+)[ {]", RegexOptions.Multiline)]
    private static partial Regex Metric();

    [GeneratedRegex(@"\b(graphrec|http|dotnet)_[a-z_]+(?=[\[,){ ]|$)(?<!http_route|http_response_status_code)")]
    private static partial Regex Name();

    [GeneratedRegex(@"HEALTHCHECK[^\n]*\\\n\s+CMD (\[.*\])\n")]
    private static partial Regex HealthCheck();
}
