using GraphRec.Core;

namespace GraphRec.Learning.Metrics;

/// <summary>The check of predicted and true ratings, for both errors.</summary>
internal static class RatingErrors
{
    /// <exception cref="InvalidInputException">There is no rating, or one is not finite.</exception>
    public static void Check(ReadOnlySpan<double> predicted, ReadOnlySpan<double> actual)
    {
        if (predicted.Length != actual.Length)
            throw new ArgumentException($"there are {actual.Length} ratings but {predicted.Length} predictions; give one each.", nameof(predicted));
        if (actual.IsEmpty) throw new InvalidInputException(ErrorCodes.BadUserInput, "there is no rating to measure; hold some out.");
        for (var n = 0; n < actual.Length; n++)
        {
            if (!double.IsFinite(predicted[n]) || !double.IsFinite(actual[n]))
            {
                throw new InvalidInputException(
                    ErrorCodes.BadUserInput, $"rating {n} is predicted as {predicted[n]} and is {actual[n]}; both must be finite numbers.");
            }
        }
    }
}
