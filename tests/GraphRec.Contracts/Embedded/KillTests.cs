using System.Diagnostics;
using GraphRec.Core;
using GraphRec.Storage.Embedded;
using GraphRec.Storage.Files;
using Xunit;

namespace GraphRec.Contracts.Embedded;

/// <summary>Kills a process in the middle of its writes (SIGKILL), again and again, and looks at what it left.</summary>
public sealed class KillTests : IDisposable
{
    private const int Rounds = 12;

    private readonly TempDirectory _directory = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task No_acknowledged_event_is_lost_or_doubled_and_the_graph_follows_the_log()
    {
        var random = new Random(20_261_122);
        var acknowledged = new List<string>();
        var tails = 0L;
        for (var round = 0; round < Rounds; round++)
        {
            acknowledged.AddRange(await RunAndKillAsync($"append|{_directory.Path}|{round}", random.Next(20, 400), least: 4));

            await using var store = await EmbeddedStore.OpenAsync(_directory.Path, cancel: Cancel);
            Assert.Empty(await store.CheckIntegrityAsync(Cancel));
            tails += await store.CatchUpAsync(Cancel);
            var log = await Examples.ListAsync(store.Events.ReadAsync(0, Cancel));
            Assert.Equal(Enumerable.Range(1, log.Count).Select(i => (long)i), log.Select(e => e.Sequence));
            var ids = log.Select(e => e.Event.Id).ToList();
            Assert.Equal(ids.Count, ids.Distinct().Count());
            Assert.Empty(acknowledged.Except(ids));
            AssertOrderOfEachCaller(ids);
            var graph = await store.Export.ReadAsync(Cancel);
            Assert.Equal(log.Count, graph.Version.AppliedThrough);
            Assert.Equal(Examples.Folded(log.Select(e => e.Event)), graph.Behaviour);
        }
        // Otherwise the test would have killed idle processes.
        Assert.True(acknowledged.Count > 3 * Rounds, $"only {acknowledged.Count} events in {Rounds} rounds");
        TestContext.Current.TestOutputHelper!.WriteLine($"{acknowledged.Count} acknowledged events, {tails} caught up in {Rounds} rounds");
    }

    [Fact]
    public async Task An_import_killed_again_and_again_ends_where_an_unbroken_one_does()
    {
        var source = _directory.File("source");
        WriteSource(source);
        var (whole, broken) = (_directory.File("whole"), _directory.File("broken"));
        await ImportAsync(whole, source);

        var random = new Random(7);
        for (var round = 0; round < 5; round++) await RunAndKillAsync($"import|{broken}|{source}", random.Next(20, 200));
        var interrupted = await LogLengthAsync(broken);
        Assert.True(interrupted < 3_000, "every kill came too late; the import must be made longer");
        Assert.Equal(0, (await ImportAsync(broken, source)).ExitCode);

        await using var expected = await EmbeddedStore.OpenAsync(whole, cancel: Cancel);
        await using var actual = await EmbeddedStore.OpenAsync(broken, cancel: Cancel);
        Assert.Empty(await actual.CheckIntegrityAsync(Cancel));
        var (a, b) = (await expected.Export.ReadAsync(Cancel), await actual.Export.ReadAsync(Cancel));
        Assert.Equal(a.Dramas.Select(d => (d.Id, d.Title, d.Follows, d.Genres.Single())), b.Dramas.Select(d => (d.Id, d.Title, d.Follows, d.Genres.Single())));
        Assert.Equal(a.People, b.People);
        Assert.Equal(a.Credits, b.Credits);
        Assert.Equal(a.Behaviour, b.Behaviour);
        Assert.Equal(
            await Examples.ListAsync(expected.Events.ReadAsync(0, Cancel)), await Examples.ListAsync(actual.Events.ReadAsync(0, Cancel)));
    }

    /// <summary>
    /// Starts the victim, kills it some time after it has printed that it is ready and a few lines more, and returns the
    /// whole lines it printed since it was ready.
    /// </summary>
    private static async Task<List<string>> RunAndKillAsync(string order, int milliseconds, int least = 0)
    {
        var name = typeof(KillTests).Assembly.GetName().Name + (OperatingSystem.IsWindows() ? ".exe" : "");
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, name)) { RedirectStandardOutput = true, UseShellExecute = false };
        start.Environment[KillVictim.Variable] = order;
        using var victim = Process.Start(start)!;
        var lines = new List<string>();
        Assert.Equal("ready", await victim.StandardOutput.ReadLineAsync(Cancel));
        // On a busy machine the time alone may pass before anything has happened.
        while (lines.Count < least) lines.Add((await victim.StandardOutput.ReadLineAsync(Cancel))!);
        var reading = victim.StandardOutput.ReadToEndAsync(Cancel);
        await Task.Delay(milliseconds, Cancel);
        victim.Kill();
        await victim.WaitForExitAsync(Cancel);
        var printed = await reading;
        lines.AddRange(printed[..(printed.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries));
        return lines;
    }

    private static void AssertOrderOfEachCaller(List<string> ids)
    {
        foreach (var caller in ids.GroupBy(id => id[..id.LastIndexOf('-')]))
        {
            var numbers = caller.Select(id => int.Parse(id.AsSpan(id.LastIndexOf('-') + 1), System.Globalization.CultureInfo.InvariantCulture));
            Assert.Equal(Enumerable.Range(0, caller.Count()), numbers);
        }
    }

    private static async Task<ImportReport> ImportAsync(string directory, string source)
    {
        await using var store = await EmbeddedStore.OpenAsync(directory, cancel: Cancel);
        var stores = new ImportStores(store.Catalog, store.Events, store.Graph, store.Checkpoints);
        return await new Importer(TimeProvider.System).RunAsync(new ImportRequest(source) { BatchSize = 50 }, stores, cancel: Cancel);
    }

    private static async Task<long> LogLengthAsync(string directory)
    {
        await using var store = await EmbeddedStore.OpenAsync(directory, cancel: Cancel);
        return await store.Events.LastSequenceAsync(Cancel);
    }

    /// <summary>300 dramas, 100 people, 900 credits without stated order, 3,000 events.</summary>
    private static void WriteSource(string folder)
    {
        Directory.CreateDirectory(folder);
        Write("dramas.jsonl", 300, i => $$"""{"id":"d{{i}}","title":"Drama {{i}}","genres":["g{{i % 5}}"]}""");
        Write("people.jsonl", 100, i => $$"""{"id":"p{{i}}","name":"Person {{i}}"}""");
        Write("credits.jsonl", 900, i => $$"""{"drama":"d{{i / 3}}","person":"p{{i % 100}}","role":"actor"}""");
        Write("sequels.jsonl", 50, i => $$"""{"drama":"d{{i + 1}}","follows":"d{{i}}"}""");
        Write("events.jsonl", 3_000, i =>
            $$"""{"user":"u{{i % 37}}","drama":"d{{i % 300}}","kind":"WATCH","value":0.5,"at":{{Examples.Start.ToUnixTimeMilliseconds() + i}}}""");

        void Write(string name, int count, Func<int, string> line) =>
            File.WriteAllLines(Path.Combine(folder, name), Enumerable.Range(0, count).Select(line));
    }
}
