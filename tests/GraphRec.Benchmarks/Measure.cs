using System.Diagnostics;
using System.Globalization;

namespace GraphRec.Benchmarks;

/// <summary>CPU (user + system, all threads) and wall seconds of one piece of work.</summary>
internal readonly record struct Measure(double Cpu, double Wall)
{
    public static Measure Of(Action work)
    {
        using var process = Process.GetCurrentProcess();
        var cpu = process.TotalProcessorTime;
        var watch = Stopwatch.StartNew();
        work();
        var wall = watch.Elapsed.TotalSeconds;
        process.Refresh();
        return new Measure((process.TotalProcessorTime - cpu).TotalSeconds, wall);
    }

    /// <summary>The run with the median CPU time of an odd number of runs.</summary>
    public static Measure Median(int runs, Action work) =>
        Enumerable.Range(0, runs).Select(_ => Of(work)).OrderBy(m => m.Cpu).ElementAt(runs / 2);

    /// <summary>The most memory the process ever held, in MB (10⁶ bytes).</summary>
    public static double PeakMegabytes()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64 / 1e6;
    }

    public static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
