namespace GraphRec.Ranking.ReRanking;

/// <summary>
/// Greedy re-ranking by maximal marginal relevance (Carbonell and Goldstein, SIGIR 1998): at each place the drama with
/// the largest base + w · (1 − similarity to the most similar drama above it) + calibration. Ties go to the lower index.
/// </summary>
public static class Mmr
{
    /// <summary>
    /// Orders <paramref name="items"/> (best base first); O(n²) similarities, so pass a window, not a catalogue.
    /// </summary>
    /// <param name="items">The window to order.</param>
    /// <param name="weight">The weight of diversity.</param>
    /// <param name="similarity">Similarity of two items in [0, 1].</param>
    /// <param name="calibration">What the viewer is owed; null where it does not count.</param>
    /// <param name="into">Receives as many items as the window has.</param>
    public static void Order<TSimilarity>(ReadOnlySpan<RankItem> items, double weight, TSimilarity similarity, GenreDebt? calibration, Span<RankedItem> into)
        where TSimilarity : ISimilarity
    {
        var left = items.ToArray();
        var closest = new double[left.Length];
        var chosen = -1;
        for (var place = 0; place < into.Length; place++)
        {
            // One pass both notes what was chosen last and finds what is chosen next.
            var rest = left.AsSpan(0, left.Length - place);
            var near = closest.AsSpan(0, rest.Length);
            var (best, bestScore, bestItem) = (0, double.NegativeInfinity, 0);
            for (var i = 0; i < rest.Length; i++)
            {
                var (item, itself) = rest[i];
                if (chosen >= 0 && similarity.Of(item, chosen) is var alike && alike > near[i]) near[i] = alike;
                var score = itself + weight * (1 - near[i]) + (calibration?.Of(item) ?? 0);
                if (score < bestScore || (score == bestScore && item > bestItem)) continue;
                (best, bestScore, bestItem) = (i, score, item);
            }
            into[place] = new RankedItem(bestItem, bestScore, weight * (1 - near[best]), calibration?.Of(bestItem) ?? 0);
            calibration?.Place(bestItem);
            (rest[best], near[best]) = (rest[^1], near[^1]);
            chosen = bestItem;
        }
    }
}
