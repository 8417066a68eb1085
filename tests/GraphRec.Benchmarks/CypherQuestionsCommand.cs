using System.Diagnostics;
using System.Globalization;
using GraphRec.Contracts.Neo4j;
using GraphRec.Core;
using GraphRec.Graph;
using GraphRec.Recommend;
using GraphRec.Storage.Embedded;
using GraphRec.Storage.Neo4j;
using HdrHistogram;

namespace GraphRec.Benchmarks;

/// <summary>
/// <c>cypher-questions --data DIR [--samples 200] [--seed 1]</c>: starts a real Neo4j, copies the graph of DIR into it, and asks every
/// named question of Neo4j and of the snapshot: for the same dramas and viewers, drawn by what was watched, one after another.
/// Then candidates of the same viewers, and their pages. Every answer of the two is compared.
/// </summary>
internal static class CypherQuestionsCommand
{
    private const int First = 20;
    private const int Warmup = 20;

    public static int Run(string[] args) => RunAsync(
        Value(args, "--data") ?? "data", int.Parse(Value(args, "--samples") ?? "200", CultureInfo.InvariantCulture), int.Parse(Value(args, "--seed") ?? "1", CultureInfo.InvariantCulture))
        .GetAwaiter().GetResult();

    private static async Task<int> RunAsync(string data, int samples, int seed)
    {
        GraphExport export;
        await using (var directory = await EmbeddedStore.OpenAsync(data, new EmbeddedOptions { ReadOnly = true })) export = await directory.Export.ReadAsync();
        await using var server = await Neo4jServer.OpenAsync();
        await TimedAsync(server, "graph copied into Neo4j", () => ExportLoad.RunAsync(server, export, CancellationToken.None));
        await using var store = await Neo4jStore.OpenAsync(new Neo4jOptions(server.Uri));
        var graph = new LiveGraph(export);
        var recipe = Recipe.Default;
        await TimedAsync(server, "derived edges written", () => store.Derived.WriteAsync(graph.State.Snapshot, recipe.MinCoWatchers));
        Console.WriteLine(Measure.Text($"{export.Dramas.Count:N0} dramas, {export.Behaviour.Count:N0} behaviour edges; Neo4j {store.ServerVersion}, {Environment.ProcessorCount} cores, .NET {Environment.Version}; {samples} samples, one at a time"));
        Console.WriteLine($"{"",-34} {"snapshot",21}   {"Neo4j",21} {"CPU ms of",12}");
        Console.WriteLine($"{"",-34} {"p50 ms",10} {"p99 ms",10}   {"p50 ms",10} {"p99 ms",10} {"Neo4j",12}  differ");
        var bench = new Bench(server, samples);
        await QuestionsAsync(bench, export, graph.State.Snapshot, store, new Random(seed));
        await CandidatesAsync(bench, export, graph, store, recipe, new Random(seed));
        return bench.Differences == 0 ? 0 : 1;
    }

    private static async Task QuestionsAsync(Bench bench, GraphExport export, GraphSnapshot snapshot, Neo4jStore store, Random random)
    {
        var histories = export.Behaviour.ToLookup(b => b.UserId, StringComparer.Ordinal);
        IGraphQueries own = new SnapshotQueries(snapshot.Graph, snapshot.Dramas.ToArray(), snapshot.People.ToArray(), user => [.. histories[user]], snapshot.Engaged);
        var draws = Draws(export, random, bench.Samples + Warmup);
        var now = export.Behaviour.Max(b => b.LastAt).AddHours(1);
        string[] Seeds(int i) => [.. histories[draws[i].UserId].Where(e => e.Type == EdgeType.Watched).Select(e => e.Target.Id).Take(20)];
        await bench.CompareAsync("co-watched", own, store.Queries, async (q, i) => (await q.CoWatchedAsync(draws[i].Target.Id, 5, First)).Select(c => (c.DramaId, c.Score)));
        await bench.CompareAsync("walked to, up to 20 seeds", own, store.Queries, async (q, i) => (await q.WalkedToAsync(Seeds(i), First)).Select(s => (s.DramaId, s.Score)));
        await bench.CompareAsync("sharing people", own, store.Queries, async (q, i) => (await q.SharingPeopleAsync(draws[i].Target.Id, First)).Select(s => (s.DramaId, (double)s.Shared)));
        await bench.CompareAsync("trending, a week", own, store.Queries, async (q, i) => (await q.TrendingAsync(now.AddDays(-7), now.AddMinutes(i), TimeSpan.FromDays(3.5), First)).Select(s => (s.DramaId, s.Score)));
        await bench.CompareAsync("history", own, store.Queries, async (q, i) => (await q.HistoryAsync(draws[i].UserId)).Select(e => (e.Target.Id, e.Value)));
        await bench.CompareAsync("paths of 2 hops", own, store.Queries, (q, i) => PathsAsync(q, i, 2));
        await bench.CompareAsync("paths of up to 4 hops", own, store.Queries, (q, i) => PathsAsync(q, i, 4));

        async Task<IEnumerable<(string, double)>> PathsAsync(IGraphQueries q, int i, int hops) =>
            (await q.PathsAsync(draws[i].UserId, draws[(i + 1) % draws.Length].Target.Id, hops, First)).Select(p => (string.Join('/', p.Nodes.Select(n => n.Node)), (double)p.Edges.Count));
    }

