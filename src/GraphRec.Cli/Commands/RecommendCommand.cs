using System.CommandLine;
using System.Globalization;
using GraphRec.Core;
using GraphRec.Recommend;
using Spectre.Console;

namespace GraphRec.Cli.Commands;

/// <summary><c>graphrec recommend USER</c>: the viewer's page as tables, reasons included.</summary>
public static class RecommendCommand
{
    public static Command Create()
    {
        var user = new Argument<string>("USER") { Description = "A viewer's id, e.g. simulated-0001. An unknown one gets a first-visit page." };
        var rows = new Option<int>("--rows") { Description = "At most this many rows.", DefaultValueFactory = _ => 8 };
        var items = new Option<int>("--items") { Description = "At most this many dramas per row.", DefaultValueFactory = _ => 5 };
        var region = new Option<string?>("--region") { Description = "Where the viewer is, e.g. KR; default: where they were last.", HelpName = "CC" };
        var paths = new Option<bool>("--paths") { Description = "Print the paths behind every reason, edge by edge." };
        var (data, recipe, at) = (Workbench.DataOption(), Workbench.RecipeOption(), Workbench.AtOption());
        var command = new Command("recommend", "Print a viewer's home page with the reason for every drama.") { user, rows, items, region, paths, data, recipe, at };
        Workbench.Range(rows, 1, 30);
        Workbench.Range(items, 1, 50);
        command.SetAction((parsed, cancel) => Errors.GuardAsync(async () =>
        {
            var graph = await Workbench.ReadGraphAsync(parsed.GetValue(data)!, cancel);
            var recommender = new Recommender(graph, Workbench.RecipeOf(parsed.GetValue(recipe)), TimeProvider.System);
            var context = new RequestContext(Region: parsed.GetValue(region), At: parsed.GetValue(at));
            Print(recommender.Home(parsed.GetRequiredValue(user), parsed.GetValue(rows), parsed.GetValue(items), context, cancel), parsed.GetValue(paths));
            return Errors.Ok;
        }));
        return command;
    }

    private static void Print(HomePage page, bool paths)
    {
        var simulated = Viewers.IsSimulated(page.UserId) ? " [yellow](a simulated viewer)[/]" : "";
        AnsiConsole.MarkupLine($"[bold]{Markup.Escape(page.UserId)}[/]{simulated}  graph {page.GraphVersion}  model {Markup.Escape(page.ModelVersion)}");
        foreach (var row in page.Rows)
        {
            AnsiConsole.WriteLine();
            AnsiConsole.MarkupLine($"[bold green]{Markup.Escape(row.Title)}[/]  [grey]{Markup.Escape(row.Reason.Text)}[/]");
            var table = new Table().Border(TableBorder.Simple).AddColumn("Drama").AddColumn(new TableColumn("Match").RightAligned()).AddColumn(new TableColumn("Score").RightAligned()).AddColumn("Reason");
            foreach (var item in row.Items)
            {
                table.AddRow(
                    Markup.Escape($"{item.Drama.Title} ({item.Drama.Year})"), $"{item.MatchPercent} %",
                    item.Score.ToString("0.000", CultureInfo.InvariantCulture),
                    Markup.Escape(paths ? string.Join("\n", item.Reason.Paths.Select(PathText.Of).Prepend(item.Reason.Text)) : item.Reason.Text));
            }
            AnsiConsole.Write(table);
        }
    }
}

/// <summary>A path as one line of text.</summary>
public static class PathText
{
    public static string Of(GraphPath path)
    {
        var text = new System.Text.StringBuilder(path.Nodes[0].Label);
        for (var i = 0; i < path.Edges.Count; i++)
        {
            var edge = path.Edges[i];
            var name = edge.Detail is null ? edge.Type.Name() : $"{edge.Type.Name()} {{{edge.Detail}}}";
            text.Append(edge.From == path.Nodes[i].Node ? $" -{name}-> " : $" <-{name}- ").Append(path.Nodes[i + 1].Label);
        }
        return text.Append(CultureInfo.InvariantCulture, $"  ({path.Share:P0} of the score)").ToString();
    }
}
