namespace GraphRec.Learning.Metrics;

/// <summary>
/// Truncated Recall@k = hits among the first k / min(k, |relevant|): what Mult-VAE and the papers after it call Recall@k
/// (Liang et al., "Variational autoencoders for collaborative filtering", WWW 2018, §4.2). Never below <see cref="RecallAtK"/>.
/// </summary>
/// <param name="k">How many places count, from 1.</param>
public sealed class TruncatedRecallAtK(int k) : IUserMetric
{
    private readonly int _k = Positive.Of(k);

    public string Name => $"truncatedRecall@{_k}";

    public double Of(in JudgedList list) => (double)list.Hits(_k) / Math.Min(_k, list.Relevant.Length);
}
