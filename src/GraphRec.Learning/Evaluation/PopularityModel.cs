using GraphRec.Learning.Models;

namespace GraphRec.Learning.Evaluation;

/// <summary>The same list for everybody: items by how many users engaged with them.</summary>
public sealed class PopularityModel : IRankingModel
{
    private readonly double[] _counts;

    /// <summary>Popularity over all training time.</summary>
    public PopularityModel(InteractionMatrix train)
    {
        Name = "Popularity";
        _counts = new double[train.Items.Count];
        for (var item = 0; item < _counts.Length; item++) _counts[item] = train.UsersOf(item).Length;
    }

    /// <summary>Popularity over the last days before <paramref name="now"/>: engagements since then alone are counted.</summary>
    public PopularityModel(InteractionMatrix train, IEnumerable<Engagement> engagements, DateTimeOffset now, int days)
    {
        Name = $"Popularity, last {days} days";
        _counts = new double[train.Items.Count];
        var recent = InteractionMatrix.Of(train.Items, engagements.Where(e => e.At >= now.AddDays(-days) && e.At < now));
        for (var item = 0; item < _counts.Length; item++) _counts[item] = recent.UsersOf(item).Length;
    }

    public string Name { get; }

    public int ItemCount => _counts.Length;

    public IScorer NewScorer() => new UserScorer(ItemCount, Score);

    private void Score(int user, Span<double> scores) => _counts.CopyTo(scores);
}
