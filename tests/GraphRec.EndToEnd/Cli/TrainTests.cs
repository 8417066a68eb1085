using System.Globalization;
using System.Text.Json;
using GraphRec.Learning.Ranking;
using GraphRec.Learning.Training;
using GraphRec.Ranking;
using GraphRec.Ranking.Features;

namespace GraphRec.EndToEnd.Cli;

/// <summary>The catalogue with a few hundred simulated viewers, in a data directory that tests copy.</summary>
public sealed class SmallDirectory : IAsyncLifetime
{
    private readonly TempFolder _folder = new();

    public string Path => _folder.Sub("data");

    /// <summary>Copies the graph, without trained models.</summary>
    public void CopyTo(string data)
    {
        Directory.CreateDirectory(data);
        File.Copy(System.IO.Path.Combine(Path, "graphrec.db"), System.IO.Path.Combine(data, "graphrec.db"));
    }

    public async ValueTask InitializeAsync()
    {
        Assert.Equal(0, (await GraphRecProgram.RunAsync("import", System.IO.Path.Combine(AppContext.BaseDirectory, "seed", "catalog"), "--data", Path)).Exit);
        Assert.Equal(0, (await GraphRecProgram.RunAsync("simulate", "--data", Path, "--viewers", "300", "--events", "20000", "--until", "2026-03-01")).Exit);
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}

/// <summary><c>graphrec train</c> as a user runs it: what it prints and writes, and that serving, recommending and explaining use it.</summary>
[Collection("cli")]
public sealed class TrainTests(SmallDirectory small) : IClassFixture<SmallDirectory>, IDisposable
{
    private const string Viewer = "simulated-0007";

    private readonly TempFolder _folder = new();

    private string Data => _folder.Sub("data");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Models_are_compared_and_the_best_by_validation_becomes_the_current_version()
    {
        Copy();
        var ran = await GraphRecProgram.RunAsync("train", "--data", Data, "--ranker", "linear", "--models", "slim,itemknn:neighbours=20", "--tune", "3");
        Assert.Equal(0, ran.Exit);
        foreach (var text in new[] { "Validation N@20", "Test N@20", "Test R@20", "slim", "itemknn:neighbours=20", "popularity" }) Assert.Contains(text, ran.Out, StringComparison.Ordinal);
        var first = Current();
        Assert.Equal(first, ran.Lines.Single(line => line.Contains("chosen by validation", StringComparison.Ordinal)).Split(':')[0]);
        var manifest = ModelManifest.Read(Path.Combine(Data, "models", first, "manifest.json"));
        Assert.Equal(["slim", "itemknn:neighbours=20", "popularity", "rp3beta", "ease"], manifest.Compared.Select(m => m.Name));
        var best = manifest.Compared.Take(2).MaxBy(m => m.Validation)!;
        var part = manifest.Part(ModelPart.Collaborative);
        Assert.Equal((best.Name.Split(':')[0], first), (part.Kind, manifest.Version));
        Assert.Equal(best.Parameters, part.Parameters);
        Assert.InRange(manifest.Engagements, 1000, 20_000);
        foreach (var model in manifest.Compared)
        {
            var line = ran.Lines.Single(l => l.TrimStart().StartsWith(model.Name + " ", StringComparison.Ordinal));
            foreach (var value in new[] { model.Validation!.Value, model.Ndcg, model.Recall }) Assert.Contains(value.ToString("0.0000", CultureInfo.InvariantCulture), line, StringComparison.Ordinal);
        }

        // Names of versions are by the second.
        await Task.Delay(1000, TestContext.Current.CancellationToken);
        Assert.Equal(0, (await GraphRecProgram.RunAsync("train", "--data", Data, "--ranker", "linear", "--models", "rp3beta", "--tune", "1", "--force")).Exit);
        var second = Current();
        Assert.NotEqual(first, second);
        Assert.EndsWith("-rp3beta", second, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(Data, "models", first, "model.grmodel")), "the version before stays");
    }