    private static async Task CandidatesAsync(Bench bench, GraphExport export, LiveGraph graph, Neo4jStore store, Recipe recipe, Random random)
    {
        var (state, draws) = (graph.State, Draws(export, random, bench.Samples + Warmup));
        var context = new RequestContext(At: export.Behaviour.Max(b => b.LastAt).AddHours(1));
        int[][] seeds = [.. draws.Select(d => new UserContext(d.UserId, state.HistoryOf(d.UserId), state.Snapshot, recipe, context, context.At!.Value).Seeds.Select(s => s.Item).ToArray())];
        Console.WriteLine(Measure.Text($"seeds of a viewer: {seeds.Average(s => s.Length):0} on average, {seeds.Max(s => s.Length)} at most"));
        // The snapshot has the lists already: what stands against the query is a look at them.
        var own = new NeighbourLists(state.Snapshot.Derived.Walk, state.Snapshot.Derived.CoWatch);
        await bench.CompareAsync("neighbours of a viewer's seeds", null, store.Derived, async (edges, i) =>
        {
            if (seeds[i].Length == 0) return [];
            var lists = edges is null ? own : await edges.ReadAsync(state.Snapshot, seeds[i]) ?? own;
            return [.. seeds[i].SelectMany(s => lists.Walk.Of(s).ToArray().Zip(lists.Walk.Scores(s).ToArray())).OrderBy(n => n.First).ThenBy(n => n.Second).Select(n => ($"{n.First}", (double)n.Second))];
        });
        var patient = new CandidateOptions { Budget = TimeSpan.FromMinutes(1), Pause = TimeSpan.Zero };
        var fetching = new Recommender(graph, recipe, TimeProvider.System, candidates: new StoredCandidates(store.Derived, patient, TimeProvider.System));
        await bench.CompareAsync("home page, 8 rows of 12", false, true, async (fetch, i) =>
        {
            var page = fetch ? await fetching.HomeAsync(draws[i].UserId, 8, 12, context, CancellationToken.None) : fetching.Home(draws[i].UserId, 8, 12, context, CancellationToken.None);
            return page.Rows.SelectMany(r => r.Items).Select(item => (item.Drama.Id, item.Score));
        });
    }

    private static BehaviourEdge[] Draws(GraphExport export, Random random, int count)
    {
        BehaviourEdge[] watched = [.. export.Behaviour.Where(b => b.Type is EdgeType.Watched or EdgeType.Rated)];
        return [.. Enumerable.Range(0, count).Select(_ => watched[random.Next(watched.Length)])];
    }

    private static async Task TimedAsync(Neo4jServer server, string what, Func<Task> work)
    {
        using var process = Process.GetCurrentProcess();
        var (own, theirs, watch) = (process.TotalProcessorTime, Cpu(server), Stopwatch.StartNew());
        await work();
        process.Refresh();
        Console.WriteLine(Measure.Text($"{what}: {watch.Elapsed.TotalSeconds:0.0} s; CPU s: {(process.TotalProcessorTime - own).TotalSeconds:0.0} here, {(Cpu(server) - theirs).TotalSeconds:0.0} in Neo4j"));
    }

    private static TimeSpan Cpu(Neo4jServer server)
    {
        using var process = Process.GetProcessById(server.ProcessId);
        return process.TotalProcessorTime;
    }

    private static string? Value(string[] args, string name) => Array.IndexOf(args, name) is >= 0 and var i && i + 1 < args.Length ? args[i + 1] : null;

    /// <summary>Asks two engines the same, one after the other.</summary>
    private sealed class Bench(Neo4jServer server, int samples)
    {
        public int Samples => samples;
        public int Differences { get; private set; }

        public async Task CompareAsync<TEngine>(string question, TEngine own, TEngine theirs, Func<TEngine, int, Task<IEnumerable<(string Id, double Score)>>> ask)
        {
            var (expected, ownTimes, _) = await AskAsync(own, ask);
            var (actual, theirTimes, cpu) = await AskAsync(theirs, ask);
            var differ = expected.Zip(actual).Count(pair => !Alike(pair.First, pair.Second));
            Differences += differ;
            Console.WriteLine(Measure.Text($"{question,-34} {Milliseconds(ownTimes, 50),10:0.000} {Milliseconds(ownTimes, 99),10:0.000}   {Milliseconds(theirTimes, 50),10:0.0} {Milliseconds(theirTimes, 99),10:0.0} {1000 * cpu.TotalSeconds / samples,12:0.0}  {differ}"));
        }

        private async Task<(List<(string, double)[]> Answers, LongHistogram Times, TimeSpan Cpu)> AskAsync<TEngine>(TEngine engine, Func<TEngine, int, Task<IEnumerable<(string, double)>>> ask)
        {
            var (answers, times) = (new List<(string, double)[]>(), new LongHistogram(TimeSpan.TicksPerMinute * 10, 3));
            var before = TimeSpan.Zero;
            for (var i = 0; i < samples + Warmup; i++)
            {
                if (i == Warmup) before = Cpu(server);
                var start = Stopwatch.GetTimestamp();
                var answer = await ask(engine, i);
                var took = Stopwatch.GetElapsedTime(start).Ticks;
                answers.Add([.. answer]);
                if (i >= Warmup) times.RecordValue(Math.Max(1, took));
            }
            return (answers, times, Cpu(server) - before);
        }

        private static double Milliseconds(LongHistogram times, double percentile) => times.GetValueAtPercentile(percentile) / (double)TimeSpan.TicksPerMillisecond;

        private static bool Alike((string Id, double Score)[] a, (string Id, double Score)[] b) =>
            a.Length == b.Length && a.Zip(b).All(pair => pair.First.Id == pair.Second.Id && Math.Abs(pair.First.Score - pair.Second.Score) <= 1e-9);
    }
}
