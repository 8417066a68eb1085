using System.CommandLine;
using GraphRec.Core;
using GraphRec.Graph;
using Spectre.Console;

namespace GraphRec.Cli.Commands;

/// <summary><c>graphrec doctor</c>: what is in the graph, and what is wrong with it.</summary>
public static class DoctorCommand
{
    public static Command Create()
    {
        var stores = new StoreOptions();
        var most = Options.Number("--most", "Print at most this many issues of a kind.", 10, 0, 1_000_000);
        var command = new Command(
            "doctor", "Count nodes and edges, and list dangling edges, duplicate people, season cycles, second directors and damage to the file.") { most };
        stores.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            var settings = stores.Read(parsed);
            var (export, broken, waiting) = settings.Graph is null
                ? await OfDirectoryAsync(settings.Data, cancel)
                : (await Workbench.ReadAsync(settings, cancel), [], 0);
            var diagnosis = Doctor.Examine(export);
            Print(diagnosis, broken, waiting, parsed.GetValue(most));
            // Namesakes are a hint; everything else is to be mended.
            return broken.Count > 0 || diagnosis.Issues.Any(i => i.Kind != Doctor.DuplicatePerson) ? Errors.IssuesFound : Errors.Ok;
        });
        return command;
    }

    private static async Task<(GraphExport Export, IReadOnlyList<string> Broken, long Waiting)> OfDirectoryAsync(string data, CancellationToken cancel)
    {
        await using var store = await Workbench.OpenToReadAsync(data, cancel);
        var broken = await store.CheckIntegrityAsync(cancel);
        var export = await store.Export.ReadAsync(cancel);
        return (export, broken, await store.Events.LastSequenceAsync(cancel) - export.Version.AppliedThrough);
    }

    private static void Print(Diagnosis diagnosis, IReadOnlyList<string> broken, long waiting, int most)
    {
        var console = Terminal.Answer;
        PrintCounts(diagnosis);
        var sizes = diagnosis.Components;
        console.WriteLine($"Connected components: {sizes.Count:N0}; the largest holds {sizes.FirstOrDefault():N0} nodes, {sizes.Count(s => s == 1):N0} nodes stand alone.");
        if (waiting > 0) console.WriteLine($"{waiting:N0} events are in the log and not yet in the graph; the next start folds them in.");
        foreach (var line in broken) console.MarkupLineInterpolated($"[red]broken file:[/] {line}; restore a copy, and import into it again.");
        foreach (var kind in diagnosis.Issues.GroupBy(i => i.Kind))
        {
            console.MarkupLineInterpolated($"\n[yellow]{kind.Key}[/]: {kind.Count():N0}{(kind.Key == Doctor.DuplicatePerson ? " (a hint, not an error)" : "")}");
            var grid = new Grid().AddColumn(new GridColumn { Padding = new Padding(2, 0, 2, 0) }).AddColumn(new GridColumn { Padding = new Padding(0, 0, 0, 0) });
            foreach (var issue in kind.Take(most)) grid.AddRow(Markup.Escape(issue.Subject), Markup.Escape(issue.Advice));
            if (most > 0) console.Write(grid);
            if (kind.Count() > most) console.WriteLine($"  … and {kind.Count() - most:N0} more (--most N shows more)");
        }
        if (diagnosis.Issues.Count == 0 && broken.Count == 0) console.MarkupLine("[green]Nothing is wrong.[/]");
    }

    private static void PrintCounts(Diagnosis diagnosis)
    {
        var counts = new Table().Border(TableBorder.Simple).AddColumn("Nodes").AddColumn(new TableColumn("").RightAligned()).AddColumn("Edges").AddColumn(new TableColumn("").RightAligned());
        var (nodes, edges) = (diagnosis.Nodes.ToList(), diagnosis.Edges.ToList());
        for (var i = 0; i < Math.Max(nodes.Count, edges.Count); i++)
        {
            counts.AddRow(
                i < nodes.Count ? nodes[i].Key : "", i < nodes.Count ? $"{nodes[i].Value:N0}" : "",
                i < edges.Count ? edges[i].Key : "", i < edges.Count ? $"{edges[i].Value:N0}" : "");
        }
        Terminal.Answer.Write(counts);
    }
}