    [Fact]
    public async Task A_ranker_that_wins_is_part_of_the_version_and_what_it_serves_says_what_its_scores_are_made_of()
    {
        Assert.SkipWhen(LambdaMart.Missing is not null, LambdaMart.Missing ?? "");
        Copy();
        Assert.Equal(0, (await GraphRecProgram.RunAsync("train", "--data", Data, "--models", "slim", "--tune", "1", "--ranker", "linear")).Exit);
        // Names of versions are by the second.
        await Task.Delay(1000, TestContext.Current.CancellationToken);
        // The same data and the same model: the ranker is what is new.
        var ran = await GraphRecProgram.RunAsync("train", "--data", Data, "--models", "slim", "--tune", "1");
        Assert.Equal(0, ran.Exit);
        Assert.Contains("its ranker is better", string.Join(' ', ran.Lines), StringComparison.Ordinal);
        var manifest = ModelManifest.Read(Path.Combine(Data, "models", Current(), "manifest.json"));
        var ranker = manifest.Ranker!;
        Assert.True(ranker.Included, ranker.Reason);
        Assert.Equal(("lambdamart", "better", "linear"), (ranker.Kind, ranker.Comparison!.Verdict, ranker.Comparison.Against));
        Assert.Contains($"Ranker: lambdamart. {ranker.Reason}", string.Join(' ', ran.Lines), StringComparison.Ordinal);
        var part = manifest.Part(ModelPart.Ranker);
        Assert.Equal((new FeatureSet(SourceNames.All).Fingerprint, ranker.Ndcg), (part.Features, part.Metrics["ndcg@10"]));

        const string query = "query($u: ID!) { home(userId: $u) { modelVersion degraded rows { title items { score ledger { source value } reason { kind paths { share edges { type } } } } } } }";
        using var serving = await Serving.StartAsync(Data, "--no-seed", "--until", "2026-03-01");
        var home = (await serving.DataAsync(query, new { u = Viewer })).GetProperty("home");
        Assert.Equal(($"learned/default/{Current()}", false), (home.GetProperty("modelVersion").GetString(), home.GetProperty("degraded").GetBoolean()));
        var items = home.GetProperty("rows").EnumerateArray().SelectMany(row => row.GetProperty("items").EnumerateArray()).ToArray();
        Assert.True(items.Length > 40);
        Assert.All(items, item => Assert.Equal(item.GetProperty("score").GetDouble(), item.GetProperty("ledger").EnumerateArray().Sum(c => c.GetProperty("value").GetDouble()), 1e-6));
        var sources = items.SelectMany(item => item.GetProperty("ledger").EnumerateArray()).Select(c => c.GetProperty("source").GetString()!).ToHashSet();
        Assert.Superset(new HashSet<string> { LedgerNames.Baseline, LedgerNames.Habits, SourceNames.Popularity }, sources);
        Assert.Contains(items, item => item.GetProperty("reason").GetProperty("paths").GetArrayLength() > 0);
        await serving.StopAsync();
    }

    [Fact]
    public async Task The_same_events_and_seed_give_the_same_model_on_any_number_of_threads()
    {
        Copy();
        var models = new List<byte[]>();
        foreach (var threads in new[] { "1", "2" })
        {
            Assert.Equal(0, (await GraphRecProgram.RunAsync("train", "--data", Data, "--ranker", "linear", "--models", "slim", "--tune", "2", "--threads", threads)).Exit);
            models.Add(await File.ReadAllBytesAsync(Path.Combine(Data, "models", Current(), "model.grmodel"), TestContext.Current.CancellationToken));
            Directory.Delete(Path.Combine(Data, "models"), recursive: true);
        }
        Assert.Equal(models[0], models[1]);
    }

