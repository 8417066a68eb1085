namespace GraphRec.Core;

/// <summary>One drama as it was shown: where, with what score, chance and features (in the order of the feature list).</summary>
public sealed record Impression(string DramaId, string Row, int Position, float Score, float Propensity, float[] Features)
{
    /// <summary>The type of edge over which its reason reached the drama; null where the reason cited no path.</summary>
    public EdgeType? Via { get; init; }
}

/// <summary>
/// A page of recommendations as it was served, frozen for learning. <c>{PageId}-{n}</c> is the attribution id of item n.
/// </summary>
public sealed record PageImpression(
    string PageId, string UserId, DateTimeOffset At, string GraphVersion, string ModelVersion, IReadOnlyList<Impression> Items)
{
    /// <summary>What the features mean: the fingerprint of their names and formulas; empty where it was not recorded.</summary>
    public string FeatureSet { get; init; } = "";
}
