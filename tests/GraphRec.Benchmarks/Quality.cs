namespace GraphRec.Benchmarks;

/// <summary>
/// LightGCN's metrics: Recall@k = hits / |test|, NDCG@k binary with the ideal over min(k, |test|), averaged over users
/// with test items (He et al., SIGIR 2020).
/// </summary>
internal sealed class Quality(int[][] test, int cut)
{
    private readonly (double Recall, double Ndcg)[] _users = new (double, double)[test.Length];

    /// <summary>Takes one user's list; from any thread.</summary>
    public void Take(int user, ReadOnlySpan<int> items, ReadOnlySpan<float> scores)
    {
        if (test[user].Length == 0) return;
        double gain = 0, ideal = 0;
        var hits = 0;
        for (var i = 0; i < items.Length; i++)
        {
            if (!test[user].Contains(items[i])) continue;
            hits++;
            gain += 1 / Math.Log2(i + 2);
        }
        for (var i = 0; i < Math.Min(cut, test[user].Length); i++) ideal += 1 / Math.Log2(i + 2);
        _users[user] = ((double)hits / test[user].Length, gain / ideal);
    }

    public (double Recall, double Ndcg) Mean()
    {
        var tested = Enumerable.Range(0, test.Length).Where(u => test[u].Length > 0).ToArray();
        return (tested.Average(u => _users[u].Recall), tested.Average(u => _users[u].Ndcg));
    }
}
