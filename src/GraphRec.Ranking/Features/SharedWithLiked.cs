using GraphRec.Core;
using GraphRec.Graph;
using GraphRec.Graph.Kernels;

namespace GraphRec.Ranking.Features;

/// <summary>
/// Paths from the viewer to the drama by kind: how many of the dramas they liked share an actor, director, writer, genre, tag or
/// network with it. Each liked drama counts once per kind, however much it shares.
/// </summary>
public sealed class SharedWithLiked : IFeatureFamily
{
    private static readonly (EdgeType Type, string Group)[] Kinds =
    [
        (EdgeType.ActedIn, SourceNames.Actors), (EdgeType.Directed, SourceNames.Directors), (EdgeType.Wrote, SourceNames.Writers),
        (EdgeType.HasGenre, SourceNames.Genres), (EdgeType.Tagged, SourceNames.Tags), (EdgeType.AiredOn, LedgerNames.Habits),
    ];

    public int Revision => 1;

    public IReadOnlyList<Feature> Features { get; } =
    [
        new("actors.likedPaths", Kinds[0].Group), new("directors.likedPaths", Kinds[1].Group), new("writers.likedPaths", Kinds[2].Group),
        new("genres.likedPaths", Kinds[3].Group), new("tags.likedPaths", Kinds[4].Group), new("networks.likedPaths", Kinds[5].Group),
    ];

    public void Fill(RankingRequest request, FeatureColumns into)
    {
        // By row, the last liked drama that was counted for it.
        var counted = new int[request.Candidates.Length];
        for (var k = 0; k < Kinds.Length; k++)
        {
            var view = new AttributeView(request.Snapshot.Graph[Kinds[k].Type]);
            Array.Fill(counted, -1);
            foreach (var seed in request.Seeds)
            {
                if (seed.Weight <= 0) continue;
                foreach (var attribute in view.Attributes(seed.Item))
                {
                    foreach (var drama in view.Dramas(attribute))
                    {
                        if (request.RowOf(drama) is not (>= 0 and var row) || counted[row] == seed.Item || drama == seed.Item) continue;
                        counted[row] = seed.Item;
                        into[row, k]++;
                    }
                }
            }
        }
    }
}
