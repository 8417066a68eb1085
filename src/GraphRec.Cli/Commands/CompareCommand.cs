using System.CommandLine;
using System.Globalization;
using GraphRec.Learning.Reports;
using Spectre.Console;

namespace GraphRec.Cli.Commands;

/// <summary><c>graphrec compare</c>: which of two measured models is better, and whether by more than chance.</summary>
public static class CompareCommand
{
    public static Command Create()
    {
        var first = Report("FIRST", "A file that 'graphrec evaluate --json' wrote.");
        var second = Report("SECOND", "Another one of the same data and split, or the same file.");
        var metric = new Option<string?>("--metric") { Description = "What is compared: any metric per user. [default: ndcg at the first report's K]", HelpName = "NAME" };
        var model = new Option<string?>("--model") { Description = "The model of both reports. [default: the best of each by the metric]", HelpName = "NAME" };
        var secondModel = new Option<string?>("--second-model") { Description = "The model of the second report, if it has another name.", HelpName = "NAME" };
        var seed = Options.Number("--seed", "Of the test's permutations; the same seed gives the same p.", 1, 0, int.MaxValue);
        var command = new Command("compare", "Tell which of two evaluated models is better, and whether the difference is more than chance.") { first, second, metric, model, secondModel, seed };
        command.SetAction((parsed, cancel) =>
        {
            var (a, b) = (EvaluationReport.Read(parsed.GetRequiredValue(first)), EvaluationReport.Read(parsed.GetRequiredValue(second)));
            var compared = RunComparison.Of(
                a, b, parsed.GetValue(metric) ?? FormattableString.Invariant($"ndcg@{a.K}"), parsed.GetValue(model),
                parsed.GetValue(secondModel) ?? parsed.GetValue(model), parsed.GetValue(seed), Environment.ProcessorCount, cancel);
            Print(compared);
            return Task.FromResult(compared.Verdict switch { > 0 => Errors.Ok, 0 => Errors.NoDifference, _ => Errors.SecondIsBetter });
        });
        return command;
    }

    private static Argument<string> Report(string name, string description) => new(name) { Description = description };

    private static void Print(RunComparison found)
    {
        var (first, second) = (found.First.Name, found.Second.Name);
        if (first == second) (first, second) = ($"{first} (first)", $"{second} (second)");
        var table = new Table().Border(TableBorder.Simple).AddColumn("Model").AddColumn(new TableColumn(Markup.Escape(found.Metric)).RightAligned());
        table.AddRow(Markup.Escape(first), Number(found.FirstMean)).AddRow(Markup.Escape(second), Number(found.SecondMean));
        Terminal.Answer.Write(table);
        var (test, difference) = (found.Test, found.Test.Difference);
        Terminal.Answer.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"Difference {difference.Mean:+0.0000;-0.0000;0.0000}, 95 % interval {difference.Low:+0.0000;-0.0000;0.0000} to {difference.High:+0.0000;-0.0000;0.0000}, p = {test.P:0.####} over {test.Users:N0} users."));
        Terminal.Answer.WriteLine(found.Verdict switch
        {
            > 0 => $"{first} is better.",
            < 0 => $"{second} is better.",
            _ => "Neither is better: chance may explain the difference.",
        });
    }

    private static string Number(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);
}
