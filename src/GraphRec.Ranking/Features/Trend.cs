namespace GraphRec.Ranking.Features;

/// <summary>Viewers within the trending window in doublings, and which share of all its viewers they are.</summary>
public sealed class Trend : IFeatureFamily
{
    public int Revision => 1;

    public IReadOnlyList<Feature> Features { get; } = [new("trending.viewers", SourceNames.Trending), new("trending.share", SourceNames.Trending)];

    public void Fill(RankingRequest request, FeatureColumns into)
    {
        var audience = request.Snapshot.Derived.Audience;
        for (var row = 0; row < request.Candidates.Length; row++)
        {
            var drama = request.Candidates[row];
            into[row, 0] = MathF.Log2(1 + request.RecentViewers[drama]);
            if (audience[drama] > 0) into[row, 1] = (float)request.RecentViewers[drama] / audience[drama];
        }
    }
}
