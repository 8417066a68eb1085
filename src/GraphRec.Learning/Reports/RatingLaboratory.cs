using System.IO.Hashing;
using System.Runtime.InteropServices;
using GraphRec.Learning.Data;
using GraphRec.Learning.Evaluation;
using GraphRec.Learning.Models.Ratings;

namespace GraphRec.Learning.Reports;

/// <summary>Measures models that predict ratings, by cross-validation.</summary>
public static class RatingLaboratory
{
    /// <summary>Cross-validates the kinds in this order; the same for any number of threads but for the time.</summary>
    /// <param name="ratings">Pairs with ratings.</param>
    /// <param name="kinds">Names of rating models.</param>
    /// <param name="folds">From 2.</param>
    /// <param name="seed">For the deal and the models.</param>
    /// <param name="threads">From 1.</param>
    /// <param name="begun">Told the name of each model before it is fitted; null when nobody listens.</param>
    /// <param name="cancel">Ends the work with an exception.</param>
    /// <exception cref="Core.InvalidInputException">There is no such kind, the data have no ratings, or too few for as many folds.</exception>
    public static EvaluationReport Run(
        Interactions ratings, IReadOnlyList<string> kinds, int folds, int seed, int threads, Action<string>? begun, CancellationToken cancel)
    {
        foreach (var kind in kinds) RatingKinds.Of(kind);
        // Refused before the first fit.
        _ = RatingFolds.Of(ratings, folds, seed);
        return new EvaluationReport
        {
            Dataset = ratings.Name,
            Split = FormattableString.Invariant($"{folds}-fold cross-validation"),
            Task = "rating",
            DataHash = HashOf(ratings),
            Seed = seed,
            Threads = threads,
            Sizes = new Dictionary<string, long> { ["users"] = ratings.Users.Count, ["items"] = ratings.Items.Count, ["ratings"] = ratings.Count },
            Models = [.. kinds.Select(kind => Measured(ratings, kind, folds, seed, threads, begun, cancel))],
        };
    }

    private static ModelReport Measured(
        Interactions ratings, string kind, int folds, int seed, int threads, Action<string>? begun, CancellationToken cancel)
    {
        begun?.Invoke(kind);
        RatingResult? result = null;
        var spent = Spent.WithPeakBy(() => result = RatingEvaluation.CrossValidate(ratings, kind, folds, seed, threads, cancel));
        var found = result!;
        return new ModelReport(
            kind, new Dictionary<string, double>(), new Dictionary<string, double> { ["rmse"] = found.Rmse, ["mae"] = found.Mae },
            new Dictionary<string, double[]>(), new TrainReport(spent.WallSeconds, spent.CpuSeconds, spent.PeakBytes), new ScoreReport(0, 0, 0))
        {
            Model = kind,
            Folds = [.. found.Folds.Select(fold => new FoldReport(fold.Rmse, fold.Mae, fold.FitCpuSeconds))],
        };
    }

    private static string HashOf(Interactions ratings)
    {
        var hash = new XxHash128();
        hash.Append(MemoryMarshal.AsBytes(ratings.UserNumbers));
        hash.Append(MemoryMarshal.AsBytes(ratings.ItemNumbers));
        hash.Append(MemoryMarshal.AsBytes(ratings.Values));
        return Convert.ToHexStringLower(hash.GetCurrentHash());
    }
}
