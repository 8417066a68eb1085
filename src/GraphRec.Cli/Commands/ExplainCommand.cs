using System.CommandLine;
using System.Globalization;
using GraphRec.Recommend;
using Spectre.Console;

namespace GraphRec.Cli.Commands;

/// <summary><c>graphrec explain USER DRAMA</c>: reasons, paths and the ledger of one drama.</summary>
public static class ExplainCommand
{
    public static Command Create()
    {
        var user = new Argument<string>("USER") { Description = "A viewer's id." };
        var drama = new Argument<string>("DRAMA") { Description = "A drama's id, e.g. goblin-2016." };
        var (data, recipe) = (Workbench.DataOption(), Workbench.RecipeOption());
        var command = new Command("explain", "Say why a drama is, or is not, recommended to a viewer.") { user, drama, data, recipe };
        command.SetAction((parsed, cancel) => Errors.GuardAsync(async () =>
        {
            var graph = await Workbench.ReadGraphAsync(parsed.GetValue(data)!, cancel);
            var recommender = new Recommender(graph, Workbench.RecipeOf(parsed.GetValue(recipe)), TimeProvider.System);
            Print(recommender.Explain(parsed.GetRequiredValue(user), parsed.GetRequiredValue(drama), cancel));
            return Errors.Ok;
        }));
        return command;
    }

    private static void Print(Explanation explanation)
    {
        AnsiConsole.MarkupLineInterpolated($"[bold]{explanation.Drama.Title}[/] ({explanation.Drama.Year})  {explanation.Drama.Id}");
        if (explanation is { Rank: { } rank, Score: { } score })
            AnsiConsole.WriteLine(string.Create(CultureInfo.InvariantCulture, $"rank {rank}, score {score:0.0000}"));
        foreach (var line in explanation.WhyNot) AnsiConsole.MarkupLineInterpolated($"[yellow]not shown:[/] {line}");
        foreach (var reason in explanation.Reasons)
        {
            AnsiConsole.MarkupLineInterpolated($"\n[green]{reason.Text}[/]  [grey]{reason.Kind}[/]");
            foreach (var path in reason.Paths) AnsiConsole.WriteLine("  " + PathText.Of(path));
        }
        if (explanation.Ledger.Count == 0) return;
        var table = new Table().Border(TableBorder.Simple).AddColumn("Part of the score").AddColumn(new TableColumn("Value").RightAligned());
        foreach (var part in explanation.Ledger.OrderByDescending(c => c.Value))
            table.AddRow(part.Source, part.Value.ToString("0.000000", CultureInfo.InvariantCulture));
        table.AddRow("[bold]sum = score[/]", explanation.Ledger.Sum(c => c.Value).ToString("0.000000", CultureInfo.InvariantCulture));
        AnsiConsole.WriteLine();
        AnsiConsole.Write(table);
    }
}
