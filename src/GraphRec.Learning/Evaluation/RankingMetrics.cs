namespace GraphRec.Learning.Evaluation;

/// <summary>Metrics of one ranked list against the items it should hold; both are item numbers.</summary>
public static class RankingMetrics
{
    /// <summary>Hits among the first <paramref name="k"/> over |<paramref name="relevant"/>| (ascending, not empty).</summary>
    public static double Recall(ReadOnlySpan<int> ranked, ReadOnlySpan<int> relevant, int k)
    {
        var hits = 0;
        foreach (var item in ranked[..Math.Min(k, ranked.Length)])
        {
            if (relevant.BinarySearch(item) >= 0) hits++;
        }
        return (double)hits / relevant.Length;
    }

    /// <summary>
    /// Binary NDCG (Järvelin, Kekäläinen 2002): Σ 1/log2(1 + place) over the hits among the first <paramref name="k"/>,
    /// divided by the same of an ideal list, which has hits at its first min(k, |relevant|) places.
    /// </summary>
    public static double Ndcg(ReadOnlySpan<int> ranked, ReadOnlySpan<int> relevant, int k)
    {
        double gain = 0, ideal = 0;
        for (var place = 1; place <= Math.Min(k, ranked.Length); place++)
        {
            if (relevant.BinarySearch(ranked[place - 1]) >= 0) gain += 1 / Math.Log2(1 + place);
        }
        for (var place = 1; place <= Math.Min(k, relevant.Length); place++) ideal += 1 / Math.Log2(1 + place);
        return gain / ideal;
    }
}
