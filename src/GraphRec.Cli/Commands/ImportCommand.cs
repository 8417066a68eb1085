using System.CommandLine;
using GraphRec.Storage.Embedded;
using GraphRec.Storage.Files;
using Spectre.Console;

namespace GraphRec.Cli.Commands;

/// <summary><c>graphrec import PATH</c>: catalogues, events and MovieLens.</summary>
public static class ImportCommand
{
    public static Command Create()
    {
        var path = new Argument<string>("PATH") { Description = "A folder (catalogue JSONL, or MovieLens) or a file of events (.jsonl, .csv)." };
        var strict = new Option<bool>("--strict") { Description = "Stop at the first bad line (exit code 3) instead of importing the rest (exit code 2)." };
        var again = new Option<bool>("--again") { Description = "Read files again that an earlier import finished." };
        var most = new Option<int>("--most") { Description = "Print at most this many bad lines; all are counted.", DefaultValueFactory = _ => 20 };
        var data = Workbench.DataOption();
        var command = new Command(
            "import",
            """
            Import a catalogue, events or MovieLens. Stopped in the middle, the same command goes on where it stopped;
            run again after it finished, it changes nothing. The formats are in docs/data.md.
            Exit codes: 0 all imported, 2 bad lines were left out, 3 --strict stopped, 1 wrong argument, 5 store failed.
            """) { path, strict, again, most, data };
        command.SetAction((parsed, cancel) => Errors.GuardAsync(async () =>
        {
            await using var store = await EmbeddedStore.OpenAsync(parsed.GetValue(data)!, null, cancel);
            var request = new ImportRequest(parsed.GetRequiredValue(path)) { Strict = parsed.GetValue(strict), Again = parsed.GetValue(again) };
            return Print(await Seeding.ImportAsync(store, request, cancel), parsed.GetValue(most));
        }));
        return command;
    }

    /// <summary>Prints what became of the files and returns the exit code.</summary>
    public static int Print(ImportReport report, int most)
    {
        foreach (var file in report.Files)
        {
            var state = file.AlreadyComplete ? "was imported before" : file.ResumedAfter > 0 ? $"went on after line {file.ResumedAfter:N0}" : "read";
            AnsiConsole.WriteLine($"{file.File}: {state}; {file.Accepted:N0} good, {file.Changed:N0} new or changed, {file.Rejected:N0} left out");
        }
        foreach (var issue in report.Issues.Take(most)) Errors.Console.MarkupLineInterpolated($"[yellow]{issue.ToString()}[/]");
        if (report.Rejected > most) Errors.Console.WriteLine($"… and {report.Rejected - most:N0} more (--most N shows more)");
        if (report.Stopped is { } stopped) Errors.Console.MarkupLineInterpolated($"[red]{stopped}[/]");
        return report.ExitCode;
    }
}
