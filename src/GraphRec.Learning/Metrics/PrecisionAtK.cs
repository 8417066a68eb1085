namespace GraphRec.Learning.Metrics;

/// <summary>
/// Precision@k = hits among the first k / k (Herlocker et al., "Evaluating collaborative filtering recommender systems",
/// TOIS 2004, §4.2). Divided by k also when the list is shorter: places left empty are no hits.
/// </summary>
/// <param name="k">How many places count, from 1.</param>
public sealed class PrecisionAtK(int k) : IUserMetric
{
    private readonly int _k = Positive.Of(k);

    public string Name => $"precision@{_k}";

    public double Of(in JudgedList list) => (double)list.Hits(_k) / _k;
}
