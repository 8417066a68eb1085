using GraphRec.Core;

namespace GraphRec.Learning.Metrics;

/// <summary>
/// Mean absolute error = Σ |predicted − actual| / n, in the unit of the ratings (Herlocker et al., "Evaluating collaborative
/// filtering recommender systems", TOIS 2004, §4.1).
/// </summary>
public static class Mae
{
    /// <summary>The error over all ratings, one prediction for each.</summary>
    /// <exception cref="InvalidInputException">There is no rating, or one is not finite.</exception>
    public static double Of(ReadOnlySpan<double> predicted, ReadOnlySpan<double> actual)
    {
        RatingErrors.Check(predicted, actual);
        var sum = 0.0;
        for (var n = 0; n < actual.Length; n++) sum += Math.Abs(predicted[n] - actual[n]);
        return sum / actual.Length;
    }
}
