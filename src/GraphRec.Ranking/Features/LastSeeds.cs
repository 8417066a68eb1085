using System.Numerics;
using GraphRec.Graph.Kernels;

namespace GraphRec.Ranking.Features;

/// <summary>
/// How near what the viewer liked last is: taste moves, and the last drama says more of tonight than one of years ago. Of the
/// last liked drama alone, and of all with half of their weight lost every fortnight; and how long ago the last one was, of
/// those that link to the drama.
/// </summary>
public sealed class LastSeeds : IFeatureFamily
{
    private const double HalfLifeDays = 14;

    /// <summary>Stands for "none of them ever".</summary>
    private const float Never = 3650;

    public int Revision => 1;

    public IReadOnlyList<Feature> Features { get; } =
    [
        new("coWatch.last", SourceNames.CoWatch), new("coWatch.lately", SourceNames.CoWatch), new("coWatch.daysSinceSeed", SourceNames.CoWatch),
        new("walk.last", SourceNames.Walk), new("walk.lately", SourceNames.Walk), new("walk.daysSinceSeed", SourceNames.Walk),
        new("collaborative.last", SourceNames.Collaborative), new("collaborative.lately", SourceNames.Collaborative),
        new("collaborative.daysSinceSeed", SourceNames.Collaborative), new("genres.last", SourceNames.Genres),
    ];

    public void Fill(RankingRequest request, FeatureColumns into)
    {
        var derived = request.Snapshot.Derived;
        var last = -1;
        for (var s = 0; s < request.Seeds.Count; s++)
            if (request.Seeds[s].Weight > 0 && (last < 0 || request.Seeds[s].LastAt > request.Seeds[last].LastAt)) last = s;
        Fill(request, last, derived.CoWatch, into, 0);
        Fill(request, last, derived.Walk, into, 3);
        Fill(request, last, request.Collaborative, into, 6);
        if (last < 0) return;
        var genres = derived.GenreMasks[request.Seeds[last].Item];
        for (var row = 0; row < request.Candidates.Length; row++)
        {
            var own = derived.GenreMasks[request.Candidates[row]];
            var all = BitOperations.PopCount(own | genres);
            into[row, 9] = all == 0 ? 0 : (float)BitOperations.PopCount(own & genres) / all;
        }
    }

    private static void Fill(RankingRequest request, int last, ItemNeighbours? list, FeatureColumns into, int column)
    {
        for (var row = 0; row < request.Candidates.Length; row++) into[row, column + 2] = Never;
        if (list is null) return;
        for (var s = 0; s < request.Seeds.Count; s++)
        {
            var seed = request.Seeds[s];
            if (seed.Weight <= 0) continue;
            var days = request.DaysSince(seed.LastAt);
            var weight = (float)(seed.Weight * Math.Pow(2, -days / HalfLifeDays));
            var items = list.Of(seed.Item);
            var scores = list.Scores(seed.Item);
            for (var i = 0; i < items.Length; i++)
            {
                if (request.RowOf(items[i]) is not (>= 0 and var row)) continue;
                if (s == last) into[row, column] = scores[i];
                into[row, column + 1] += weight * scores[i];
                into[row, column + 2] = Math.Min(into[row, column + 2], (float)days);
            }
        }
    }
}
