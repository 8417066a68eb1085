using GraphRec.Contracts.Embedded;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

namespace GraphRec.Contracts;

/// <summary>Runs the tests; or, started by a kill test, is the victim. The rest is what xunit would generate.</summary>
internal static class Program
{
    public static async Task<int> Main(string[] args)
    {
        if (Environment.GetEnvironmentVariable(KillVictim.Variable) is { Length: > 0 } order)
            return await KillVictim.RunAsync(order);
        return args.Any(arg => arg is "--server" or "--internal-msbuild-node")
            ? await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions)
            : await ConsoleRunner.Run(args);
    }
}
