namespace GraphRec.Learning.Metrics;

/// <summary>
/// Binary NDCG@k = Σ 1 / log2(1 + place) over the hits among the first k, divided by the same of an ideal list, which has
/// hits at its first min(k, |relevant|) places (Järvelin, Kekäläinen, "Cumulated gain-based evaluation of IR techniques",
/// TOIS 2002, §2, with the discount from place 2 on and the logarithm of 1 + place, as in Burges et al., ICML 2005).
/// </summary>
public sealed class NdcgAtK : IUserMetric
{
    private readonly double[] _discounts;
    private readonly double[] _ideals;

    /// <param name="k">How many places count, from 1.</param>
    public NdcgAtK(int k)
    {
        _discounts = Discounts.Of(Positive.Of(k));
        _ideals = new double[k + 1];
        for (var n = 0; n < k; n++) _ideals[n + 1] = _ideals[n] + _discounts[n];
    }

    public string Name => $"ndcg@{_discounts.Length}";

    public double Of(in JudgedList list)
    {
        var top = list.Top(_discounts.Length);
        var gain = 0.0;
        for (var n = 0; n < top.Length; n++)
        {
            if (list.IsRelevant(top[n])) gain += _discounts[n];
        }
        return gain / _ideals[Math.Min(_discounts.Length, list.Relevant.Length)];
    }
}
