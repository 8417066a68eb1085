using System.Globalization;
using GraphRec.Learning.Evaluation;
using GraphRec.Learning.Linear;

namespace GraphRec.Benchmarks;

/// <summary>
/// <c>learning-kernels [--size N] [--users N] [--items N] [--factors N] [--threads N] [--runs N]</c>: the dense linear algebra
/// that models are fitted with, on matrices made up from a fixed seed: product, Cholesky factor and inverse of N × N, and
/// every user's 20 best items by factors.
/// </summary>
internal static class LearningKernelsCommand
{
    public static int Run(string[] args)
    {
        var numbers = new Dictionary<string, int>
        {
            ["--size"] = 2048, ["--users"] = 30_000, ["--items"] = 40_000, ["--factors"] = 64, ["--threads"] = Environment.ProcessorCount, ["--runs"] = 5,
        };
        for (var i = 0; i < args.Length; i += 2)
        {
            if (i + 1 < args.Length && numbers.ContainsKey(args[i]) && int.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0)
            {
                numbers[args[i]] = number;
                continue;
            }
            Console.Error.WriteLine("usage: learning-kernels [--size N] [--users N] [--items N] [--factors N] [--threads N] [--runs N], each N 1 or more");
            return 2;
        }
        Print($"{"",-46}{"threads",8}{"CPU s",8}{"wall s",8}{"GFLOP/s",9}{"per core",9}");
        foreach (var threads in new[] { 1, numbers["--threads"] }.Distinct())
        {
            Square(numbers["--size"], threads, numbers["--runs"]);
            TopItems(numbers["--users"], numbers["--items"], numbers["--factors"], threads, numbers["--runs"]);
        }
        Print($"peak memory {Measure.PeakMegabytes():F0} MB");
        return 0;
    }

    private static void Square(int n, int threads, int runs)
    {
        var (a, b, c) = (Values((long)n * n, 1), Values((long)n * n, 2), new float[(long)n * n]);
        var cube = (double)n * n * n;
        Line($"Gemm.Add, {n:N0}³", threads, 2 * cube, runs, () => { }, () => Gemm.Add(1, new MatrixBlock(a, n, n), new MatrixBlock(b, n, n), new MatrixBlock(c, n, n), threads));
        Line($"Gemm.Add, second factor transposed, {n:N0}³", threads, 2 * cube, runs, () => { }, () => Gemm.Add(1, new MatrixBlock(a, n, n), new MatrixBlock(b, n, n).Transposed(), new MatrixBlock(c, n, n), threads));
        // Symmetric and dominated by its diagonal, hence positive definite.
        void Fill()
        {
            a.CopyTo(c, 0);
            for (var row = 0; row < n; row++) c[((long)row * n) + row] = n;
        }
        Line($"PositiveDefinite.Factor, {n:N0}²", threads, cube / 3, runs, Fill, () => PositiveDefinite.Factor(c, n, threads));
        Line($"PositiveDefinite.Invert, {n:N0}²", threads, cube, runs, Fill, () => PositiveDefinite.Invert(c, n, threads));
    }

    private static void TopItems(int users, int items, int factors, int threads, int runs)
    {
        var (userVectors, itemVectors) = (Values((long)users * factors, 3), Values((long)items * factors, 4));
        var random = new Random(5);
        int[] knownUsers = [.. Enumerable.Range(0, users * 27).Select(_ => random.Next(users))];
        int[] knownItems = [.. knownUsers.Select(_ => random.Next(items))];
        var known = InteractionMatrix.Of(users, items, knownUsers, knownItems);
        int[] all = [.. Enumerable.Range(0, users)];
        Line(
            $"FactorTopItems, {users:N0} × {items:N0} × {factors}, 20", threads, 2.0 * users * items * factors, runs, () => { },
            () => FactorTopItems.Run(userVectors, itemVectors, factors, known, all, 20, threads, (_, _, _) => { }, CancellationToken.None));
    }

    private static void Line(FormattableString name, int threads, double operations, int runs, Action prepare, Action work)
    {
        prepare();
        work();
        var times = new List<Measure>();
        for (var run = 0; run < runs; run++)
        {
            prepare();
            times.Add(Measure.Of(work));
        }
        var time = times.OrderBy(t => t.Cpu).ElementAt(runs / 2);
        Print($"{Measure.Text(name),-46}{threads,8}{time.Cpu,8:F2}{time.Wall,8:F2}{operations / time.Wall / 1e9,9:F1}{operations / time.Cpu / 1e9,9:F1}");
    }

    private static float[] Values(long count, int seed)
    {
        var random = new Random(seed);
        var values = new float[count];
        for (var n = 0; n < values.Length; n++) values[n] = random.NextSingle() - 0.5f;
        return values;
    }

    private static void Print(FormattableString text) => Console.WriteLine(Measure.Text(text));
}
