using System.Globalization;
using GraphRec.Graph;
using GraphRec.Graph.Kernels;

namespace GraphRec.Benchmarks;

/// <summary>
/// <c>kernels --data DIR [--threads N] [--runs N]</c>: builds the co-watch and the walk index of a data set in LightGCN's
/// form, and scores single users as a request does.
/// </summary>
internal static class KernelsCommand
{
    public static int Run(string[] args)
    {
        var (folder, threads, runs) = ("", Environment.ProcessorCount, 5);
        for (var i = 0; i + 1 < args.Length; i += 2)
        {
            if (args[i] == "--data") folder = args[i + 1];
            else if (args[i] == "--threads") threads = int.Parse(args[i + 1], CultureInfo.InvariantCulture);
            else if (args[i] == "--runs") runs = int.Parse(args[i + 1], CultureInfo.InvariantCulture);
        }
        if (folder.Length == 0)
        {
            Console.Error.WriteLine("usage: kernels --data DIR [--threads N] [--runs N]");
            return 2;
        }
        var train = InteractionFiles.ReadSplit(folder).Train;
        var additions = Enumerable.Range(0, train.UserCount).Sum(u => (double)train.UserDegree(u) * train.UserDegree(u));
        Print($"{train.UserCount:N0} users, {train.ItemCount:N0} items, {train.EdgeCount:N0} edges, {additions / 1e6:F1}e6 pairs");
        Print($"{"",-38}{"threads",8}{"CPU s",8}{"wall s",8}{"MB",8}");
        foreach (var t in new[] { 1, threads }.Distinct())
        {
            Index("CoWatch.Build, 100 neighbours", t, runs, () => CoWatch.Build(train, new CoWatchParameters(), t));
            Index("ThreeHopWalk.BuildIndex, 100", t, runs, () => ThreeHopWalk.BuildIndex(train, new WalkParameters(), 100, t));
        }
        OneUser(train);
        Print($"peak memory {Measure.PeakMegabytes():F0} MB");
        return 0;
    }

    private static void Index(string name, int threads, int runs, Func<ItemNeighbours> build)
    {
        var index = build();
        var time = Measure.Median(runs, () => index = build());
        Print($"{name,-38}{threads,8}{time.Cpu,8:F2}{time.Wall,8:F2}{index.Bytes / 1e6,8:F1}");
    }

    /// <summary>The serving form, which keeps every reachable item: milliseconds per user at some quantiles of the work.</summary>
    private static void OneUser(Bipartite train)
    {
        var weights = new WalkWeights(train, new WalkParameters());
        var scores = new ScoreAccumulator(train.ItemCount);
        var times = new List<double>();
        for (var round = 0; round < 2; round++)
        {
            times.Clear();
            for (var user = 0; user < train.UserCount; user += 30)
            {
                WeightedItem[] seeds = [.. train.ItemsOf(user).ToArray().Select(i => new WeightedItem(i, 1))];
                var start = System.Diagnostics.Stopwatch.GetTimestamp();
                scores.Clear();
                ThreeHopWalk.Score(train, seeds, weights, scores);
                times.Add(System.Diagnostics.Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
        }
        times.Sort();
        double At(double q) => times[(int)(q * (times.Count - 1))];
        Print($"ThreeHopWalk.Score of one user, ms: p50 {At(.5):F3}, p95 {At(.95):F3}, p99 {At(.99):F3}, max {At(1):F3}");
    }

    private static void Print(FormattableString text) => Console.WriteLine(Measure.Text(text));
}
