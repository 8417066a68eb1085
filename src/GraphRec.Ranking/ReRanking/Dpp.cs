namespace GraphRec.Ranking.ReRanking;

/// <summary>
/// Greedy re-ranking by a determinantal point process (Chen, Zhang, Zhou, "Fast greedy MAP inference for determinantal point process to
/// improve recommendation diversity", NeurIPS 2018, algorithm 1): with item vectors whose products are the similarities, d² of an item is
/// the part of its squared length that what stands above it does not span, all of it together, where maximal marginal relevance
/// looks at the nearest one alone. At each place comes the drama with the largest base + w · (1 + ln d) + calibration, where
/// 1 + ln d is not below 0; ties go to the lower index.
/// </summary>
public static class Dpp
{
    /// <summary>What stands further down no longer lowers what comes after it: no page goes so far, and work grows with the square.</summary>
    private const int Depth = 120;

    /// <summary>Orders <paramref name="items"/>; O(n · places²), so pass a window, not a catalogue.</summary>
    /// <param name="items">The window to order.</param>
    /// <param name="weight">The weight of diversity.</param>
    /// <param name="similarity">Similarity of two items in [0, 1], a positive semidefinite one; of an item with itself 1 is taken.</param>
    /// <param name="calibration">What the viewer is owed; null where it does not count.</param>
    /// <param name="into">Receives as many items as the window has.</param>
    public static void Order<TSimilarity>(ReadOnlySpan<RankItem> items, double weight, TSimilarity similarity, GenreDebt? calibration, Span<RankedItem> into)
        where TSimilarity : ISimilarity
    {
        var count = items.Length;
        var depth = Math.Min(Depth, count);
        var (left, alone, rows) = (new int[count], new double[count], new double[count * depth]);
        for (var i = 0; i < count; i++) (left[i], alone[i]) = (i, 1);
        for (var place = 0; place < into.Length; place++)
        {
            var rest = left.AsSpan(0, count - place);
            var (at, bestScore) = (0, double.NegativeInfinity);
            for (var n = 0; n < rest.Length; n++)
            {
                var item = items[rest[n]];
                var score = item.Base + Diversity(weight, alone[rest[n]]) + (calibration?.Of(item.Item) ?? 0);
                if (score < bestScore || (score == bestScore && item.Item > items[rest[at]].Item)) continue;
                (at, bestScore) = (n, score);
            }
            var chosen = rest[at];
            into[place] = new RankedItem(items[chosen].Item, bestScore, Diversity(weight, alone[chosen]), calibration?.Of(items[chosen].Item) ?? 0);
            calibration?.Place(items[chosen].Item);
            rest[at] = rest[^1];
            if (place < depth) TakeAway(items, similarity, chosen, rest[..^1], place, depth, alone, rows);
        }
    }

    /// <summary>Takes from all that is left what the chosen one spans.</summary>
    private static void TakeAway<TSimilarity>(
        ReadOnlySpan<RankItem> items, TSimilarity similarity, int chosen, ReadOnlySpan<int> rest, int place, int depth, double[] alone, double[] rows)
        where TSimilarity : ISimilarity
    {
        // Nothing new: what lies in the span of the ones above takes nothing away.
        if (alone[chosen] < 1e-9) return;
        var length = Math.Sqrt(alone[chosen]);
        var own = rows.AsSpan(chosen * depth, place);
        foreach (var other in rest)
        {
            var row = rows.AsSpan(other * depth, place);
            double common = 0;
            for (var k = 0; k < place; k++) common += own[k] * row[k];
            var part = (similarity.Of(items[other].Item, items[chosen].Item) - common) / length;
            rows[(other * depth) + place] = part;
            alone[other] = Math.Max(0, alone[other] - (part * part));
        }
    }

    private static double Diversity(double weight, double alone) => weight * Math.Max(0, 1 + (0.5 * Math.Log(alone)));
}
