using System.Diagnostics;
using System.Globalization;
using GraphRec.Learning.Embeddings;

namespace GraphRec.Benchmarks;

/// <summary>
/// <c>vector-scan [--count N] [--dimensions N] [--top N] [--queries N] [--threads N]</c>: exact nearest neighbours of one query after the other, by
/// cosine, among made-up vectors (normal, from a fixed seed), and the same by a byte per number, with what share it finds.
/// </summary>
internal static class VectorScanCommand
{
    public static int Run(string[] args)
    {
        var numbers = new Dictionary<string, int> { ["--count"] = 1_000_000, ["--dimensions"] = 64, ["--top"] = 10, ["--queries"] = 101, ["--threads"] = Environment.ProcessorCount };
        for (var i = 0; i < args.Length; i += 2)
        {
            if (i + 1 < args.Length && numbers.ContainsKey(args[i]) && int.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0)
            {
                numbers[args[i]] = number;
                continue;
            }
            Console.Error.WriteLine("usage: vector-scan [--count N] [--dimensions N] [--top N] [--queries N] [--threads N], each N 1 or more");
            return 2;
        }
        var (count, dimensions, top) = (numbers["--count"], numbers["--dimensions"], numbers["--top"]);
        var exact = Scan(count, dimensions);
        var quantized = new QuantizedScan(exact);
        var random = new Random(2);
        float[][] queries = [.. Enumerable.Range(0, numbers["--queries"]).Select(_ => Enumerable.Range(0, dimensions).Select(_ => Normal(random)).ToArray())];
        Print($"{count:N0} × {dimensions}, cosine, top {top}, one query at a time, {queries.Length} queries");
        foreach (var threads in new[] { 1, numbers["--threads"] }.Distinct())
        {
            var truth = Line("float32", threads, queries, query => exact.Nearest(query, top, threads));
            var found = Line("int8, then exact", threads, queries, query => quantized.Nearest(query, top, threads));
            var share = truth.Zip(found, (a, b) => (double)a.Intersect(b).Count() / a.Length).Average();
            Print($"{"",-24}int8 finds {share:P2} of the exact neighbours");
        }
        Print($"peak memory {Measure.PeakMegabytes():F0} MB");
        return 0;
    }

    private static VectorScan Scan(int count, int dimensions)
    {
        var values = new float[(long)count * dimensions];
        var random = new Random(1);
        for (var n = 0L; n < values.LongLength; n++) values[n] = Normal(random);
        return new VectorScan(NodeVectors.Of([new NodeType("node", new string[count], 0)], values, dimensions), Similarity.Cosine);
    }

    // The sum of twelve uniform numbers is close enough to normal.
    private static float Normal(Random random)
    {
        var sum = -6f;
        for (var n = 0; n < 12; n++) sum += random.NextSingle();
        return sum;
    }

    private static int[][] Line(string name, int threads, float[][] queries, Func<float[], (int Number, float Score)[]> nearest)
    {
        for (var n = 0; n < 10; n++) nearest(queries[n % queries.Length]);
        var times = new double[queries.Length];
        var found = new int[queries.Length][];
        var cpu = Measure.Of(() =>
        {
            for (var n = 0; n < queries.Length; n++)
            {
                var watch = Stopwatch.StartNew();
                found[n] = [.. nearest(queries[n]).Select(hit => hit.Number)];
                times[n] = watch.Elapsed.TotalMilliseconds;
            }
        }).Cpu;
        Array.Sort(times);
        Print($"{name,-18}{threads,2} threads  p50 {times[times.Length / 2]:F2} ms  p99 {times[(int)(times.Length * 0.99)]:F2} ms  min {times[0]:F2} ms  CPU {1000 * cpu / times.Length:F2} ms");
        return found;
    }

    private static void Print(FormattableString text) => Console.WriteLine(Measure.Text(text));
}
