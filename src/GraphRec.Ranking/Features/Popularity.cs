namespace GraphRec.Ranking.Features;

/// <summary>Viewers of all times in doublings, the share of them in the viewer's region, and the doublings beyond what the viewer usually likes.</summary>
public sealed class Popularity : IFeatureFamily
{
    public int Revision => 1;

    public IReadOnlyList<Feature> Features { get; } =
    [
        new("popularity.viewers", SourceNames.Popularity), new("popularity.regionShare", SourceNames.Popularity), new("popularity.againstHabit", SourceNames.Popularity),
    ];

    public void Fill(RankingRequest request, FeatureColumns into)
    {
        var (derived, all) = (request.Snapshot.Derived, request.Snapshot.Derived.Audience);
        var regional = request.Region is { } region && derived.AudienceByRegion.TryGetValue(region, out var own) ? own : null;
        double sum = 0, weights = 0;
        foreach (var seed in request.Seeds)
        {
            if (seed.Weight <= 0) continue;
            sum += seed.Weight * Math.Log2(1 + all[seed.Item]);
            weights += seed.Weight;
        }
        for (var row = 0; row < request.Candidates.Length; row++)
        {
            var drama = request.Candidates[row];
            into[row, 0] = MathF.Log2(1 + all[drama]);
            if (regional is not null && all[drama] > 0) into[row, 1] = (float)regional[drama] / all[drama];
            if (weights > 0) into[row, 2] = (float)(into[row, 0] - (sum / weights));
        }
    }
}
