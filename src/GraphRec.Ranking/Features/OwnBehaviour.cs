using GraphRec.Core;

namespace GraphRec.Ranking.Features;

/// <summary>What the viewer did with the drama short of watching it: opened its page, put it on the watchlist, passed it over; and how long ago last.</summary>
public sealed class OwnBehaviour : IFeatureFamily
{
    /// <summary>Stands for "never".</summary>
    private const float Never = 3650;

    public int Revision => 1;

    public IReadOnlyList<Feature> Features { get; } =
    [
        new("interest.clicks", LedgerNames.Interest), new("interest.watchlisted", LedgerNames.Interest), new("interest.skips", LedgerNames.Interest),
        new("interest.daysSince", LedgerNames.Interest),
    ];

    public void Fill(RankingRequest request, FeatureColumns into)
    {
        var dramas = request.Snapshot.Graph.Nodes(NodeKind.Drama);
        for (var row = 0; row < request.Candidates.Length; row++) into[row, 3] = Never;
        foreach (var edge in request.History)
        {
            var column = edge.Type switch { EdgeType.Clicked => 0, EdgeType.Watchlisted => 1, EdgeType.Skipped => 2, _ => -1 };
            if (column < 0 || dramas.Find(edge.Target.Id) is not (>= 0 and var drama) || request.RowOf(drama) is not (>= 0 and var row)) continue;
            into[row, column] = column == 1 ? 1 : edge.Times;
            into[row, 3] = Math.Min(into[row, 3], (float)request.DaysSince(edge.LastAt));
        }
    }
}
