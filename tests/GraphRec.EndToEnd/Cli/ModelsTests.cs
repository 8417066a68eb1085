using System.Text.Json;
using GraphRec.Learning.Training;

namespace GraphRec.EndToEnd.Cli;

/// <summary>The life of a trained version as the person who runs it sees it: gate, candidates, promotion, going back, damage.</summary>
[Collection("cli")]
public sealed class ModelsTests(SmallDirectory small) : IClassFixture<SmallDirectory>, IDisposable
{
    private readonly TempFolder _folder = new();

    private string Data => _folder.Sub("data");

    private ModelFolder Models => new(Data);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_version_is_promoted_if_it_passes_the_gate_and_else_kept_with_the_reason()
    {
        small.CopyTo(Data);
        var first = await TrainAsync("slim");
        Assert.Equal(0, first.Exit);
        Assert.Contains("Promoted. There is no version to compare it with", Text(first), StringComparison.Ordinal);
        var served = Models.Promotions.Current!;

        var again = await TrainAsync("slim");
        Assert.Equal(9, again.Exit);
        Assert.Contains($"Kept as a candidate. It is no better than {served}, which was fitted on the same data", Text(again), StringComparison.Ordinal);
        var candidate = Assert.Single(Models.Versions(), version => version != served);
        var gate = Models.Manifest(candidate).Gate!;
        Assert.Equal(("candidate", false, 0.0), (gate.Outcome, gate.Passes, gate.Comparisons[^1].Difference));
        Assert.Equal(["popularity", "itemknn", "rp3beta", "ease", served], gate.Comparisons.Select(found => found.Against));
        Assert.Contains("candidate", StateOf(await ListAsync(), candidate), StringComparison.Ordinal);
        Assert.Equal(served, Models.Promotions.Current);

        var asked = await TrainAsync("rp3beta", "--candidate");
        Assert.Equal((0, served), (asked.Exit, Models.Promotions.Current));
        var forced = await TrainAsync("rp3beta", "--force");
        Assert.Equal(0, forced.Exit);
        Assert.Contains("Promoted because of --force, against the gate.", Text(forced), StringComparison.Ordinal);
        Assert.Equal("forced", Models.Manifest(Models.Promotions.Current!).Gate!.Outcome);
        Assert.Equal(0, (await GraphRecProgram.RunAsync("models", "rollback", "--data", Data)).Exit);

        // What viewers did since is reason enough, also where it is as good.
        Assert.Equal(0, (await GraphRecProgram.RunAsync("simulate", "--data", Data, "--viewers", "60", "--events", "4000", "--until", "2026-03-01", "--seed", "2")).Exit);
        var newer = await TrainAsync("slim");
        Assert.Equal(0, newer.Exit);
        Assert.Contains(served, Text(newer), StringComparison.Ordinal);
        Assert.Contains("Promoted. It is", Text(newer), StringComparison.Ordinal);
        Assert.NotEqual(served, Models.Promotions.Current);
    }

    [Fact]
    public async Task Versions_are_listed_shown_compared_promoted_gone_back_from_and_removed()
    {
        await TwoVersionsAsync();
        var (first, second) = (Models.Promotions.Served[1], Models.Promotions.Current!);
        Assert.Equal(("current", "1 before"), (StateOf(await ListAsync(), second), StateOf(await ListAsync(), first)));
        Assert.Contains("1 before", (await RunAsync("list")).Lines.Single(line => line.TrimStart().StartsWith(first, StringComparison.Ordinal) && !line.Contains(": ", StringComparison.Ordinal)), StringComparison.Ordinal);

        var shown = await RunAsync("show", "current");
        foreach (var text in new[] { second, "lists.grmodel", "dramas.jsonl", "Gate: forced.", "against popularity: ", "Its files are whole." }) Assert.Contains(text, Text(shown), StringComparison.Ordinal);
        var json = JsonDocument.Parse((await RunAsync("show", first, "--json")).Out).RootElement;
        Assert.Equal(("1 before", first), (json.GetProperty("state").GetString(), json.GetProperty("manifest").GetProperty("version").GetString()));

        var differ = JsonDocument.Parse((await RunAsync("diff", first, second, "--json")).Out).RootElement;
        Assert.Contains(differ.GetProperty("differences").EnumerateArray(), said => (said.GetProperty("what").GetString(), said.GetProperty("first").GetString(), said.GetProperty("second").GetString()) == ("collaborative: kind", "slim", "rp3beta"));
        Assert.InRange(differ.GetProperty("overlap").GetDouble(), 0.05, 0.95);
        Assert.Contains("dramas that a drama speaks for most", Text(await RunAsync("diff", first, second)), StringComparison.Ordinal);
        Assert.Contains("100.0 % are the same", Text(await RunAsync("diff", first, first)), StringComparison.Ordinal);

        Assert.Contains($"{first} is served again.", Text(await RunAsync("rollback")), StringComparison.Ordinal);
        Assert.Equal("rolled back", StateOf(await ListAsync(), second));
        var refused = await RunAsync(1, "rollback");
        Assert.Contains("There is no version to go back to", refused.Error, StringComparison.Ordinal);
        Assert.Contains("is served now", Text(await RunAsync("promote", second)), StringComparison.Ordinal);
        Assert.Contains("is served already", Text(await RunAsync("promote", second)), StringComparison.Ordinal);
        Assert.Contains("is served, and stays", (await RunAsync(1, "remove", "current")).Error, StringComparison.Ordinal);
        await RunAsync("remove", first);
        Assert.Equal([second], Models.Versions());
        Assert.Contains($"there are {second}", (await RunAsync(1, "show", first)).Error, StringComparison.Ordinal);
        Assert.Contains("is no name of a version", (await RunAsync(1, "show", "../data")).Error, StringComparison.Ordinal);
        Assert.Equal(["passed", "forced", "rolled-back", "by-hand"], Models.Promotions.History.Select(change => change.How));
    }

