namespace GraphRec.Learning.Ranking;

/// <summary>
/// Training lists from pages that were shown: the features as frozen then, graded by what came of each drama. A drama that was taken up in
/// a place that few look at counts for the many that would have been (inverse propensity scoring: Joachims, Swaminathan, Schnabel,
/// "Unbiased learning-to-rank with biased feedback", WSDM 2017).
/// </summary>
public static class ImpressionLists
{
    /// <summary>A list for each page of which something came.</summary>
    /// <param name="pages">Pages with what came of them.</param>
    /// <param name="bias">How likely places are looked at.</param>
    public static IReadOnlyList<LabelledList> Of(IReadOnlyList<ShownItem[]> pages, PositionBias bias) =>
    [
        .. pages.Where(page => page.Any(item => item.Label > 0)).Select(page => new LabelledList(
            [.. page.SelectMany(item => item.Features)], Array.ConvertAll(page, item => item.Label),
            Array.ConvertAll(page, item => item.Label > 0 ? (float)(1 / bias.LookedAt(item.Row, item.Place)) : 1f))),
    ];
}
