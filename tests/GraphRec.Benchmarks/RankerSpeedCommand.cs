using System.Diagnostics;
using GraphRec.Learning.Evaluation;
using GraphRec.Learning.Ranking;
using GraphRec.Ranking.Explanations;
using GraphRec.Ranking.Onnx;
using GraphRec.Ranking.Trees;

namespace GraphRec.Benchmarks;

/// <summary>
/// <c>ranker-speed [--calls N]</c>: 500 candidates of 45 features scored by LambdaMART with ONNX Runtime in one batch, by 1 and 2 threads and by two
/// requests at a time, and 96 of them explained by TreeSHAP; 200 and 400 trees of 31 and 63 leaves, fitted to made-up lists.
/// </summary>
internal static class RankerSpeedCommand
{
    private const int Features = 45, Candidates = 500, Explained = 96, Lists = 200;

    public static int Run(string[] args)
    {
        var calls = 1000;
        if (args.Length > 0 && (args.Length != 2 || args[0] != "--calls" || !int.TryParse(args[1], out calls) || calls < 100))
        {
            Console.Error.WriteLine("usage: ranker-speed [--calls N], N 100 or more");
            return 2;
        }
        var lists = Draw(1);
        foreach (var leaves in new[] { 31, 63 })
        {
            // By one thread: OpenMP's threads wait by spinning, and beside other work that takes several times the processor.
            TreeEnsemble? trees = null;
            var spent = Spent.By(() => trees = LambdaMart.Fit(lists, null, new LambdaMartParameters { Trees = 400, Leaves = leaves }, 1, 1));
            Print($"400 trees of {leaves} leaves fitted to {lists.RowCount:N0} rows: {spent.WallSeconds:F1} s, {spent.CpuSeconds:F1} s of CPU");
            Ensemble(trees!.First(200), leaves, lists, calls);
            Ensemble(trees, leaves, lists, calls);
        }
        Network(lists, calls);
        Print($"peak memory {Measure.PeakMegabytes():F0} MB");
        return 0;
    }

    private static void Ensemble(TreeEnsemble trees, int leaves, RankingLists lists, int calls)
    {
        Print($"{trees.TreeCount} trees of {leaves} leaves, {Candidates} × {Features}");
        var path = Path.GetTempFileName();
        try
        {
            var worst = RankerExport.Write(path, trees, lists, "made-up", 1);
            Print($"  largest difference from our own sum {worst:G2}, file {new FileInfo(path).Length / 1e6:F2} MB");
            Scoring(path, lists, calls);
            Explaining(trees, path, lists, calls);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static void Scoring(string path, RankingLists lists, int calls)
    {
        var description = OnnxFile.Description(path)!;
        foreach (var threads in new[] { 1, 2 })
        {
            using var ranker = new OnnxRanker(path, description, threads);
            var scores = new float[Candidates];
            Line($"score, {threads} thread(s)", calls, call => ranker.Score(lists.Features[(call % 40 * Candidates * Features)..], Candidates, scores));
        }
        using var shared = new OnnxRanker(path, description);
        var all = Enumerable.Range(0, 2).Select(_ => new Thread(() =>
        {
            var scores = new float[Candidates];
            for (var call = 0; call < calls; call++) shared.Score(lists.Features[(call % 40 * Candidates * Features)..], Candidates, scores);
        })).ToArray();
        var together = Measure.Of(() =>
        {
            foreach (var thread in all) thread.Start();
            foreach (var thread in all) thread.Join();
        });
        Print($"  {"two requests at a time",-26}{2 * calls / together.Wall:F0} batches/s  CPU {1000 * together.Cpu / (2 * calls):F3} ms each");
    }

    private static void Explaining(TreeEnsemble trees, string path, RankingLists lists, int calls)
    {
        using var ranker = new OnnxRanker(path, OnnxFile.Description(path)!);
        var shap = new TreeShap(trees);
        var (scores, contributions) = (new float[Candidates], new double[Explained * Features]);
        ranker.Score(lists.Features, Candidates, scores);
        Line($"TreeSHAP, {Explained} rows", calls / 4, _ => shap.Explain(lists.Features.Span, scores.AsSpan(0, Explained), contributions));
    }

    private static void Network(RankingLists lists, int calls)
    {
        var path = Path.GetTempFileName();
        try
        {
            var spent = Spent.By(() => RankerExport.Write(path, MlpRanker.Fit(lists, null, new MlpParameters { Epochs = 2 }, 1, 2), lists, "made-up", 1));
            Print($"MLP 64-32, two epochs of {lists.RowCount:N0} rows and the export: {spent.WallSeconds:F1} s, {spent.CpuSeconds:F1} s of CPU");
            using var ranker = new OnnxRanker(path, OnnxFile.Description(path)!);
            var scores = new float[Candidates];
            Line("score, 1 thread", calls, call => ranker.Score(lists.Features[(call % 40 * Candidates * Features)..], Candidates, scores));
            var shapley = new GroupShapley([.. Enumerable.Range(0, Features).Select(feature => feature % 10)], ranker.Description.Background, 8, 1);
            var contributions = new double[shapley.Groups];
            ranker.Score(lists.Features, Candidates, scores);
            Line("10 groups, 16 orders, a row", calls, call => shapley.Explain(ranker.Score, lists.Row(call % Candidates), scores[call % Candidates], contributions));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static void Line(string name, int calls, Action<int> work)
    {
        for (var call = 0; call < 50; call++) work(call);
        var times = new double[calls];
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var cpu = Measure.Of(() =>
        {
            for (var call = 0; call < calls; call++)
            {
                var start = Stopwatch.GetTimestamp();
                work(call);
                times[call] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            }
        }).Cpu;
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        Array.Sort(times);
        Print($"  {name,-26}p50 {times[calls / 2]:F3} ms  p99 {times[(int)(calls * 0.99)]:F3} ms  CPU {1000 * cpu / calls:F3} ms  {allocated / calls} bytes");
    }

    /// <summary>What is liked depends on pairs of features and steps, so that trees grow as deep as real ones.</summary>
    private static RankingLists Draw(int seed)
    {
        var (random, rows) = (new Random(seed), Lists * 100);
        var (features, labels, weights) = (new float[rows * Features], new byte[rows], new float[rows]);
        for (var row = 0; row < rows; row++)
        {
            var own = features.AsSpan(row * Features, Features);
            foreach (ref var value in own) value = random.NextSingle();
            var liked = (own[0] * own[1]) + (own[2] > 0.6f ? own[3] : own[4] * own[5]) + MathF.Abs(own[6] - own[7]) + (0.3f * random.NextSingle());
            for (var f = 8; f < Features; f++) liked += 0.02f * own[f];
            (labels[row], weights[row]) = ((byte)Math.Clamp((liked - 1.2f) * 4, 0, 4), 1);
        }
        return new RankingLists([.. Enumerable.Range(0, Features).Select(f => $"f{f}")], features, labels, weights, [.. Enumerable.Range(0, Lists + 1).Select(list => list * 100)]);
    }

    private static void Print(FormattableString text) => Console.WriteLine(Measure.Text(text));
}
