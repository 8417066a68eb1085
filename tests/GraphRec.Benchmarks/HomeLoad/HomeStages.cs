using System.Globalization;
using System.Runtime.InteropServices;
using GraphRec.Core;
using GraphRec.Graph;
using GraphRec.Graph.Kernels;
using GraphRec.Recommend;
using GraphRec.Recommend.Reasons;
using GraphRec.Recommend.Rows;
using GraphRec.Recommend.Sources;
using GraphRec.Storage.Embedded;

namespace GraphRec.Benchmarks.HomeLoad;

/// <summary>What each stage of a home page costs: CPU of this thread and garbage, per page, over all viewers.</summary>
internal static partial class HomeStages
{
    private const int Rounds = 3;
    private const int Viewers = 500;

    public static async Task<int> RunAsync(GraphExport export)
    {
        var graph = new LiveGraph(export);
        var (state, recipe) = (graph.State, Recipe.Default);
        var trending = new TrendingCache(recipe.TrendingDays);
        var pipeline = new RankPipeline(recipe, trending);
        var home = new HomePipeline(trending);
        var now = export.Behaviour.Max(b => b.LastAt).AddHours(1);
        string[] ids = [.. export.Behaviour.Select(b => b.UserId).Distinct().Order(StringComparer.Ordinal)];
        ids = [.. Enumerable.Range(0, Math.Min(Viewers, ids.Length)).Select(i => ids[i * ids.Length / Math.Min(Viewers, ids.Length)])];
        UserContext ContextOf(string id) => new(id, state.HistoryOf(id), state.Snapshot, recipe, RequestContext.None, now);
        UserContext[] users = [.. ids.Select(ContextOf)];
        var noFilter = new CompiledFilter(state.Snapshot, null);
        var scores = pipeline.Sources.Select(_ => new ScoreAccumulator(state.Snapshot.Dramas.Length)).ToArray();
        Console.WriteLine($"{"stage",-44} {"µs CPU",9} {"KB",9}   per page, {ids.Length} viewers");
        Time("1 user context", ids, id => ContextOf(id));
        for (var s = 0; s < scores.Length; s++)
        {
            var (source, into) = (pipeline.Sources[s], scores[s]);
            Time($"2 source {source.Name}", users, user =>
            {
                source.Score(user, state.Snapshot, into);
                into.Clear();
            });
        }
        var eligible = new Ineligible[state.Snapshot.Dramas.Length];
        Time("4 eligibility", users, user => new Eligibility(state.Snapshot, user, recipe, new HashSet<int>(), noFilter).Fill(eligible));
        Time("2-7 all of ranking (the rest is score, order)", users, user => pipeline.Rank(user, state.Snapshot).Dispose());
        Compose(users, pipeline, home, trending, state.Snapshot);
        var recommender = new Recommender(graph, recipe, TimeProvider.System);
        Time("1-9 the page, nothing recorded", ids, id => recommender.Home(id, 8, 12, new RequestContext(At: now), CancellationToken.None));
        await RecordedAsync(users, pipeline, home, state.Snapshot);
        Time("beside the requests: a new snapshot, µs each", [export, export], e => _ = new GraphSnapshot(e, 1));
        return 0;
    }

    /// <summary>What writing impressions costs beside the requests: CPU of the process, in batches as the recorder writes them.</summary>
    private static async Task RecordedAsync(UserContext[] users, RankPipeline pipeline, HomePipeline home, GraphSnapshot snapshot)
    {
        var directory = Directory.CreateTempSubdirectory("graphrec-home-stages-").FullName;
        await using (var store = await EmbeddedStore.OpenAsync(directory))
        {
            var recorder = new ImpressionRecorder(store.Impressions);
            foreach (var user in users)
            {
                using var list = pipeline.Rank(user, snapshot);
                var pageId = AttributionId.Page("home", user.UserId, user.Now, "v");
                recorder.Record(pageId, user, "v", "m", list, home.Compose(list, 8, 12, pageId, CancellationToken.None).Rows);
            }
            using var stop = new CancellationTokenSource();
            await stop.CancelAsync();
            var cost = Measure.Of(() => recorder.RunAsync(e => throw e, stop.Token).GetAwaiter().GetResult());
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{"beside the requests: an impression written",-44} {1e6 * cost.Cpu / users.Length,9:0.0}"));
        }
        Directory.Delete(directory, recursive: true);
    }

    private static void Compose(UserContext[] users, RankPipeline pipeline, HomePipeline home, TrendingCache trending, GraphSnapshot snapshot)
    {
        RankedList[] lists = [.. users.Select(u => pipeline.Rank(u, snapshot))];
        Time("8 plan all rows", lists, list => new RowPlanner(list, new Explainer(list, trending), trending).Plan());
        Time("9 reasons of 96 dramas", lists, list =>
        {
            var explainer = new Explainer(list, trending);
            for (var i = 0; i < Math.Min(96, list.Window.Length); i++) explainer.Best(list.Window[i].Item);
        });
        Time("9 ledgers of 96 dramas", lists, list =>
        {
            for (var i = 0; i < Math.Min(96, list.Window.Length); i++) list.Ledger(list.Window[i].Item);
        });
        Time("8-9 compose: plan, reasons, ledgers", lists, list => home.Compose(list, 8, 12, "page", CancellationToken.None));
        var pages = lists.ToDictionary(l => l, l => home.Compose(l, 8, 12, "page", CancellationToken.None).Rows);
        // A queue that nobody empties takes 4,096 pages and then drops them: both cost the same here.
        var recorder = new ImpressionRecorder(null!);
        Time("10 record: features, queue", lists, list => recorder.Record("page", list.User, "v", "m", list, pages[list]));
        foreach (var list in lists) list.Dispose();
    }

    private static void Time<T>(string stage, T[] over, Action<T> work)
    {
        foreach (var item in over) work(item);
        foreach (var item in over) work(item);
        Thread.Sleep(300);
        foreach (var item in over) work(item);
        var bytes = GC.GetAllocatedBytesForCurrentThread();
        var start = ThreadCpu();
        for (var round = 0; round < Rounds; round++)
            foreach (var item in over) work(item);
        var (cpu, garbage) = (ThreadCpu() - start, GC.GetAllocatedBytesForCurrentThread() - bytes);
        double n = Rounds * over.Length;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{stage,-44} {cpu / n,9:0.0} {garbage / n / 1000,9:0.0}"));
    }

    /// <summary>CPU of this thread in µs: other work on the machine does not count.</summary>
    private static double ThreadCpu()
    {
        const int threadCpuTime = 3;
        return ClockGetTime(threadCpuTime, out var time) == 0 ? time.Seconds * 1e6 + time.Nanoseconds / 1e3 : throw new PlatformNotSupportedException("--stages needs clock_gettime.");
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int ClockGetTime(int clock, out TimeSpec time);

    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
