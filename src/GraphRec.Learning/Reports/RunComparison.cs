using GraphRec.Core;
using GraphRec.Learning.Metrics;

namespace GraphRec.Learning.Reports;

/// <summary>Which of two measured models is better, user by user.</summary>
/// <param name="First">A model of the first report.</param>
/// <param name="Second">A model of the second report.</param>
/// <param name="Metric">What was compared.</param>
/// <param name="FirstMean">Its mean over users.</param>
/// <param name="SecondMean">Its mean over users.</param>
/// <param name="Test">Of first − second.</param>
public sealed record RunComparison(ModelReport First, ModelReport Second, string Metric, double FirstMean, double SecondMean, PairedTest Test)
{
    /// <summary>Below which p a difference counts as more than chance.</summary>
    public const double Significance = 0.05;

    /// <summary>Metrics of which less is better.</summary>
    private static readonly string[] Falling = ["genreMiscalibration"];

    /// <summary>1 when the first is better by more than chance, −1 when the second is, 0 when chance may explain the difference.</summary>
    public int Verdict => Test.P >= Significance ? 0 : Math.Sign(Test.Difference.Mean) * (IsFalling(Metric) ? -1 : 1);

    /// <summary>
    /// Compares two reports of one split of one data set by a paired test. Of several models in a report the best by the metric
    /// is taken, unless <paramref name="firstModel"/> or <paramref name="secondModel"/> names one.
    /// </summary>
    /// <exception cref="InvalidInputException">The reports are of different data, splits or users, or lack the metric or the model.</exception>
    public static RunComparison Of(
        EvaluationReport first, EvaluationReport second, string metric, string? firstModel = null, string? secondModel = null,
        int seed = 1, int threads = 2, CancellationToken cancel = default)
    {
        CheckAlike(first, second);
        var (a, b) = (Chosen(first, "the first", metric, firstModel), Chosen(second, "the second", metric, secondModel));
        var (left, right) = (PackedValues.Unpack(a.PerUser![metric]), PackedValues.Unpack(b.PerUser![metric]));
        if (left.Length != right.Length)
            throw Bad($"The reports have {left.Length} and {right.Length} test users; measure both on the same.");
        return new RunComparison(a, b, metric, left.Average(), right.Average(), PairedTest.Of(left, right, seed, threads: threads, cancel: cancel));
    }

    private static bool IsFalling(string metric) => Falling.Any(name => metric.StartsWith(name, StringComparison.Ordinal));

    private static void CheckAlike(EvaluationReport first, EvaluationReport second)
    {
        if (first.Task != second.Task) throw Bad($"One report is of {first.Task}, the other of {second.Task}; compare two of one task.");
        if (first.Task != "ranking") throw Bad("Ratings have no values per user to compare; compare their RMSE by eye.");
        if (first.Dataset != second.Dataset && first.DataHash != second.DataHash)
            throw Bad($"The reports are of different data, {first.Dataset} and {second.Dataset}; measure both on one data set.");
        if (first.Split != second.Split)
            throw Bad($"The reports are of different splits, '{first.Split}' and '{second.Split}'; measure both with one --split.");
        if (first.DataHash != second.DataHash)
            throw Bad($"Both reports say {first.Dataset}, split '{first.Split}', but training or test pairs differ; measure both on the same files with the same --seed.");
    }

    private static ModelReport Chosen(EvaluationReport report, string which, string metric, string? model)
    {
        if (report.Models.Count == 0) throw Bad($"There is no model in {which} report; measure one.");
        if (model is not null && report.Models.All(m => m.Name != model))
            throw Bad($"There is no model {model} in {which} report; it has {string.Join(", ", report.Models.Select(m => m.Name))}.");
        var named = model is null ? report.Models : [.. report.Models.Where(m => m.Name == model)];
        ModelReport[] measured = [.. named.Where(m => m.PerUser?.ContainsKey(metric) == true)];
        if (measured.Length == 0)
            throw Bad($"{metric} has no values per user in {which} report; it has {string.Join(", ", named.SelectMany(m => m.PerUser?.Keys ?? []).Distinct())}.");
        return IsFalling(metric) ? measured.MinBy(m => m.Metrics[metric])! : measured.MaxBy(m => m.Metrics[metric])!;
    }

    private static InvalidInputException Bad(string message) => new(ErrorCodes.BadUserInput, message);
}
