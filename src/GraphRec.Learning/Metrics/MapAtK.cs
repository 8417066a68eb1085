namespace GraphRec.Learning.Metrics;

/// <summary>
/// Average precision at k = Σ over the hits among the first k of (hits up to that place / that place) / min(k, |relevant|);
/// MAP@k is its mean over users (Manning, Raghavan, Schütze, "Introduction to information retrieval", 2008, §8.4; the
/// divisor as in McFee et al., "The Million Song Dataset Challenge", AdMIRe 2012, so that a perfect list has 1).
/// </summary>
/// <param name="k">How many places count, from 1.</param>
public sealed class MapAtK(int k) : IUserMetric
{
    private readonly int _k = Positive.Of(k);

    public string Name => $"map@{_k}";

    public double Of(in JudgedList list)
    {
        var top = list.Top(_k);
        var (hits, sum) = (0, 0.0);
        for (var n = 0; n < top.Length; n++)
        {
            if (list.IsRelevant(top[n])) sum += (double)++hits / (n + 1);
        }
        return sum / Math.Min(_k, list.Relevant.Length);
    }
}
