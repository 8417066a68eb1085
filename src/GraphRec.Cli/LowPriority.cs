using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace GraphRec.Cli;

/// <summary>Lets everything else on the machine go first.</summary>
internal static class LowPriority
{
    private const int OfThread = 0, Nicest = 19;

    /// <summary>
    /// Gives this process the lowest priority. On Linux a priority is a thread's, which those that it starts inherit, and .NET has
    /// started some before a command runs: so all of them get it.
    /// </summary>
    public static void Take()
    {
        if (!OperatingSystem.IsLinux())
        {
            using var process = Process.GetCurrentProcess();
            process.PriorityClass = ProcessPriorityClass.Idle;
            return;
        }
        // A thread that ends meanwhile needs none.
        foreach (var thread in Directory.GetDirectories("/proc/self/task")) _ = SetPriority(OfThread, int.Parse(Path.GetFileName(thread), CultureInfo.InvariantCulture), Nicest);
    }

    [DllImport("libc", EntryPoint = "setpriority")]
    private static extern int SetPriority(int which, int who, int priority);
}
