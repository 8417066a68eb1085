namespace GraphRec.Ranking.Features;

/// <summary>How much is known of the viewer: seeds in doublings, and the share of them that is disliked. How far to trust the other columns.</summary>
public sealed class HistorySize : IFeatureFamily
{
    public int Revision => 1;

    public IReadOnlyList<Feature> Features { get; } = [new("history.seeds", LedgerNames.Context), new("history.disliked", LedgerNames.Context)];

    public void Fill(RankingRequest request, FeatureColumns into)
    {
        var seeds = MathF.Log2(1 + request.Seeds.Count);
        var disliked = request.Seeds.Count == 0 ? 0 : (float)request.Seeds.Count(seed => seed.Weight < 0) / request.Seeds.Count;
        for (var row = 0; row < request.Candidates.Length; row++) (into[row, 0], into[row, 1]) = (seeds, disliked);
    }
}
