using System.Globalization;
using Spectre.Console;

namespace GraphRec.Cli;

/// <summary>Where commands write: answers to standard output, everything else to standard error.</summary>
public static class Terminal
{
    /// <summary>The width of tables where no terminal gives one.</summary>
    private const int UsualWidth = 100;

    /// <summary>Where answers go. Into a file or pipe, tables are as wide as COLUMNS says, or 100 columns.</summary>
    public static IAnsiConsole Answer { get; } = Create(System.Console.Out, System.Console.IsOutputRedirected, Columns() ?? UsualWidth);

    /// <summary>Where messages and progress go. Into a file or pipe, a message is one line, so that it can be searched for.</summary>
    public static IAnsiConsole Messages { get; } = Create(System.Console.Error, System.Console.IsErrorRedirected, short.MaxValue);

    private static IAnsiConsole Create(TextWriter writer, bool redirected, int width)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) });
        if (redirected) console.Profile.Width = width;
        return console;
    }

    private static int? Columns() =>
        int.TryParse(Environment.GetEnvironmentVariable("COLUMNS"), NumberStyles.None, CultureInfo.InvariantCulture, out var width) && width is >= 40 and <= 1000
            ? width
            : null;
}