    [Fact]
    public async Task A_server_that_runs_serves_it_within_seconds_and_so_do_the_commands_that_recommend()
    {
        Copy();
        const string query = "query($u: ID!) { home(userId: $u) { modelVersion degraded rows { items { drama { id } ledger { source value } score } } } }";
        using var serving = await Serving.StartAsync(Data, "--until", "2026-03-01");
        var before = (await serving.DataAsync(query, new { u = Viewer })).GetProperty("home");
        Assert.Equal("linear-1/default", before.GetProperty("modelVersion").GetString());
        Assert.Empty(Collaborative(before));

        Assert.Equal(0, (await GraphRecProgram.RunAsync("train", "--data", Data, "--ranker", "linear", "--models", "slim", "--tune", "1")).Exit);
        var version = $"linear-1/default/{Current()}";
        var after = await ServedBy(version);
        Assert.Equal((version, false), (after.GetProperty("modelVersion").GetString(), after.GetProperty("degraded").GetBoolean()));
        var drama = Collaborative(after)[0];

        // A version that cannot be read is not served; when it has been mended it is, though its name is the same.
        var (folder, next) = (Path.Combine(Data, "models"), "20990101-000000-slim");
        Directory.CreateDirectory(Path.Combine(folder, next));
        var trained = Current();
        var manifest = await File.ReadAllTextAsync(Path.Combine(folder, trained, "manifest.json"), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(folder, "current"), next, TestContext.Current.CancellationToken);
        await Task.Delay(TimeSpan.FromSeconds(3), TestContext.Current.CancellationToken);
        Assert.Equal(version, (await serving.DataAsync(query, new { u = Viewer })).GetProperty("home").GetProperty("modelVersion").GetString());
        foreach (var part in new[] { "model.grmodel", "lists.grmodel", "dramas.jsonl" }) File.Copy(Path.Combine(folder, trained, part), Path.Combine(folder, next, part));
        await File.WriteAllTextAsync(Path.Combine(folder, next, "manifest.json"), manifest.Replace(trained, next, StringComparison.Ordinal), TestContext.Current.CancellationToken);
        version = $"linear-1/default/{next}";
        Assert.Equal(version, (await ServedBy(version)).GetProperty("modelVersion").GetString());
        await serving.StopAsync();

        var recommended = await GraphRecProgram.RunAsync("recommend", Viewer, "--data", Data);
        Assert.Equal(0, recommended.Exit);
        Assert.Contains(version, recommended.Out.ReplaceLineEndings(""), StringComparison.Ordinal);
        var explained = await GraphRecProgram.RunAsync("explain", Viewer, drama, "--data", Data);
        Assert.Equal(0, explained.Exit);
        Assert.Contains(explained.Lines, line => line.TrimStart().StartsWith("collaborative", StringComparison.Ordinal));

        async Task<JsonElement> ServedBy(string wanted)
        {
            JsonElement home = default;
            for (var looks = 0; looks < 200 && (looks == 0 || home.GetProperty("modelVersion").GetString() != wanted); looks++)
            {
                await Task.Delay(100, TestContext.Current.CancellationToken);
                home = (await serving.DataAsync(query, new { u = Viewer })).GetProperty("home");
            }
            return home;
        }
    }

    [Theory]
    [InlineData("train --data DATA --models nothing", "There is no model nothing; choose from")]
    [InlineData("train --data DATA --models userknn", "userknn cannot be served", "Train one of itemknn")]
    [InlineData("train --data DATA --models slim:colour=1", "slim has no parameter colour")]
    [InlineData("train --data DATA --tune 0", "--tune must be a whole number from 1")]
    [InlineData("train --data /no/such/place", "There is no data in /no/such/place yet")]
    public async Task What_is_wrong_is_told_with_what_to_change(string line, params string[] says)
    {
        var ran = await GraphRecProgram.RunAsync(line.Replace("DATA", small.Path, StringComparison.Ordinal).Split(' '));
        Assert.Equal("", ran.Out);
        Assert.NotEqual(0, ran.Exit);
        Assert.All(says, text => Assert.Contains(text, ran.Error, StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", ran.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(small.Path, "models")));
    }

    [Fact]
    public async Task Too_little_to_learn_from_is_told_and_a_model_that_is_broken_too()
    {
        _folder.Write("catalogue/dramas.jsonl", """{"id":"a","title":"A"}""");
        Assert.Equal(0, (await GraphRecProgram.RunAsync("import", _folder.Sub("catalogue"), "--data", Data)).Exit);
        var refused = await GraphRecProgram.RunAsync("train", "--data", Data);
        Assert.Equal((1, ""), (refused.Exit, refused.Out));
        Assert.Contains("there are 0 engagements, too few", refused.Error, StringComparison.Ordinal);
        _folder.Write("data/models/current", "20260101-000000-slim");
        var broken = await GraphRecProgram.RunAsync("recommend", "ann", "--data", Data);
        Assert.Equal((1, ""), (broken.Exit, broken.Out));
        Assert.Contains("train again with 'graphrec train'", broken.Error, StringComparison.Ordinal);
    }

    /// <summary>Dramas of a page to whose score the trained model adds, those with a ledger that sums to it.</summary>
    private static List<string> Collaborative(JsonElement home) =>
    [
        .. home.GetProperty("rows").EnumerateArray().SelectMany(row => row.GetProperty("items").EnumerateArray())
            .Where(item => Math.Abs(item.GetProperty("ledger").EnumerateArray().Sum(l => l.GetProperty("value").GetDouble()) - item.GetProperty("score").GetDouble()) < 1e-6)
            .Where(item => item.GetProperty("ledger").EnumerateArray().Any(l => l.GetProperty("source").GetString() == "collaborative" && l.GetProperty("value").GetDouble() > 0))
            .Select(item => item.GetProperty("drama").GetProperty("id").GetString()!),
    ];

    private string Current() => new ModelFolder(Data).Promotions.Current!;

    private void Copy() => small.CopyTo(Data);
}
