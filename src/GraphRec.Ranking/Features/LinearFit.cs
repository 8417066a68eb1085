namespace GraphRec.Ranking.Features;

/// <summary>
/// The linear ranker's score, as a share of its best: trees approximate sums of many columns poorly, so they are given the
/// sum. Its part of a score is no fact of its own, and is shown as parts of the sources that it sums up.
/// </summary>
public sealed class LinearFit : IFeatureFamily
{
    /// <summary>The group that ledgers divide among the sources.</summary>
    public const string Group = "linear";

    public int Revision => 1;

    public IReadOnlyList<Feature> Features { get; } = [new("linear.score", Group)];

    public void Fill(RankingRequest request, FeatureColumns into)
    {
        for (var row = 0; row < request.Candidates.Length; row++) into[row, 0] = (float)(request.Fit[request.Candidates[row]] * request.FitScale);
    }
}
