using System.Globalization;
using GraphRec.Graph;
using GraphRec.Graph.Kernels;

namespace GraphRec.Benchmarks;

/// <summary>
/// <c>gowalla-walk --data DIR [--threads N] [--sample N] [--runs N] [--alpha A --item-alpha A --beta B]</c>: exact
/// three-hop walks for all users of a data set in LightGCN's form (train.txt, test.txt), against the obvious version.
/// </summary>
internal static class GowallaWalkCommand
{
    private const int Cut = 20;

    private sealed record Options(string Data, int Threads, int Sample, int Runs, WalkParameters Walk);

    public static int Run(string[] args)
    {
        if (Parse(args) is not { } o)
        {
            Console.Error.WriteLine(
                "usage: gowalla-walk --data DIR [--threads N] [--sample N] [--runs N] [--alpha A] [--item-alpha A] [--beta B]");
            return 2;
        }
        var (train, test) = InteractionFiles.ReadSplit(o.Data);
        var (naive, merged) = EdgeSteps(train);
        Print($"{train.UserCount:N0} users, {train.ItemCount:N0} items, {train.EdgeCount:N0} edges; exponents {o.Walk}");
        Print($"edge steps: {naive / 1e9:F3}e9 path by path, {merged / 1e9:F3}e9 with co-viewers summed first");
        var obvious = Obvious(train, o);
        Print($"{"",-34}{"threads",8}{"CPU s",8}{"wall s",8}{"M steps/CPU s",15}{"R@20",8}{"N@20",8}");
        Line("obvious, path by path *", 1, obvious.Time, obvious.Steps, null);
        foreach (var threads in new[] { 1, o.Threads }.Distinct())
        {
            var quality = new Quality(test, Cut);
            void All() => ThreeHopWalk.ScoreAllUsers(train, o.Walk, Cut, threads, quality.Take);
            All(); // compiles the kernel and touches its memory
            Line("ScoreAllUsers, top 20 included", threads, Measure.Median(o.Runs, All), merged, quality);
        }
        Print($"* {o.Sample:N0} users spread evenly, without top 20; the largest relative difference of a score is {obvious.Difference:E1}");
        Print($"peak memory {Measure.PeakMegabytes():F0} MB");
        return 0;
    }

    private static Options? Parse(string[] args)
    {
        if (args.Length % 2 != 0) return null;
        var o = new Options("", Environment.ProcessorCount, 300, 3, new WalkParameters());
        for (var i = 0; i < args.Length; i += 2)
        {
            var value = args[i + 1];
            int Whole() => int.Parse(value, CultureInfo.InvariantCulture);
            float Real() => float.Parse(value, CultureInfo.InvariantCulture);
            switch (args[i])
            {
                case "--data": o = o with { Data = value }; break;
                case "--threads": o = o with { Threads = Whole() }; break;
                case "--sample": o = o with { Sample = Whole() }; break;
                case "--runs": o = o with { Runs = Whole() }; break;
                case "--alpha": o = o with { Walk = o.Walk with { Alpha = Real() } }; break;
                case "--item-alpha": o = o with { Walk = o.Walk with { ItemAlpha = Real() } }; break;
                case "--beta": o = o with { Walk = o.Walk with { Beta = Real() } }; break;
                default: return null;
            }
        }
        return o.Data.Length == 0 ? null : o;
    }

    /// <summary>
    /// Third-hop steps when every path is followed, and second- plus third-hop steps when paths that meet at a co-viewer
    /// are summed there. The second is what any sensible program does, and the unit of the figures.
    /// </summary>
    private static (double Naive, double Merged) EdgeSteps(Bipartite g)
    {
        double naive = 0, merged = 0;
        var met = new int[g.UserCount];
        for (var user = 0; user < g.UserCount; user++)
        {
            foreach (var item in g.ItemsOf(user))
            {
                merged += g.ItemDegree(item);
                foreach (var viewer in g.UsersOf(item))
                {
                    naive += g.UserDegree(viewer);
                    if (met[viewer] == user + 1) continue;
                    met[viewer] = user + 1;
                    merged += g.UserDegree(viewer);
                }
            }
        }
        return (naive, merged);
    }

    /// <summary>Three nested loops over a few users, and how far the fast version's scores are from them.</summary>
    private static (Measure Time, double Steps, double Difference) Obvious(Bipartite g, Options o)
    {
        var weights = new WalkWeights(g, o.Walk);
        var users = Enumerable.Range(0, o.Sample).Select(i => (int)((long)i * g.UserCount / o.Sample)).Distinct().ToArray();
        var fast = new Dictionary<(int User, int Item), float>();
        ThreeHopWalk.ScoreAllUsers(g, o.Walk, Cut, 1, (user, items, scores) =>
        {
            if (Array.BinarySearch(users, user) < 0) return;
            for (var i = 0; i < items.Length; i++) fast[(user, items[i])] = scores[i];
        });
        double steps = 0, difference = 0;
        var scores = new float[g.ItemCount];
        var time = Measure.Of(() =>
        {
            foreach (var user in users)
            {
                Array.Clear(scores);
                foreach (var item in g.ItemsOf(user))
                {
                    foreach (var viewer in g.UsersOf(item))
                    {
                        var weight = weights.UserSeed[user] * weights.ItemOut[item] * weights.UserOut[viewer];
                        foreach (var other in g.ItemsOf(viewer)) scores[other] += weight * weights.Destination[other];
                        steps += g.UserDegree(viewer);
                    }
                }
                foreach (var ((u, item), score) in fast)
                    if (u == user) difference = Math.Max(difference, Math.Abs(score - scores[item]) / scores[item]);
            }
        });
        return (time, steps, difference);
    }

    private static void Line(string name, int threads, Measure time, double steps, Quality? quality)
    {
        var (recall, ndcg) = quality?.Mean() ?? (double.NaN, double.NaN);
        var rate = steps / 1e6 / time.Cpu;
        Print($"{name,-34}{threads,8}{time.Cpu,8:F2}{time.Wall,8:F2}{rate,15:F0}{recall,8:F4}{ndcg,8:F4}");
    }

    private static void Print(FormattableString text) => Console.WriteLine(Measure.Text(text));
}
