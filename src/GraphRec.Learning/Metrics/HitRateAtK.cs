namespace GraphRec.Learning.Metrics;

/// <summary>
/// HitRate@k = 1 when a relevant item is among the first k, else 0 (Deshpande, Karypis, "Item-based top-N recommendation
/// algorithms", TOIS 2004). With one relevant item per user, as in leave-one-out, it equals <see cref="RecallAtK"/>.
/// </summary>
/// <param name="k">How many places count, from 1.</param>
public sealed class HitRateAtK(int k) : IUserMetric
{
    private readonly int _k = Positive.Of(k);

    public string Name => $"hitRate@{_k}";

    public double Of(in JudgedList list)
    {
        foreach (var item in list.Top(_k))
        {
            if (list.IsRelevant(item)) return 1;
        }
        return 0;
    }
}
