using System.Diagnostics;
using System.Globalization;

namespace GraphRec.Learning.Evaluation;

/// <summary>What a piece of work took of the machine.</summary>
/// <param name="WallSeconds">By the clock.</param>
/// <param name="CpuSeconds">User and system time of all threads of the process.</param>
/// <param name="PeakBytes">The most memory that the process had resident meanwhile, the data included; 0 when it was not asked for.</param>
public readonly record struct Spent(double WallSeconds, double CpuSeconds, long PeakBytes = 0)
{
    /// <summary>Does the work and measures it.</summary>
    public static Spent By(Action work)
    {
        var cpu = Environment.CpuUsage.TotalTime;
        var watch = Stopwatch.StartNew();
        work();
        return new Spent(watch.Elapsed.TotalSeconds, (Environment.CpuUsage.TotalTime - cpu).TotalSeconds);
    }

    /// <summary>
    /// The same with the peak of memory, from a heap that was collected before. Where the system cannot set its mark back
    /// (other than Linux), the peak is that of the process until now.
    /// </summary>
    public static Spent WithPeakBy(Action work)
    {
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        var reset = ResetPeak();
        var spent = By(work);
        return spent with { PeakBytes = reset ? Peak() : PeakOfProcess() };
    }

    /// <summary>Sets the high-water mark of resident memory back to what is resident now (proc_pid_clear_refs(5), value 5).</summary>
    private static bool ResetPeak()
    {
        try
        {
            File.WriteAllText("/proc/self/clear_refs", "5");
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static long Peak()
    {
        var line = File.ReadLines("/proc/self/status").First(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
        return long.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
    }

    private static long PeakOfProcess()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }
}
