using GraphRec.Core;

namespace GraphRec.Learning.Metrics;

/// <summary>
/// The area under the ROC curve of one user: the share of pairs (relevant item, other item) in which the relevant one has
/// the higher score; equal scores count half (Rendle et al., "BPR", UAI 2009, §4.1.1; Hanley, McNeil, "The meaning and use
/// of the area under a ROC curve", Radiology 1982). It needs the scores of all items, so it is no <see cref="IUserMetric"/>.
/// </summary>
public static class Auc
{
    /// <summary>
    /// The AUC in 0 … 1; 0.5 when every item is known or relevant, so that there is no pair. Time: O(n log |relevant|), since
    /// only the relevant scores are sorted.
    /// </summary>
    /// <param name="scores">The score of every item, by item number, higher is better.</param>
    /// <param name="relevant">The user's test items, ascending, at least one, none of them known.</param>
    /// <param name="known">The user's training items, ascending; they are in no pair.</param>
    /// <exception cref="InvalidInputException">
    /// The items do not ascend, are outside the scores, or relevant and known at once; none is relevant; a score is not a number.
    /// </exception>
    public static double Of(ReadOnlySpan<double> scores, ReadOnlySpan<int> relevant, ReadOnlySpan<int> known = default)
    {
        Check(relevant, scores.Length, nameof(relevant));
        Check(known, scores.Length, nameof(known));
        if (relevant.IsEmpty)
            throw new InvalidInputException(ErrorCodes.BadUserInput, "a user has no relevant item; leave users without test items out.");
        var sorted = new double[relevant.Length];
        for (var n = 0; n < sorted.Length; n++) sorted[n] = Number(scores, relevant[n]);
        Array.Sort(sorted);
        // Twice the number of pairs won, so that a half is whole and the sum exact.
        long wins = 0, others = 0;
        int nextRelevant = 0, nextKnown = 0;
        for (var item = 0; item < scores.Length; item++)
        {
            var isRelevant = nextRelevant < relevant.Length && relevant[nextRelevant] == item;
            var isKnown = nextKnown < known.Length && known[nextKnown] == item;
            if (isRelevant && isKnown)
            {
                throw new InvalidInputException(
                    ErrorCodes.BadUserInput, $"item {item} is relevant and known; a test item must not be a training item.");
            }
            if (isRelevant) nextRelevant++;
            if (isKnown) nextKnown++;
            if (isRelevant || isKnown) continue;
            var score = Number(scores, item);
            var below = Count(sorted, score, equal: false);
            // By search, not by a loop over the equals, which would be quadratic when all scores are the same.
            var upTo = below < sorted.Length && sorted[below] == score ? Count(sorted, score, equal: true) : below;
            wins += (2L * (sorted.Length - upTo)) + (upTo - below);
            others++;
        }
        return others == 0 ? 0.5 : wins / (2.0 * others * sorted.Length);
    }

    /// <summary>How many are below the score, and with <paramref name="equal"/> also those that equal it.</summary>
    private static int Count(ReadOnlySpan<double> sorted, double score, bool equal)
    {
        int low = 0, high = sorted.Length;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (sorted[middle] < score || (equal && sorted[middle] == score)) low = middle + 1;
            else high = middle;
        }
        return low;
    }

    private static double Number(ReadOnlySpan<double> scores, int item) => double.IsNaN(scores[item])
        ? throw new InvalidInputException(
            ErrorCodes.BadUserInput, $"the score of item {item} is not a number; check the model's parameters.")
        : scores[item];

    private static void Check(ReadOnlySpan<int> items, int count, string name)
    {
        for (var n = 0; n < items.Length; n++)
        {
            if (items[n] >= 0 && items[n] < count && (n == 0 || items[n] > items[n - 1])) continue;
            throw new InvalidInputException(
                ErrorCodes.BadUserInput, $"{name} has item {items[n]} at {n}; give numbers from 0 to {count - 1}, ascending, each once.");
        }
    }
}
