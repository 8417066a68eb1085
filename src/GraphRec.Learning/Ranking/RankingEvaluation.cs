using GraphRec.Core;
using GraphRec.Learning.Embeddings;
using GraphRec.Learning.Metrics;

namespace GraphRec.Learning.Ranking;

/// <summary>How well scores order lists.</summary>
public static class RankingEvaluation
{
    /// <summary>The places that count.</summary>
    public const int Places = 10;

    /// <summary>
    /// NDCG@10 by labels (<see cref="GradedNdcgAtK"/>) of every list that has a row with a label above 0, in the order of the lists; the others say
    /// nothing of an order. Rows of equal scores stand in an order that neither their place in the list nor their label decides.
    /// </summary>
    /// <param name="lists">What is ordered.</param>
    /// <param name="scores">One per row, higher is better.</param>
    /// <exception cref="InvalidInputException">A score is not a number.</exception>
    public static double[] Ndcg(RankingLists lists, ReadOnlySpan<float> scores)
    {
        if (scores.Length != lists.RowCount) throw new ArgumentException($"there are {scores.Length} scores for {lists.RowCount} rows.", nameof(scores));
        var metric = new GradedNdcgAtK(Places);
        List<double> values = [];
        for (var list = 0; list < lists.ListCount; list++)
        {
            var (start, count) = lists.List(list).GetOffsetAndLength(lists.RowCount);
            int[] relevant = [.. Enumerable.Range(0, count).Where(n => lists.Labels[start + n] > 0)];
            if (relevant.Length == 0) continue;
            var grades = Array.ConvertAll(relevant, n => (float)lists.Labels[start + n]);
            values.Add(metric.Of(new JudgedList(Order(scores.Slice(start, count)), relevant, grades: grades)));
        }
        return [.. values];
    }

    /// <summary>The numbers of the rows, best first.</summary>
    private static int[] Order(ReadOnlySpan<float> scores)
    {
        var keys = new (float Score, ulong Tie)[scores.Length];
        var order = new int[scores.Length];
        for (var n = 0; n < scores.Length; n++)
        {
            if (float.IsNaN(scores[n])) throw new InvalidInputException(ErrorCodes.BadUserInput, "a score is not a number; look whether the ranker was damaged.");
            (keys[n], order[n]) = ((-scores[n], RandomStream.Mix((ulong)n + RandomStream.Step)), n);
        }
        Array.Sort(keys, order);
        return order;
    }
}
