using GraphRec.Core;

namespace GraphRec.Ranking.Features;

/// <summary>Episodes and minutes an episode, in doublings, and by how many it differs from what the viewer likes; 0 where unknown.</summary>
public sealed class LengthHabit : IFeatureFamily
{
    public int Revision => 1;

    public IReadOnlyList<Feature> Features { get; } =
    [
        new("length.episodes", LedgerNames.Habits), new("length.episodesAgainstHabit", LedgerNames.Habits),
        new("length.minutes", LedgerNames.Habits), new("length.minutesAgainstHabit", LedgerNames.Habits),
    ];

    public void Fill(RankingRequest request, FeatureColumns into)
    {
        Fill(request, static drama => Doublings(drama.Episodes), into, 0);
        Fill(request, static drama => Doublings(drama.DurationMinutes), into, 2);
    }

    private static void Fill(RankingRequest request, Func<Drama, double?> length, FeatureColumns into, int column)
    {
        var usual = request.UsualOf(length);
        for (var row = 0; row < request.Candidates.Length; row++)
        {
            if (length(request.Snapshot.Dramas[request.Candidates[row]]) is not { } own) continue;
            into[row, column] = (float)own;
            if (usual is { } habit) into[row, column + 1] = (float)(own - habit);
        }
    }

    private static double? Doublings(int? count) => count is > 0 ? Math.Log2(1 + count.Value) : null;
}
