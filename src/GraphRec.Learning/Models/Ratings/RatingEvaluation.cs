using GraphRec.Learning.Data;
using GraphRec.Learning.Metrics;

namespace GraphRec.Learning.Models.Ratings;

/// <summary>What one fold measured.</summary>
/// <param name="Rmse">Over the fold's test ratings, in the unit of the ratings.</param>
/// <param name="Mae">The same.</param>
/// <param name="FitCpuSeconds">User and system time of the whole process while the model was fitted.</param>
public readonly record struct RatingFoldResult(double Rmse, double Mae, double FitCpuSeconds);

/// <summary>How well one kind of rating model predicts: a row of a table. Its figures are means over the folds.</summary>
/// <param name="Name">The kind's name.</param>
/// <param name="Folds">Each fold's figures, in the order of the folds.</param>
public sealed record RatingResult(string Name, IReadOnlyList<RatingFoldResult> Folds)
{
    public double Rmse => Folds.Average(fold => fold.Rmse);

    public double Mae => Folds.Average(fold => fold.Mae);

    public double FitCpuSeconds => Folds.Average(fold => fold.FitCpuSeconds);
}

/// <summary>Measures rating models.</summary>
public static class RatingEvaluation
{
    /// <summary>Cross-validates every kind, in the order they are listed.</summary>
    /// <exception cref="Core.InvalidInputException">The data have no ratings, or too few for as many folds.</exception>
    public static IReadOnlyList<RatingResult> CrossValidate(
        Interactions ratings, int folds, int seed, int threads, CancellationToken cancel = default) =>
        [.. RatingKinds.All.Select(kind => CrossValidate(ratings, kind.Name, folds, seed, threads, cancel))];

    /// <summary>
    /// Fits one kind on all folds but one and predicts that one, for each fold in turn; <see cref="RatingFolds"/> deals them.
    /// Errors depend on nothing but the arguments; <see cref="RatingResult.FitCpuSeconds"/> also on what else the process does.
    /// </summary>
    /// <param name="ratings">Pairs with ratings.</param>
    /// <param name="kind">The name of a <see cref="RatingKind"/>.</param>
    /// <param name="folds">How many, from 2.</param>
    /// <param name="seed">For the deal and the models.</param>
    /// <param name="threads">For fitting; errors are the same for any number.</param>
    /// <param name="cancel">Looked at while fitting.</param>
    /// <exception cref="Core.InvalidInputException">There is no such kind, the data have no ratings, or too few for as many folds.</exception>
    public static RatingResult CrossValidate(
        Interactions ratings, string kind, int folds, int seed, int threads, CancellationToken cancel = default)
    {
        var chosen = RatingKinds.Of(kind);
        var deal = RatingFolds.Of(ratings, folds, seed);
        var results = new RatingFoldResult[folds];
        for (var n = 0; n < folds; n++)
        {
            var fold = deal[n];
            var before = Environment.CpuUsage.TotalTime;
            var model = chosen.Fit(new RatingFitInput(fold.Train, seed, threads), cancel);
            var cpu = (Environment.CpuUsage.TotalTime - before).TotalSeconds;
            var (predicted, actual) = Predict(model, fold.Test);
            results[n] = new RatingFoldResult(Rmse.Of(predicted, actual), Mae.Of(predicted, actual), cpu);
        }
        return new RatingResult(chosen.Name, results);
    }

    private static (double[] Predicted, double[] Actual) Predict(RatingModel model, Interactions test)
    {
        var (predicted, actual) = (new double[test.Count], new double[test.Count]);
        for (var n = 0; n < predicted.Length; n++)
            (predicted[n], actual[n]) = (model.Predict(test.UserNumbers[n], test.ItemNumbers[n]), test.Values[n]);
        return (predicted, actual);
    }
}
