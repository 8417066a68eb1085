using System.CommandLine;
using GraphRec.Graph;
using GraphRec.Storage.Embedded;
using Spectre.Console;

namespace GraphRec.Cli.Commands;

/// <summary><c>graphrec doctor</c>: what is in the graph, and what is wrong with it.</summary>
public static class DoctorCommand
{
    public static Command Create()
    {
        var data = Workbench.DataOption();
        var most = new Option<int>("--most") { Description = "Print at most this many issues of a kind.", DefaultValueFactory = _ => 10 };
        var command = new Command("doctor", "Count nodes and edges and list what is wrong: dangling edges, duplicate people, season cycles, broken files. Exit code 4 when there is an issue.") { data, most };
        command.SetAction((parsed, cancel) => Errors.GuardAsync(async () =>
        {
            await using var store = await EmbeddedStore.OpenAsync(parsed.GetValue(data)!, new EmbeddedOptions { ReadOnly = true }, cancel);
            var broken = await store.CheckIntegrityAsync(cancel);
            var export = await store.Export.ReadAsync(cancel);
            var diagnosis = Doctor.Examine(export);
            var waiting = await store.Events.LastSequenceAsync(cancel) - export.Version.AppliedThrough;
            Print(diagnosis, broken, waiting, parsed.GetValue(most));
            // Namesakes are a hint; everything else is to be mended.
            return broken.Count > 0 || diagnosis.Issues.Any(i => i.Kind != Doctor.DuplicatePerson) ? Errors.IssuesFound : Errors.Ok;
        }));
        return command;
    }

    private static void Print(Diagnosis diagnosis, IReadOnlyList<string> broken, long waiting, int most)
    {
        var counts = new Table().Border(TableBorder.Simple).AddColumn("Nodes").AddColumn(new TableColumn("").RightAligned()).AddColumn("Edges").AddColumn(new TableColumn("").RightAligned());
        var (nodes, edges) = (diagnosis.Nodes.ToList(), diagnosis.Edges.ToList());
        for (var i = 0; i < Math.Max(nodes.Count, edges.Count); i++)
        {
            counts.AddRow(
                i < nodes.Count ? nodes[i].Key : "", i < nodes.Count ? $"{nodes[i].Value:N0}" : "",
                i < edges.Count ? edges[i].Key : "", i < edges.Count ? $"{edges[i].Value:N0}" : "");
        }
        AnsiConsole.Write(counts);
        var sizes = diagnosis.Components;
        AnsiConsole.WriteLine($"Connected components: {sizes.Count:N0}; the largest holds {sizes.FirstOrDefault():N0} nodes, {sizes.Count(s => s == 1):N0} nodes stand alone.");
        if (waiting > 0) AnsiConsole.WriteLine($"{waiting:N0} events are in the log and not yet in the graph; the next start folds them in.");
        foreach (var line in broken) AnsiConsole.MarkupLineInterpolated($"[red]broken file:[/] {line}; restore a copy, and import or replay into it.");
        foreach (var kind in diagnosis.Issues.GroupBy(i => i.Kind))
        {
            AnsiConsole.MarkupLineInterpolated($"\n[yellow]{kind.Key}[/]: {kind.Count():N0}");
            foreach (var issue in kind.Take(most)) AnsiConsole.WriteLine($"  {issue.Subject}: {issue.Advice}");
            if (kind.Count() > most) AnsiConsole.WriteLine($"  … and {kind.Count() - most:N0} more (--most N shows more)");
        }
        if (diagnosis.Issues.Count == 0 && broken.Count == 0) AnsiConsole.MarkupLine("[green]Nothing is wrong.[/]");
    }
}
