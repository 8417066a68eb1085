using System.CommandLine;
using GraphRec.Core;
using GraphRec.Storage;
using GraphRec.Storage.Embedded;
using Spectre.Console;

namespace GraphRec.Cli.Commands;

/// <summary><c>graphrec copy --from … --to …</c>: a whole graph from one store to another, checked afterwards.</summary>
public static class CopyCommand
{
    private const string Directory = "embedded:";

    public static Command Create()
    {
        var (from, to) = (End("--from", "Where the graph is"), End("--to", "Where it goes; must be empty, or hold an interrupted copy of the same graph"));
        var command = new Command("copy", "Copy a whole graph between a data directory and Neo4j, and compare checksums.") { from, to };
        command.SetAction(async (parsed, cancel) =>
        {
            var (source, target) = (parsed.GetRequiredValue(from), parsed.GetRequiredValue(to));
            if (source == target) throw new InvalidInputException(ErrorCodes.BadUserInput, "--from and --to are the same.");
            await using var read = await OpenAsync("--from", source, false, cancel);
            await using var written = await OpenAsync("--to", target, true, cancel);
            return Print(await Seeding.Bars().StartAsync(bars =>
            {
                var tasks = new Dictionary<string, ProgressTask>(StringComparer.Ordinal);
                return GraphCopy.RunAsync(read, written, new Direct<CopyProgress>(p =>
                {
                    if (!tasks.TryGetValue(p.Part, out var task)) tasks.Add(p.Part, task = bars.AddTask(p.Part, maxValue: Math.Max(1, p.Total)));
                    task.Value = p.Done;
                }), cancel);
            }));
        });
        return command;
    }

    private static Option<string> End(string name, string description) => new(name)
    {
        Description = $"{description}: {Directory}DIR for a data directory, or the HTTP address of Neo4j.",
        HelpName = "STORE",
        Required = true,
    };

    private static async Task<CopyEnd> OpenAsync(string name, string store, bool toWrite, CancellationToken cancel)
    {
        if (store.StartsWith(Directory, StringComparison.Ordinal) && store.Length > Directory.Length)
        {
            var directory = store[Directory.Length..];
            if (!toWrite && !File.Exists(Path.Combine(directory, EmbeddedStore.FileName)))
                throw new InvalidInputException(ErrorCodes.NotFound, $"{name}: there is no data in {Path.GetFullPath(directory)}.");
            return await CopyEnd.OpenAsync(directory, toWrite, cancel);
        }
        if (!store.Contains("://", StringComparison.Ordinal))
            throw new InvalidInputException(ErrorCodes.BadUserInput, $"{name} must be {Directory}DIR or an address such as http://localhost:7474, but is '{store}'.");
        return await CopyEnd.OpenAsync(Settings.Load(".", null, store).Graph!, cancel);
    }

    private static int Print(IReadOnlyList<CopiedKind> kinds)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn("").AddColumn(new TableColumn("Source").RightAligned())
            .AddColumn(new TableColumn("Target").RightAligned()).AddColumn("Checksum").AddColumn("");
        foreach (var kind in kinds)
            table.AddRow(kind.Name, $"{kind.Source.Count:N0}", $"{kind.Target.Count:N0}", kind.Source.ToString()[..16], kind.Same ? "[green]same[/]" : $"[red]differs: {kind.Target.ToString()[..16]}[/]");
        Terminal.Answer.Write(table);
        var different = kinds.Where(kind => !kind.Same).Select(kind => kind.Name).ToList();
        if (different.Count == 0)
        {
            Terminal.Answer.MarkupLine("[green]Both hold the same.[/]");
            return Errors.Ok;
        }
        return Errors.Say($"The copy differs in {string.Join(", ", different)}. Something else wrote to one of the two meanwhile, or the target holds more than the source: run the command again, or copy to an empty store.", Errors.CopyDiffers);
    }
}
