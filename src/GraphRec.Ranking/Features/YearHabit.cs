namespace GraphRec.Ranking.Features;

/// <summary>Years by which the drama is newer than what the viewer likes; 0 where unknown.</summary>
public sealed class YearHabit : IFeatureFamily
{
    private const double DaysInYear = 365.25;

    public int Revision => 1;

    public IReadOnlyList<Feature> Features { get; } = [new("year.againstHabit", LedgerNames.Habits)];

    public void Fill(RankingRequest request, FeatureColumns into)
    {
        var released = request.Snapshot.Derived.ReleaseDays;
        if (request.UsualOf(static drama => drama.Released?.DayNumber) is not { } usual) return;
        for (var row = 0; row < request.Candidates.Length; row++)
            if (released[request.Candidates[row]] is > 0 and var day) into[row, 0] = (float)((day - usual) / DaysInYear);
    }
}
