using System.CommandLine;
using GraphRec.Storage.Files;
using Spectre.Console;

namespace GraphRec.Cli.Commands;

/// <summary><c>graphrec import PATH</c>: catalogues, events and MovieLens.</summary>
public static class ImportCommand
{
    public static Command Create()
    {
        var path = new Argument<string>("PATH") { Description = "A folder (a catalogue of JSON lines, or MovieLens) or a file of events (.jsonl, .csv)." };
        var strict = new Option<bool>("--strict") { Description = "Stop at the first bad line instead of importing the rest." };
        var again = new Option<bool>("--again") { Description = "Read files again that an earlier import finished." };
        var most = Options.Number("--most", "Name at most this many bad lines; all are counted.", 20, 0, 1_000_000);
        var stores = new StoreOptions();
        var command = new Command("import", "Import a catalogue, events or MovieLens.") { path, strict, again, most };
        stores.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            var request = new ImportRequest(parsed.GetRequiredValue(path))
            {
                Strict = parsed.GetValue(strict),
                Again = parsed.GetValue(again),
                MaxIssues = parsed.GetValue(most),
            };
            // Before the store, so that a wrong path leaves no empty data directory behind.
            request = request with { Format = ImportFormat.Detect(request.Path) };
            await using var store = await Stores.OpenAsync(stores.Read(parsed), TimeSpan.Zero, null, cancel);
            return Print(await Seeding.ImportAsync(store, request, cancel));
        });
        return command;
    }

    /// <summary>Prints what became of the files and returns the exit code.</summary>
    private static int Print(ImportReport report)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn("File")
            .AddColumn(new TableColumn("Good").RightAligned()).AddColumn(new TableColumn("New or changed").RightAligned())
            .AddColumn(new TableColumn("Left out").RightAligned()).AddColumn("");
        foreach (var file in report.Files)
        {
            var state = file.AlreadyComplete ? "was imported before" : file.ResumedAfter > 0 ? $"went on after line {file.ResumedAfter:N0}" : "";
            table.AddRow(Markup.Escape(file.File), $"{file.Accepted:N0}", $"{file.Changed:N0}", $"{file.Rejected:N0}", state);
        }
        Terminal.Answer.Write(table);
        foreach (var issue in report.Issues) Errors.Console.MarkupLineInterpolated($"[yellow]{issue.ToString()}[/]");
        var unnamed = report.Rejected - report.Issues.Count;
        if (unnamed > 0) Errors.Console.WriteLine($"… and {unnamed:N0} more (--most N names more, those of an interrupted run were named then)");
        if (report.Stopped is { } stopped) Errors.Say(stopped, report.ExitCode);
        else if (report.Rejected > 0) Errors.Console.WriteLine($"{report.Rejected:N0} bad lines were left out; everything else is in.");
        return report.ExitCode;
    }
}