    [Fact]
    public async Task A_server_whose_current_version_is_damaged_starts_with_the_last_good_one_and_says_so()
    {
        await TwoVersionsAsync();
        var (first, second) = (Models.Promotions.Served[1], Models.Promotions.Current!);
        Cut(second, "lists.grmodel");
        var promoted = await RunAsync(1, "promote", second);
        Assert.Contains("lists.grmodel has", promoted.Error, StringComparison.Ordinal);
        Assert.Contains("damaged", (await RunAsync("show", second)).Out, StringComparison.Ordinal);

        using (var serving = await Serving.StartAsync(Data, "--no-seed"))
        {
            Assert.Equal($"linear-1/default/{first}", await VersionAsync(serving));
            await Serving.WaitAsync(serving.Program, () => Complaint(serving) is not null);
            var said = Complaint(serving)!;
            foreach (var text in new[] { "lists.grmodel has", "graphrec models rollback", "graphrec train", $"answers come from the model {first}" }) Assert.Contains(text, said, StringComparison.Ordinal);
            // What is wrong with what is named is said once, and not with every look.
            await Task.Delay(TimeSpan.FromSeconds(3), TestContext.Current.CancellationToken);
            Assert.Single(serving.Program.Out.Split('\n'), line => line.Contains("The current model cannot be served", StringComparison.Ordinal));
            await serving.StopAsync();
        }

        File.Delete(Path.Combine(Data, "models", first, "model.grmodel"));
        using (var serving = await Serving.StartAsync(Data, "--no-seed"))
        {
            Assert.Equal("linear-1/default", await VersionAsync(serving));
            await Serving.WaitAsync(serving.Program, () => Complaint(serving) is not null);
            Assert.Contains("answers come from no trained model", Complaint(serving), StringComparison.Ordinal);
            await serving.StopAsync();
        }
    }

    private static string? Complaint(Serving serving) => serving.Program.Out.Split('\n').FirstOrDefault(line => line.Contains("The current model cannot be served", StringComparison.Ordinal));

    private static async Task<string?> VersionAsync(Serving serving) =>
        (await serving.DataAsync("""{ home(userId: "simulated-0007") { modelVersion } }""")).GetProperty("home").GetProperty("modelVersion").GetString();

    private void Cut(string version, string part)
    {
        using var file = File.OpenWrite(Path.Combine(Data, "models", version, part));
        file.SetLength(file.Length / 2);
    }

    /// <summary>SLIM, and over it RP3β, which was forced.</summary>
    private async Task TwoVersionsAsync()
    {
        small.CopyTo(Data);
        Assert.Equal(0, (await TrainAsync("slim")).Exit);
        Assert.Equal(0, (await TrainAsync("rp3beta", "--force")).Exit);
    }

    private Task<Ran> TrainAsync(string models, params string[] more) => GraphRecProgram.RunAsync(["train", "--data", Data, "--ranker", "linear", "--models", models, "--tune", "1", .. more]);

    private Task<Ran> RunAsync(params string[] args) => RunAsync(0, args);

    private async Task<Ran> RunAsync(int exit, params string[] args)
    {
        var ran = await GraphRecProgram.RunAsync(["models", .. args, "--data", Data]);
        Assert.Equal(exit, ran.Exit);
        return ran;
    }

    private async Task<JsonElement> ListAsync() => JsonDocument.Parse((await RunAsync("list", "--json")).Out).RootElement;

    private static string StateOf(JsonElement list, string version) =>
        list.GetProperty("versions").EnumerateArray().Single(row => row.GetProperty("version").GetString() == version).GetProperty("state").GetString()!;

    /// <summary>The answer with its lines joined: what is long is broken.</summary>
    private static string Text(Ran ran) => string.Join(' ', ran.Lines.Select(line => line.Trim()));
}
