using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using GraphRec.Learning.Training;

namespace GraphRec.EndToEnd.Cli;

/// <summary>A data directory that <c>serve</c> filled from nothing and without interruption.</summary>
public sealed class FilledDirectory : IAsyncLifetime
{
    /// <summary>The last day of the simulated viewers.</summary>
    public const string Until = "2026-03-01";

    private readonly TempFolder _folder = new();

    public string Path => _folder.Sub("data");
    public TimeSpan Cpu { get; private set; }

    /// <summary>What was answered right after the filling, and what was said on standard error.</summary>
    public HttpStatusCode Ready { get; private set; }
    public JsonElement Home { get; private set; }
    public string Said { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        using var serving = await Serving.StartAsync(Path, "--until", Until);
        Ready = (await serving.Client.GetAsync("/health/ready")).StatusCode;
        Home = (await serving.DataAsync(Queries.FullHome, new { userId = "simulated-0001" })).GetProperty("home");
        (Cpu, Said) = (serving.Program.Cpu, serving.Program.Error);
        await serving.StopAsync();
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}

/// <summary><c>serve</c> on an empty directory: it fills it, once, and a kill on the way changes nothing in the end.</summary>
public sealed class SeedTests(FilledDirectory filled) : IClassFixture<FilledDirectory>, IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_empty_directory_is_filled_in_well_under_a_minute_and_answers_with_reasons()
    {
        Assert.Equal(HttpStatusCode.OK, filled.Ready);
        Assert.StartsWith("The data directory is empty: filling it", filled.Said, StringComparison.Ordinal);
        Assert.Contains("simulated viewers", filled.Said, StringComparison.Ordinal);
        // Time that passes says little where other tests run on the same cores: computing time, of all cores together.
        Assert.InRange(filled.Cpu.TotalSeconds, 1, 45);
        var rows = filled.Home.GetProperty("rows").EnumerateArray().ToList();
        Assert.InRange(rows.Count, 4, 8);
        Assert.All(rows, row => Assert.NotEmpty(row.GetProperty("reason").GetProperty("text").GetString()!));
        var items = rows.SelectMany(r => r.GetProperty("items").EnumerateArray()).ToList();
        Assert.True(items.Count > 30, $"{items.Count} dramas");
        Assert.All(items, item => Assert.NotEmpty(item.GetProperty("reason").GetProperty("text").GetString()!));
        Assert.Contains(items, item => item.GetProperty("reason").GetProperty("paths").GetArrayLength() > 0);
    }

    [Fact]
    public async Task A_model_is_trained_once_before_the_first_answer()
    {
        var version = Assert.Single(new ModelFolder(filled.Path).Versions());
        Assert.EndsWith("-slim", version, StringComparison.Ordinal);
        Assert.Equal($"linear-1/default/{version}", filled.Home.GetProperty("modelVersion").GetString());
        // A directory that was filled and has no model, as of an earlier version or a kill in between, gets one at the next start.
        using var serving = await Serving.StartAsync(Copy());
        Assert.Single(new ModelFolder(_folder.Sub("copy")).Versions());
        await serving.StopAsync();
    }

    [Fact]
    public async Task The_next_start_fills_nothing()
    {
        var data = Copy();
        using var serving = await Serving.StartAsync(data, "--until", "2026-02-01");
        var version = (await serving.DataAsync("{ graph { version } }")).GetProperty("graph").GetProperty("version").GetString();
        Assert.EndsWith(".e150000", version, StringComparison.Ordinal);
        await serving.StopAsync();
        Assert.DoesNotContain("illing", serving.Program.Error, StringComparison.Ordinal);
        Assert.Equal(Stored.State(filled.Path), Stored.State(data));
    }

    [Fact]
    public async Task Killed_while_filling_the_next_start_ends_in_the_same_state()
    {
        var data = _folder.Sub("killed");
        string[] serve = ["serve", "--data", data, "--urls", "http://127.0.0.1:0"];
        // In the catalogue, then among the events, at some moment of each.
        var credits = RandomNumberGenerator.GetInt32(1, 30_000);
        using (var first = GraphRecProgram.Start([.. serve, "--until", FilledDirectory.Until]))
        {
            await Serving.WaitAsync(first, () => Count(data, "credit") >= credits);
            await first.KillAsync();
        }
        Assert.InRange(Count(data, "credit"), credits, 45_140);
        Assert.Equal(0, Count(data, "event"));
        var events = RandomNumberGenerator.GetInt32(1, 120_000);
        using (var second = GraphRecProgram.Start([.. serve, "--until", "2025-01-01"]))
        {
            await Serving.WaitAsync(second, () => Count(data, "event") >= events);
            await second.KillAsync();
            Assert.Contains("Filling the data directory was interrupted: going on.", second.Error, StringComparison.Ordinal);
        }
        Assert.InRange(Count(data, "event"), events, 149_999);
        // The day that filling began with counts, not those of later starts.
        using var third = await Serving.StartAsync(data);
        await third.StopAsync();
        Assert.Equal(Stored.State(filled.Path), Stored.State(data));
    }

