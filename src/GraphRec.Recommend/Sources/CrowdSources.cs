using GraphRec.Graph;
using GraphRec.Graph.Kernels;
using GraphRec.Ranking;

namespace GraphRec.Recommend.Sources;

/// <summary>
/// How many viewers watched or rated a drama, as a square root: among viewers of the same region where the region
/// has enough of them, else among all. It is not about the viewer, so it has no evidence of theirs.
/// </summary>
public sealed class PopularitySource : ICandidateSource
{
    /// <summary>A region's own count is used from this audience of its most watched drama on; below, it is noise.</summary>
    private const int MinRegionAudience = 20;

    public string Name => SourceNames.Popularity;

    /// <summary>The audience that counts for a viewer of this region, and whether it is the region's own.</summary>
    public static (int[] Audience, bool Regional) AudienceFor(GraphSnapshot snapshot, string? region) =>
        region is not null && snapshot.Derived.AudienceByRegion.TryGetValue(region, out var own) && own.Length > 0 && own.Max() >= MinRegionAudience
            ? (own, true)
            : (snapshot.Derived.Audience, false);

    public void Score(UserContext user, GraphSnapshot snapshot, ScoreAccumulator into)
    {
        var (audience, _) = AudienceFor(snapshot, user.Region);
        for (var d = 0; d < audience.Length; d++)
            if (audience[d] > 0) into.Add(d, MathF.Sqrt(audience[d]));
    }

    public void Explain(UserContext user, GraphSnapshot snapshot, int drama, List<Evidence> into)
    {
    }
}

/// <summary>What is being watched these days, decayed; see <see cref="Trending"/>.</summary>
public sealed class TrendingSource(TrendingCache trending) : ICandidateSource
{
    public string Name => SourceNames.Trending;

    public void Score(UserContext user, GraphSnapshot snapshot, ScoreAccumulator into)
    {
        var table = trending.At(snapshot, user.Now);
        foreach (var d in table.Dramas) into.Add(d, (float)table.Score(d, user.Region));
    }

    public void Explain(UserContext user, GraphSnapshot snapshot, int drama, List<Evidence> into)
    {
    }
}
