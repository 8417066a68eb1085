using System.Diagnostics;
using System.Globalization;
using GraphRec.Learning.Evaluation;
using GraphRec.Learning.Simulation;

namespace GraphRec.Benchmarks;

/// <summary>
/// <c>learnability [--catalog DIR] [--seed N] [--threads N]</c>: simulates viewers and prints what the set looks like and how
/// far simple models can learn it.
/// </summary>
internal static class LearnabilityCommand
{
    public static int Run(string[] args)
    {
        var options = new SimulationOptions();
        var folder = Path.Combine("seed", "catalog");
        for (var i = 0; i + 1 < args.Length; i += 2)
        {
            switch (args[i])
            {
                case "--catalog": folder = args[i + 1]; break;
                case "--seed": options = options with { Seed = int.Parse(args[i + 1], CultureInfo.InvariantCulture) }; break;
                case "--threads": options = options with { Threads = int.Parse(args[i + 1], CultureInfo.InvariantCulture) }; break;
                default: return Usage();
            }
        }
        if (args.Length % 2 != 0) return Usage();
        var catalogue = CatalogueFiles.Read(folder);
        using var process = Process.GetCurrentProcess();
        var before = process.TotalProcessorTime;
        var events = new ViewerSimulator(catalogue, options).Run();
        process.Refresh();
        var spent = process.TotalProcessorTime - before;
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"simulated in {spent.TotalSeconds:F2} s of CPU"));
        var learnability = LearnabilityCheck.Run(catalogue, events);
        SimulationReport.Of(catalogue, events).Write(Console.Out, learnability);
        return 0;
    }

    private static int Usage()
    {
        Console.Error.WriteLine("usage: learnability [--catalog DIR] [--seed N] [--threads N]");
        return 2;
    }
}
