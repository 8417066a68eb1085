using GraphRec.Core;

namespace GraphRec.Ranking.Features;

/// <summary>How often it was shown to the viewer lately, and how many days ago last: what was passed over ten times is not wanted.</summary>
public sealed class ExposureCount : IFeatureFamily
{
    /// <summary>Stands for "not that is known".</summary>
    private const float Never = 365;

    public int Revision => 1;

    public IReadOnlyList<Feature> Features { get; } = [new("exposure.times", LedgerNames.Exposure), new("exposure.daysSince", LedgerNames.Exposure)];

    public void Fill(RankingRequest request, FeatureColumns into)
    {
        for (var row = 0; row < request.Candidates.Length; row++) into[row, 1] = Never;
        if (request.Exposures is not { } shown) return;
        var dramas = request.Snapshot.Graph.Nodes(NodeKind.Drama);
        foreach (var (id, exposed) in shown)
        {
            if (dramas.Find(id) is not (>= 0 and var drama) || request.RowOf(drama) is not (>= 0 and var row)) continue;
            into[row, 0] = exposed.Times;
            into[row, 1] = Math.Min(Never, (float)request.DaysSince(exposed.LastAt));
        }
    }
}
