namespace GraphRec.Ranking.Features;

/// <summary>Years since the release; 0 before it and where it is unknown, which the second column tells apart.</summary>
public sealed class ReleaseAge : IFeatureFamily
{
    private const float DaysInYear = 365.25f;

    public int Revision => 1;

    public IReadOnlyList<Feature> Features { get; } = [new("freshness.years", LedgerNames.Freshness), new("freshness.known", LedgerNames.Freshness)];

    public void Fill(RankingRequest request, FeatureColumns into)
    {
        var today = DateOnly.FromDateTime(request.Now.UtcDateTime).DayNumber;
        var released = request.Snapshot.Derived.ReleaseDays;
        for (var row = 0; row < request.Candidates.Length; row++)
        {
            if (released[request.Candidates[row]] is not (> 0 and var day)) continue;
            into[row, 0] = Math.Max(0, today - day) / DaysInYear;
            into[row, 1] = 1;
        }
    }
}
