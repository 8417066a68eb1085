using System.Globalization;
using GraphRec.Learning.Reports;
using Spectre.Console;

namespace GraphRec.Cli.Commands;

/// <summary>A report as a table on the terminal.</summary>
internal static class EvaluationTable
{
    public static void Print(EvaluationReport report)
    {
        var sizes = string.Join(", ", report.Sizes.Select(size => string.Create(CultureInfo.InvariantCulture, $"{size.Value:N0} {Words(size.Key)}")));
        Terminal.Answer.MarkupLineInterpolated($"[bold]{report.Dataset}[/]  [grey]{report.Split}; {sizes}; seed {report.Seed}[/]");
        if (report.Models.Count > 0) Terminal.Answer.Write(report.Task == "rating" ? OfRatings(report) : OfRanking(report));
        if (report.Tuning is { } tuning)
        {
            Terminal.Answer.MarkupLineInterpolated($"[grey]Parameters: {tuning.Objective} on validation '{tuning.Validation}', {tuning.ValidationUsers} users; {tuning.Seconds:0} s of tuning.[/]");
            foreach (var model in report.Models.Where(model => model.Params.Count > 0))
                Terminal.Answer.MarkupLineInterpolated($"[grey]  {model.Name}: {string.Join(", ", model.Params.Select(p => $"{p.Key} {p.Value.ToString(CultureInfo.InvariantCulture)}"))}[/]");
        }
        foreach (var model in report.Models.Where(model => model.Members is not null))
            Terminal.Answer.MarkupLineInterpolated($"[grey]  {model.Name} = {string.Join(" + ", model.Members!.Select(m => string.Create(CultureInfo.InvariantCulture, $"{m.Weight:0.00} {m.Name}")))}[/]");
        foreach (var left in report.LeftOut) Errors.Console.MarkupLineInterpolated($"[yellow]not measured:[/] {left.Name}: {left.Reason}");
    }

    private static Table OfRanking(EvaluationReport report)
    {
        string[] shown = [$"recall@{report.K}", $"ndcg@{report.K}"];
        var table = new Table().Border(TableBorder.Simple).AddColumn("Model");
        string[] heads = [$"R@{report.K}", $"N@{report.K}", "Train CPU s", "Users/s", "Peak MB"];
        foreach (var head in heads) table.AddColumn(new TableColumn(head).RightAligned().NoWrap());
        foreach (var model in report.Models)
        {
            var values = shown.Select(name => Markup.Escape(WithInterval(model, name)));
            table.AddRow(
            [
                Markup.Escape(model.Name), .. values, Number(model.Train.CpuSeconds, "0.00"), Number(model.Score.UsersPerSecond, "N0"),
                Number(model.Train.PeakBytes / 1e6, "N0"),
            ]);
        }
        return table.Caption("± half of the 95 % interval over users", new Style(Color.Grey));
    }

    private static Table OfRatings(EvaluationReport report)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn("Model");
        string[] heads = ["RMSE", "MAE", "Fit CPU s per fold", "Peak MB"];
        foreach (var head in heads) table.AddColumn(new TableColumn(head).RightAligned());
        foreach (var model in report.Models)
        {
            table.AddRow(
                Markup.Escape(model.Name), Number(model.Metrics["rmse"], "0.0000"), Number(model.Metrics["mae"], "0.0000"),
                Number(model.Folds!.Average(fold => fold.FitCpuSeconds), "0.00"), Number(model.Train.PeakBytes / 1e6, "N0"));
        }
        return table;
    }

    private static string WithInterval(ModelReport model, string metric)
    {
        var ends = model.Ci[metric];
        return string.Create(CultureInfo.InvariantCulture, $"{model.Metrics[metric]:0.0000} ±{(ends[1] - ends[0]) / 2:0.0000}");
    }

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    private static string Words(string name) => name switch
    {
        "trainPairs" => "training pairs",
        "testUsers" => "test users",
        "testPairs" => "test pairs",
        _ => name,
    };
}
