using GraphRec.Core;

namespace GraphRec.Learning.Metrics;

/// <summary>
/// The Gini index of how often items are recommended: Σ over j of (2j − n − 1) · p(j) / (n − 1), where p(1) ≤ … ≤ p(n) are the
/// items' shares of all recommended places (Shani, Gunawardana, "Evaluating recommendation systems", Recommender Systems
/// Handbook, 2011). 0: all items equally often; 1: always the same single item. Items that no list holds are among the n.
/// </summary>
public sealed class Gini : IListsMetric
{
    private readonly int _items;
    private readonly int _k;

    /// <param name="items">How many items there are to recommend, from 1.</param>
    /// <param name="k">How many places of each list count, from 1.</param>
    /// <exception cref="InvalidInputException">One of them is less than 1.</exception>
    public Gini(int items, int k)
    {
        (_items, _k) = (Positive.Of(items), Positive.Of(k));
    }

    public string Name => $"gini@{_k}";

    /// <summary>The index of these lists; 0 when they are all empty or there is one item only.</summary>
    public double Of(IReadOnlyList<Recommendation> lists)
    {
        var counts = new int[_items];
        foreach (var list in lists)
        {
            foreach (var item in list.Ranked.Take(_k)) counts[item]++;
        }
        Array.Sort(counts);
        // Counts, not shares, are summed: whole numbers have no rounding.
        long places = 0, sum = 0;
        for (var n = 0; n < counts.Length; n++)
        {
            places += counts[n];
            sum += ((2L * (n + 1)) - counts.Length - 1) * counts[n];
        }
        return places == 0 || counts.Length == 1 ? 0 : sum / ((counts.Length - 1) * (double)places);
    }
}
