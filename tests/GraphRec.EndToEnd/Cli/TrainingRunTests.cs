using System.Globalization;
using System.Text.RegularExpressions;
using GraphRec.Learning.Training;

namespace GraphRec.EndToEnd.Cli;

/// <summary><c>graphrec train</c> as a process among others: stopped and gone on with, its memory, its priority.</summary>
[Collection("cli")]
public sealed partial class TrainingRunTests(SmallDirectory small) : IClassFixture<SmallDirectory>, IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Killed_or_stopped_it_goes_on_and_ends_as_if_nothing_had_been(bool kill)
    {
        var (undisturbed, disturbed) = (_folder.Sub("undisturbed"), _folder.Sub("disturbed"));
        small.CopyTo(undisturbed);
        small.CopyTo(disturbed);
        string[] line = ["train", "--ranker", "linear", "--models", "slim,ease", "--tune", "4", "--data"];
        Assert.Equal(0, (await GraphRecProgram.RunAsync([.. line, undisturbed])).Exit);
        var trials = Path.Combine(disturbed, "models", "training", "trials.jsonl");
        using (var program = GraphRecProgram.Start([.. line, disturbed]))
        {
            await Serving.WaitAsync(program, () => Lines(trials) > 3);
            if (kill) await program.KillAsync();
            else
            {
                program.Terminate();
                var stopped = await program.EndAsync();
                Assert.Equal(130, stopped.Exit);
                Assert.Contains("the same command goes on from there", stopped.Error, StringComparison.Ordinal);
            }
        }
        Assert.Empty(new ModelFolder(disturbed).Versions());
        var before = File.ReadLines(trials).Take(4).ToArray();
        // What is recorded meanwhile is for the next training: this one goes on with the events that it began with.
        Assert.Equal(0, (await GraphRecProgram.RunAsync("simulate", "--data", disturbed, "--viewers", "20", "--events", "1000", "--until", "2026-03-01", "--seed", "2")).Exit);

        var kept = false;
        using (var program = GraphRecProgram.Start([.. line, disturbed]))
        {
            // Trials that ended are not made again: their lines, with what each took, stay.
            while (!program.HasExited)
            {
                if (Lines(trials) > 3) kept |= before.SequenceEqual(File.ReadLines(trials).Take(4));
                await Task.Delay(10, TestContext.Current.CancellationToken);
            }
            var ran = await program.EndAsync();
            Assert.Equal(0, ran.Exit);
            Assert.Contains("going on with the training of", ran.Error, StringComparison.Ordinal);
        }
        Assert.True(kept);
        var (expected, actual) = (Trained(undisturbed), Trained(disturbed));
        Assert.Equal(expected.Manifest, actual.Manifest);
        Assert.Equal(expected.Files, actual.Files);
        Assert.False(File.Exists(trials));
    }

    [Theory]
    [InlineData("slim")]
    [InlineData("slim,ease")]
    public async Task It_states_how_much_memory_it_will_have_and_has_between_half_and_one_and_a_half_of_it(string models)
    {
        var data = _folder.Sub("data");
        small.CopyTo(data);
        using var program = GraphRecProgram.Start("train", "--ranker", "linear", "--models", models, "--tune", "3", "--data", data);
        var peak = 0L;
        while (!program.HasExited)
        {
            peak = Math.Max(peak, Peak(program));
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
        var ran = await program.EndAsync();
        Assert.InRange(ran.Exit, 0, 0);
        var stated = long.Parse(Stated().Match(ran.Error).Groups[1].Value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture) * 1_000_000;
        Assert.InRange((double)peak / stated, 0.5, 1.5);
    }

    [Fact]
    public async Task What_does_not_fit_into_memory_is_refused_with_the_way_out_or_left_out_of_the_comparison()
    {
        var data = _folder.Sub("data");
        small.CopyTo(data);
        // As in a container that allows 200 MB.
        var limited = new Dictionary<string, string> { ["DOTNET_GCHeapHardLimit"] = (200_000_000).ToString("X", CultureInfo.InvariantCulture) };
        var refused = await GraphRecProgram.RunWithAsync(limited, "train", "--ranker", "linear", "--data", data, "--models", "slim,ease", "--tune", "1");
        Assert.Equal((1, ""), (refused.Exit, refused.Out));
        foreach (var text in new[] { "of memory for ease, and there are 200 MB", "--models slim", "ease:maxItems=N" }) Assert.Contains(text, refused.Error, StringComparison.Ordinal);
        var trained = await GraphRecProgram.RunWithAsync(limited, "train", "--ranker", "linear", "--data", data, "--models", "slim", "--tune", "1");
        Assert.Equal(0, trained.Exit);
        Assert.Contains("ease does not fit into memory, and is left out of the comparison", trained.Error, StringComparison.Ordinal);
        var models = new ModelFolder(data);
        Assert.DoesNotContain(models.Manifest(models.Promotions.Current!).Gate!.Comparisons, found => found.Against == "ease");
    }

    [Theory]
    [InlineData("low", 19)]
    [InlineData("normal", 0)]
    public async Task Every_thread_of_it_lets_others_go_first_unless_told_otherwise(string priority, int niceness)
    {
        var data = _folder.Sub("data");
        small.CopyTo(data);
        using var program = GraphRecProgram.Start("train", "--ranker", "linear", "--data", data, "--tune", "4", "--threads", "2", "--priority", priority);
        await Serving.WaitAsync(program, () => Lines(Path.Combine(data, "models", "training", "trials.jsonl")) > 2);
        int[] threads = [.. Directory.GetDirectories($"{program.Proc}/task").Select(Niceness).OfType<int>()];
        Assert.InRange(threads.Length, 4, 200);
        var own = Niceness($"/proc/{Environment.ProcessId}")!.Value;
        Assert.All(threads, found => Assert.Equal(Math.Max(own, niceness), found));
        await program.KillAsync();
    }

    /// <summary>What a process or thread gives way to, from proc_pid_stat(5); null when it has ended.</summary>
    private static int? Niceness(string proc)
    {
        try
        {
            var stat = File.ReadAllText($"{proc}/stat");
            return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[16], CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static long Peak(GraphRecProgram program)
    {
        try
        {
            var line = File.ReadLines($"{program.Proc}/status").FirstOrDefault(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? 0 : 1024 * long.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private static int Lines(string file)
    {
        try
        {
            return File.Exists(file) ? File.ReadLines(file).Count() : 0;
        }
        catch (IOException)
        {
            return 0;
        }
    }

    /// <summary>What a training made, but for its name and time.</summary>
    private static (string Manifest, byte[][] Files) Trained(string data)
    {
        var models = new ModelFolder(data);
        var manifest = models.Manifest(models.Promotions.Current!);
        return ((manifest with { Version = "", TrainedAt = default }).ToJson(), [.. manifest.Parts.Select(part => File.ReadAllBytes(Path.Combine(data, "models", manifest.Version, part.File)))]);
    }

    [GeneratedRegex(@"memory +about ([\d,]+) MB")]
    private static partial Regex Stated();
}
