using GraphRec.Core;

namespace GraphRec.Ranking.Features;

/// <summary>Which share of the viewer's liked weight is of the drama's country, and of its network.</summary>
public sealed class OriginAffinity : IFeatureFamily
{
    public int Revision => 1;

    public IReadOnlyList<Feature> Features { get; } = [new("habits.country", LedgerNames.Habits), new("habits.network", LedgerNames.Habits)];

    public void Fill(RankingRequest request, FeatureColumns into)
    {
        var (countries, networks) = (request.Snapshot.Derived.Countries, request.Snapshot.Graph[EdgeType.AiredOn]);
        var (byCountry, byNetwork) = (new Dictionary<int, float>(), new Dictionary<int, float>());
        float all = 0;
        foreach (var seed in request.Seeds)
        {
            if (seed.Weight <= 0) continue;
            all += seed.Weight;
            byCountry[countries[seed.Item]] = byCountry.GetValueOrDefault(countries[seed.Item]) + seed.Weight;
            foreach (var network in networks.Targets(seed.Item)) byNetwork[network] = byNetwork.GetValueOrDefault(network) + seed.Weight;
        }
        if (all == 0) return;
        for (var row = 0; row < request.Candidates.Length; row++)
        {
            var drama = request.Candidates[row];
            into[row, 0] = byCountry.GetValueOrDefault(countries[drama]) / all;
            foreach (var network in networks.Targets(drama)) into[row, 1] = Math.Max(into[row, 1], byNetwork.GetValueOrDefault(network) / all);
        }
    }
}
