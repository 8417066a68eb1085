namespace GraphRec.Learning.Ranking;

/// <summary>
/// Training lists from pages that were shown: the features as frozen then, graded by what came of each drama. A drama that was taken up in
/// a place that few look at counts for the many that would have been (inverse propensity scoring: Joachims, Swaminathan, Schnabel,
/// "Unbiased learning-to-rank with biased feedback", WSDM 2017).
/// </summary>
public static class ImpressionLists
{
    /// <summary>A list for each page of which something came; null where that is no page.</summary>
    /// <param name="featureNames">Of the feature set of the pages.</param>
    /// <param name="pages">Pages with what came of them.</param>
    /// <param name="bias">How likely places are looked at.</param>
    public static RankingLists? Of(IReadOnlyList<string> featureNames, IReadOnlyList<ShownItem[]> pages, PositionBias bias)
    {
        var taken = pages.Where(page => page.Any(item => item.Label > 0) && page.All(item => item.Features.Length == featureNames.Count)).ToArray();
        if (taken.Length == 0) return null;
        var starts = new int[taken.Length + 1];
        for (var n = 0; n < taken.Length; n++) starts[n + 1] = starts[n] + taken[n].Length;
        return new RankingLists(
            featureNames, [.. taken.SelectMany(page => page.SelectMany(item => item.Features))], [.. taken.SelectMany(page => page.Select(item => item.Label))],
            [.. taken.SelectMany(page => page.Select(item => item.Label > 0 ? (float)(1 / bias.LookedAt(item.Row, item.Place)) : 1f))], starts);
    }
}
