using GraphRec.Core;

namespace GraphRec.Ranking.Features;

/// <summary>Whether it follows another drama (which the viewer has then seen, or it were not eligible), and whether others follow it.</summary>
public sealed class SeasonState : IFeatureFamily
{
    public int Revision => 1;

    public IReadOnlyList<Feature> Features { get; } = [new("season.follows", SourceNames.NextSeason), new("season.isFollowed", SourceNames.NextSeason)];

    public void Fill(RankingRequest request, FeatureColumns into)
    {
        var follows = request.Snapshot.Graph[EdgeType.Follows];
        for (var row = 0; row < request.Candidates.Length; row++)
        {
            var drama = request.Candidates[row];
            into[row, 0] = follows.Degree(drama) > 0 ? 1 : 0;
            into[row, 1] = follows.ReverseDegree(drama) > 0 ? 1 : 0;
        }
    }
}