    [Fact]
    public async Task What_is_recorded_changes_the_next_page()
    {
        using var serving = await Serving.StartAsync(Copy());
        const string viewer = "simulated-0007";
        var before = await PageAsync(serving, viewer);
        // What the viewer clicked on or listed is cited already.
        var picks = before.Single(r => r.Kind == "TOP_PICKS").Dramas.Where(d => !before.Any(r => r.Cited.Contains(d))).ToList();
        var (watched, started, skipped) = (picks[0], picks[1], picks[2]);

        await serving.RecordAsync(viewer, watched, "WATCH", 1);
        await serving.RecordAsync(viewer, watched, "RATE", 10);
        var after = await PageAsync(serving, viewer);
        Assert.DoesNotContain(after, r => r.Dramas.Contains(watched));
        Assert.Contains(after, r => r.Cited.Contains(watched));
        Assert.DoesNotContain(before, r => r.Cited.Contains(watched) && r.Kind == "BECAUSE_YOU_WATCHED");

        await serving.RecordAsync(viewer, started, "WATCH", 0.3);
        after = await PageAsync(serving, viewer);
        Assert.Equal("CONTINUE_WATCHING", Assert.Single(after, r => r.Dramas.Contains(started)).Kind);

        await serving.RecordAsync(viewer, skipped, "SKIP");
        after = await PageAsync(serving, viewer);
        Assert.DoesNotContain(after, r => r.Dramas.Contains(skipped));
        await serving.StopAsync();
    }

    [Fact]
    public async Task A_low_rating_lowers_what_is_like_it()
    {
        using var serving = await Serving.StartAsync(Copy());
        const string viewer = "simulated-0007";
        var disliked = (await PageAsync(serving, viewer)).Single(r => r.Kind == "TOP_PICKS").Dramas[0];
        var similar = (await serving.DataAsync("query($d: ID!, $u: ID!) { similarDramas(dramaId: $d, userId: $u, first: 10) { drama { id } } }", new { d = disliked, u = viewer }))
            .GetProperty("similarDramas").EnumerateArray().Select(s => s.GetProperty("drama").GetProperty("id").GetString()!).ToList();
        Assert.Equal(10, similar.Count);
        var before = await RanksAsync(serving, viewer, similar);
        await serving.RecordAsync(viewer, disliked, "RATE", 1);
        var after = await RanksAsync(serving, viewer, similar);
        var lower = before.Zip(after).Count(r => r.Second > r.First);
        Assert.True(lower >= 8 && after.Average() > before.Average(), $"{lower} of 10 fell; ranks {string.Join(' ', before)} became {string.Join(' ', after)}");
        await serving.StopAsync();
    }

    private sealed record PageRow(string Kind, List<string> Dramas, HashSet<string> Cited);

    private static async Task<List<PageRow>> PageAsync(Serving serving, string userId)
    {
        var home = (await serving.DataAsync(Queries.FullHome, new { userId, rows = 12, items = 12 })).GetProperty("home");
        return [.. home.GetProperty("rows").EnumerateArray().Select(row =>
        {
            var items = row.GetProperty("items").EnumerateArray().ToList();
            var reasons = items.Select(i => i.GetProperty("reason")).Append(row.GetProperty("reason"));
            var cited = reasons.SelectMany(r => r.GetProperty("paths").EnumerateArray()).Select(p => p.GetProperty("nodes")[1].GetProperty("id").GetString()!);
            return new PageRow(row.GetProperty("kind").GetString()!, [.. items.Select(i => i.GetProperty("drama").GetProperty("id").GetString()!)], [.. cited]);
        })];
    }

    private static async Task<List<int>> RanksAsync(Serving serving, string userId, List<string> dramas)
    {
        var ranks = new List<int>();
        foreach (var dramaId in dramas)
        {
            var explanation = (await serving.DataAsync("query($u: ID!, $d: ID!) { explain(userId: $u, dramaId: $d) { rank } }", new { u = userId, d = dramaId })).GetProperty("explain");
            ranks.Add(explanation.GetProperty("rank").GetInt32());
        }
        return ranks;
    }

    private string Copy()
    {
        var to = _folder.Sub("copy");
        Directory.CreateDirectory(to);
        File.Copy(Path.Combine(filled.Path, "graphrec.db"), Path.Combine(to, "graphrec.db"));
        return to;
    }

    /// <summary>Rows of a table while another process may be making the file.</summary>
    private static long Count(string data, string table)
    {
        try
        {
            return File.Exists(Path.Combine(data, "graphrec.db")) ? Stored.Number(data, $"SELECT count(*) FROM {table}") : 0;
        }
        catch (Microsoft.Data.Sqlite.SqliteException)
        {
            return 0;
        }
    }
}
