using System.Collections.Concurrent;
using System.Text.Json;
using GraphRec.Learning.Training;

namespace GraphRec.EndToEnd.Cli;

/// <summary>Versions come and go while a server answers.</summary>
[Collection("cli")]
public sealed class ModelSwapTests(SmallDirectory small) : IClassFixture<SmallDirectory>, IDisposable
{
    private const int Clients = 4, Swaps = 8;

    private const string Broken = "20990101-000000-slim";

    private const string Query = """
        query($u: ID!) { home(userId: $u, rows: 6, itemsPerRow: 8, context: { at: "2026-03-01T12:00:00Z" }) {
          modelVersion degraded rows { items { score drama { id } ledger { source value } reason { text } } } } }
        """;

    private static readonly string[] Viewers = [.. Enumerable.Range(1, 12).Select(n => $"simulated-{n * 7:0000}")];

    private readonly TempFolder _folder = new();

    private string Data => _folder.Sub("data");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task No_request_fails_and_none_is_of_two_versions_while_versions_are_swapped_and_one_is_damaged()
    {
        small.CopyTo(Data);
        // One with a ranker of its own and one without.
        foreach (var (kind, ranker) in new[] { ("slim", "linear"), ("rp3beta", "mlp") })
            Assert.Equal(0, (await GraphRecProgram.RunAsync("train", "--data", Data, "--models", kind, "--tune", "1", "--ranker", ranker, "--force")).Exit);
        var models = new ModelFolder(Data);
        string[] versions = [.. models.Promotions.Served];
        Damaged(models, versions[0], Broken);
        using var serving = await Serving.StartAsync(Data, "--no-seed");
        var known = new Dictionary<(string Version, string Viewer), string>();
        foreach (var version in versions)
        {
            models.Promotions.Promote(version, Promotions.ByHand, DateTimeOffset.UnixEpoch);
            await ServedByAsync(serving, version);
            foreach (var viewer in Viewers) known.Add((version, viewer), (await HomeAsync(serving, viewer)).GetRawText());
        }
        Assert.All(Viewers, viewer => Assert.NotEqual(Rows(known[(versions[0], viewer)]), Rows(known[(versions[1], viewer)])));

        using var stop = new CancellationTokenSource();
        var (seen, wrong) = (new ConcurrentDictionary<string, int>(), new ConcurrentQueue<string>());
        var asking = Enumerable.Range(0, Clients).Select(client => Task.Run(() => AskAsync(serving, client, known, seen, wrong, stop.Token))).ToArray();
        for (var swap = 0; swap < Swaps; swap++)
        {
            if (swap == Swaps / 2)
            {
                models.Promotions.Promote(Broken, Promotions.ByHand, DateTimeOffset.UnixEpoch);
                await Serving.WaitAsync(serving.Program, () => serving.Program.Out.Contains("The current model cannot be served; answers go on from the model", StringComparison.Ordinal));
            }
            models.Promotions.Promote(versions[swap % 2], Promotions.ByHand, DateTimeOffset.UnixEpoch);
            await ServedByAsync(serving, versions[swap % 2]);
            await Task.Delay(200, TestContext.Current.CancellationToken);
        }
        await stop.CancelAsync();
        await Task.WhenAll(asking);

        Assert.Empty(wrong);
        Assert.Equal(versions.Order(StringComparer.Ordinal), seen.Keys.Order(StringComparer.Ordinal));
        Assert.All(seen.Values, count => Assert.InRange(count, 10 * Swaps, int.MaxValue));
        await serving.StopAsync();
    }

    /// <summary>A copy of a version with a bit that is wrong.</summary>
    private void Damaged(ModelFolder models, string version, string name)
    {
        var (from, to) = (Path.Combine(Data, "models", version), Directory.CreateDirectory(Path.Combine(Data, "models", name)).FullName);
        foreach (var file in Directory.GetFiles(from)) File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        File.WriteAllText(Path.Combine(to, "manifest.json"), (models.Manifest(version) with { Version = name }).ToJson());
        var lists = File.ReadAllBytes(Path.Combine(to, "lists.grmodel"));
        lists[lists.Length / 2] ^= 4;
        File.WriteAllBytes(Path.Combine(to, "lists.grmodel"), lists);
    }

    private static async Task AskAsync(
        Serving serving, int client, Dictionary<(string, string), string> known, ConcurrentDictionary<string, int> seen, ConcurrentQueue<string> wrong, CancellationToken stop)
    {
        for (var n = client; !stop.IsCancellationRequested; n++)
        {
            var viewer = Viewers[n % Viewers.Length];
            try
            {
                var home = await HomeAsync(serving, viewer);
                var version = home.GetProperty("modelVersion").GetString()!.Split('/')[^1];
                seen.AddOrUpdate(version, 1, (_, count) => count + 1);
                if (!known.TryGetValue((version, viewer), out var expected) || expected != home.GetRawText()) wrong.Enqueue($"{viewer} by {version}: {home.GetRawText()}");
            }
            catch (Exception e) when (e is HttpRequestException or InvalidOperationException or JsonException or KeyNotFoundException)
            {
                wrong.Enqueue(e.ToString());
            }
        }
    }

    private static async Task<JsonElement> HomeAsync(Serving serving, string viewer) => (await serving.DataAsync(Query, new { u = viewer })).GetProperty("home");

    private static string Rows(string home) => JsonDocument.Parse(home).RootElement.GetProperty("rows").GetRawText();

    private static async Task ServedByAsync(Serving serving, string version)
    {
        // A look every second, on a machine that may be busy.
        for (var looks = 0; !(await HomeAsync(serving, Viewers[0])).GetProperty("modelVersion").GetString()!.EndsWith(version, StringComparison.Ordinal); looks++)
        {
            Assert.InRange(looks, 0, 400);
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }
}
