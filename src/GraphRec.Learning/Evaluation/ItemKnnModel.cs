using GraphRec.Learning.Models;

namespace GraphRec.Learning.Evaluation;

/// <summary>
/// Item-based nearest neighbours on binary engagement (Sarwar et al., "Item-based collaborative filtering", WWW 2001):
/// similarity = n(a,b) / sqrt(n(a)·n(b)) · n(a,b) / (n(a,b) + shrinkage), of which each item keeps its
/// <c>neighbours</c> best; an item's score is the sum of its kept similarities to the user's items.
/// </summary>
public sealed class ItemKnnModel : IRankingModel
{
    private readonly InteractionMatrix _train;
    private readonly (int Item, double Similarity)[][] _keptBy;

    /// <summary>Fits on a matrix. Time: the sum over users of their items squared.</summary>
    public ItemKnnModel(InteractionMatrix train, int neighbours = 100, double shrinkage = 10)
    {
        _train = train;
        var keptBy = new List<(int, double)>[train.Items.Count];
        for (var item = 0; item < keptBy.Length; item++) keptBy[item] = [];
        var counts = new int[train.Items.Count];
        var touched = new List<int>();
        for (var item = 0; item < keptBy.Length; item++)
        {
            foreach (var (other, similarity) in Neighbours(item, counts, touched, shrinkage).Take(neighbours))
                keptBy[other].Add((item, similarity));
        }
        _keptBy = [.. keptBy.Select(list => list.ToArray())];
    }

    public string Name => "ItemKnn";

    public int ItemCount => _train.Items.Count;

    public IScorer NewScorer() => new UserScorer(ItemCount, Score);

    private void Score(int user, Span<double> scores)
    {
        scores.Clear();
        foreach (var owned in _train.ItemsOf(user))
        {
            foreach (var (item, similarity) in _keptBy[owned]) scores[item] += similarity;
        }
    }

    private IEnumerable<(int Item, double Similarity)> Neighbours(int item, int[] counts, List<int> touched, double shrinkage)
    {
        touched.Clear();
        foreach (var user in _train.UsersOf(item))
        {
            foreach (var other in _train.ItemsOf(user))
            {
                if (other != item && counts[other]++ == 0) touched.Add(other);
            }
        }
        var own = _train.UsersOf(item).Length;
        var found = new (int Item, double Similarity)[touched.Count];
        for (var n = 0; n < found.Length; n++)
        {
            var other = touched[n];
            double both = counts[other];
            found[n] = (other, both / Math.Sqrt((double)own * _train.UsersOf(other).Length) * (both / (both + shrinkage)));
            counts[other] = 0;
        }
        return found.OrderByDescending(f => f.Similarity).ThenBy(f => f.Item);
    }
}
