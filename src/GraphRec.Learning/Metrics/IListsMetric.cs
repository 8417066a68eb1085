namespace GraphRec.Learning.Metrics;

/// <summary>What one user was recommended and what they had before; item numbers.</summary>
/// <param name="Ranked">The recommended items, best first, each once; none of <paramref name="Known"/>.</param>
/// <param name="Known">The user's training items.</param>
public sealed record Recommendation(IReadOnlyList<int> Ranked, IReadOnlyList<int> Known);

/// <summary>A metric of all users' lists together, which is no mean over users.</summary>
public interface IListsMetric
{
    /// <summary>How reports name it, the cut included: <c>gini@20</c>.</summary>
    string Name { get; }

    /// <summary>The value for these lists; always finite.</summary>
    double Of(IReadOnlyList<Recommendation> lists);
}
