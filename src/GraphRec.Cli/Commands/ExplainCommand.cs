using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using GraphRec.Recommend;
using Spectre.Console;

namespace GraphRec.Cli.Commands;

/// <summary><c>graphrec explain USER DRAMA</c>: reasons, paths and the ledger of one drama.</summary>
public static class ExplainCommand
{
    public static Command Create()
    {
        var (user, drama) = (Options.User(), Options.Id("DRAMA", "A drama's id, such as goblin-2016."));
        var (stores, recipe, at) = (new StoreOptions(), Options.Recipe(), Options.At());
        var command = new Command("explain", "Say why a drama is, or is not, recommended to a viewer.") { user, drama, at, recipe };
        stores.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            var recommender = await Workbench.RecommenderAsync(stores.Read(parsed), parsed.GetValue(recipe), parsed.GetValue(at), cancel);
            var id = parsed.GetRequiredValue(user);
            Print(id, recommender.Explain(id, parsed.GetRequiredValue(drama), cancel));
            return Errors.Ok;
        });
        return command;
    }

    private static void Print(string user, Explanation explanation)
    {
        var console = Terminal.Answer;
        console.MarkupLine($"[bold]{Markup.Escape(RecommendCommand.Title(explanation.Drama))}[/] for {RecommendCommand.Viewer(user)}");
        console.WriteLine(explanation is { Rank: { } rank, Score: { } score }
            ? string.Create(CultureInfo.InvariantCulture, $"{(explanation.Recommended ? "Recommended" : "Not recommended")}: rank {rank:N0}, score {score:0.0000}")
            : "Not recommended");
        foreach (var line in explanation.WhyNot) console.MarkupLineInterpolated($"[yellow]{line}[/]");
        foreach (var reason in explanation.Reasons)
        {
            var kind = JsonNamingPolicy.SnakeCaseUpper.ConvertName(reason.Kind.ToString());
            console.MarkupLineInterpolated($"\n[green]{reason.Text}[/]  [grey]{kind}[/]");
            if (reason.Paths.Count == 0) continue;
            var grid = new Grid()
                .AddColumn(new GridColumn { NoWrap = true, Width = 6, Alignment = Justify.Right, Padding = new Padding(0, 0, 2, 0) })
                .AddColumn(new GridColumn { Padding = new Padding(0, 0, 0, 0) });
            foreach (var path in reason.Paths) grid.AddRow(PathText.Share(path), Markup.Escape(PathText.Of(path)));
            console.Write(grid);
        }
        if (explanation.Reasons.Any(r => r.Paths.Count > 0)) console.MarkupLine("\n[grey]Percentages: how much of the score came this way.[/]");
        if (explanation.Ledger.Count > 0) PrintLedger(explanation);
    }

    private static void PrintLedger(Explanation explanation)
    {
        var table = new Grid()
            .AddColumn(new GridColumn { Padding = new Padding(2, 0, 3, 0) })
            .AddColumn(new GridColumn { Alignment = Justify.Right, Padding = new Padding(0, 0, 0, 0) });
        foreach (var part in explanation.Ledger.OrderByDescending(c => c.Value))
            table.AddRow(Markup.Escape(part.Source), part.Value.ToString("0.000000", CultureInfo.InvariantCulture));
        table.AddRow("[bold]sum = score[/]", $"[bold]{explanation.Ledger.Sum(c => c.Value).ToString("0.000000", CultureInfo.InvariantCulture)}[/]");
        Terminal.Answer.WriteLine("\nWhat the score is made of");
        Terminal.Answer.Write(table);
    }
}
