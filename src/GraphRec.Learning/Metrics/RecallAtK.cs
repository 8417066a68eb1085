namespace GraphRec.Learning.Metrics;

/// <summary>
/// Recall@k = hits among the first k / |relevant|, as LightGCN and most papers on its splits count it (He et al., "LightGCN",
/// SIGIR 2020, §4.1). A user with more than k relevant items cannot reach 1; <see cref="TruncatedRecallAtK"/> lets them.
/// </summary>
/// <param name="k">How many places count, from 1.</param>
public sealed class RecallAtK(int k) : IUserMetric
{
    private readonly int _k = Positive.Of(k);

    public string Name => $"recall@{_k}";

    public double Of(in JudgedList list) => (double)list.Hits(_k) / list.Relevant.Length;
}
