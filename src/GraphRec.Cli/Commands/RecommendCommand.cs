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
        var user = Options.User();
        var rows = Options.Number("--rows", "At most this many rows.", 8, 1, 30);
        var items = Options.Number("--items", "At most this many dramas per row.", 5, 1, 50);
        var paths = new Option<bool>("--paths") { Description = "Print the paths behind every reason, edge by edge." };
        var (stores, recipe, region, at) = (new StoreOptions(), Options.Recipe(), Options.Region(), Options.At());
        var command = new Command("recommend", "Print a viewer's home page with the reason for every drama.") { user, rows, items, paths, region, at, recipe };
        stores.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            var recommender = await Workbench.RecommenderAsync(stores.Read(parsed), parsed.GetValue(recipe), parsed.GetValue(at), cancel);
            var context = new RequestContext(Region: parsed.GetValue(region));
            Print(recommender.Home(parsed.GetRequiredValue(user), parsed.GetValue(rows), parsed.GetValue(items), context, cancel), parsed.GetValue(paths));
            return Errors.Ok;
        });
        return command;
    }

    private static void Print(HomePage page, bool paths)
    {
        Terminal.Answer.MarkupLine($"{Viewer(page.UserId)}  [grey]graph {page.GraphVersion}, model {Markup.Escape(page.ModelVersion)}[/]");
        if (page.Rows.Count == 0) Terminal.Answer.WriteLine("\nThere is nothing to show: no row has enough dramas that this viewer has not seen or muted.");
        var titles = page.Rows.SelectMany(r => r.Items).Select(i => Title(i.Drama).Length).DefaultIfEmpty(0).Max();
        foreach (var row in page.Rows)
        {
            var grid = new Grid()
                .AddColumn(new GridColumn { NoWrap = true, Width = 6, Alignment = Justify.Right, Padding = new Padding(0, 0, 2, 0) })
                .AddColumn(new GridColumn { Width = Math.Min(titles, Terminal.Answer.Profile.Width * 2 / 5), Padding = new Padding(0, 0, 2, 0) })
                .AddColumn(new GridColumn { Padding = new Padding(0, 0, 0, 0) });
            foreach (var item in row.Items)
            {
                grid.AddRow($"[green]{item.MatchPercent} %[/]", Markup.Escape(Title(item.Drama)), Markup.Escape(item.Reason.Text));
                foreach (var path in paths ? item.Reason.Paths : []) grid.AddRow("", "", $"[grey]{Markup.Escape(PathText.Share(path))}  {Markup.Escape(PathText.Of(path))}[/]");
            }
            Terminal.Answer.WriteLine();
            Terminal.Answer.MarkupLine($"[bold]{Markup.Escape(row.Title)}[/]" + (row.Reason.Text == row.Title ? "" : $"  [grey]{Markup.Escape(row.Reason.Text)}[/]"));
            Terminal.Answer.Write(grid);
        }
        if (page.Rows.Count > 0) Terminal.Answer.MarkupLine($"\n[grey]Percentages: how well a drama fits, compared with the best for this viewer.{(paths ? "" : " --paths shows what each reason rests on.")}[/]");
    }

    /// <summary>A viewer's id, and that they are simulated where they are: as markup.</summary>
    internal static string Viewer(string id) => $"[bold]{Markup.Escape(id)}[/]{(Viewers.IsSimulated(id) ? " [yellow](a simulated viewer)[/]" : "")}";

    internal static string Title(Drama drama) => drama.Year is { } year ? string.Create(CultureInfo.InvariantCulture, $"{drama.Title} ({year})") : drama.Title;
}
