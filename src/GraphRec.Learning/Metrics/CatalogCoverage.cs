using GraphRec.Core;

namespace GraphRec.Learning.Metrics;

/// <summary>
/// Catalogue coverage = items that are among the first k of at least one list / all items (Ge, Delgado-Battenfeld, Jannach,
/// "Beyond accuracy: evaluating recommender systems by coverage and serendipity", RecSys 2010). In 0 … 1.
/// </summary>
public sealed class CatalogCoverage : IListsMetric
{
    private readonly int _items;
    private readonly int _k;

    /// <param name="items">How many items there are to recommend, from 1.</param>
    /// <param name="k">How many places of each list count, from 1.</param>
    /// <exception cref="InvalidInputException">One of them is less than 1.</exception>
    public CatalogCoverage(int items, int k)
    {
        (_items, _k) = (Positive.Of(items), Positive.Of(k));
    }

    public string Name => $"catalogCoverage@{_k}";

    public double Of(IReadOnlyList<Recommendation> lists)
    {
        var shown = new bool[_items];
        foreach (var list in lists)
        {
            foreach (var item in list.Ranked.Take(_k)) shown[item] = true;
        }
        return (double)shown.Count(s => s) / _items;
    }
}
