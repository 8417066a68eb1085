namespace GraphRec.Learning.Metrics;

/// <summary>
/// Serendipity@k = relevant items among the first k that a list of the k most popular items would not have shown / k: useful
/// and not expected from a primitive model (Ge, Delgado-Battenfeld, Jannach, "Beyond accuracy: evaluating recommender systems
/// by coverage and serendipity", RecSys 2010, with popularity as the primitive model). Never above <see cref="PrecisionAtK"/>.
/// </summary>
public sealed class Serendipity : IUserMetric
{
    private readonly int[] _byPopularity;
    private readonly int[] _places;
    private readonly int _k;

    /// <param name="popularity">How many users engaged with each item in training, by item number.</param>
    /// <param name="k">How many places count, in both lists, from 1.</param>
    public Serendipity(IReadOnlyList<int> popularity, int k)
    {
        _k = Positive.Of(k);
        _byPopularity = [.. Enumerable.Range(0, popularity.Count).OrderByDescending(item => popularity[item]).ThenBy(item => item)];
        _places = new int[popularity.Count];
        for (var n = 0; n < _places.Length; n++) _places[_byPopularity[n]] = n;
    }

    public string Name => $"serendipity@{_k}";

    /// <summary>The share for one user, whose known items are masked in the list of popular items too.</summary>
    public double Of(in JudgedList list)
    {
        var expected = Expected(list.Known);
        var found = 0;
        foreach (var item in list.Top(_k))
        {
            if (_places[item] >= expected && list.IsRelevant(item)) found++;
        }
        return (double)found / _k;
    }

    /// <summary>How many of the most popular items one must go through to have k that the user does not know.</summary>
    private int Expected(ReadOnlySpan<int> known)
    {
        var (place, open) = (0, _k);
        for (; place < _byPopularity.Length && open > 0; place++)
        {
            if (known.BinarySearch(_byPopularity[place]) < 0) open--;
        }
        return place;
    }
}
