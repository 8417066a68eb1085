using GraphRec.Graph.Kernels;

namespace GraphRec.Ranking.Features;

/// <summary>
/// How near the viewer's liked dramas are in each neighbour list: the nearest one, which sums over many weak links hide, and
/// how many link at all.
/// </summary>
public sealed class LikedNeighbours : IFeatureFamily
{
    public int Revision => 1;

    public IReadOnlyList<Feature> Features { get; } =
    [
        new("coWatch.nearest", SourceNames.CoWatch), new("coWatch.links", SourceNames.CoWatch),
        new("walk.nearest", SourceNames.Walk), new("walk.links", SourceNames.Walk),
        new("collaborative.nearest", SourceNames.Collaborative), new("collaborative.links", SourceNames.Collaborative),
    ];

    public void Fill(RankingRequest request, FeatureColumns into)
    {
        Fill(request, request.Snapshot.Derived.CoWatch, into, 0);
        Fill(request, request.Snapshot.Derived.Walk, into, 2);
        if (request.Collaborative is { } trained) Fill(request, trained, into, 4);
    }

    private static void Fill(RankingRequest request, ItemNeighbours list, FeatureColumns into, int column)
    {
        foreach (var seed in request.Seeds)
        {
            if (seed.Weight <= 0) continue;
            var items = list.Of(seed.Item);
            var scores = list.Scores(seed.Item);
            for (var i = 0; i < items.Length; i++)
            {
                if (request.RowOf(items[i]) is not (>= 0 and var row)) continue;
                into[row, column] = Math.Max(into[row, column], scores[i]);
                into[row, column + 1]++;
            }
        }
    }
}
