using GraphRec.Core;

namespace GraphRec.Learning.Ranking;

/// <summary>How much what a viewer did with a drama says that it was worth showing.</summary>
public static class Grades
{
    /// <summary>Finished, or rated 8 or more; engaged with; opened, started, or put on the watchlist. Nothing, or passed over, is 0.</summary>
    public const int Loved = 3, Engaged = 2, Noticed = 1;

    private const double LovedRating = 8, Disliked = 6, FinishedShare = 0.9, EngagedShare = 0.4;

    /// <summary>The grade of one drama from what a viewer did with it. A rating decides, however much was watched.</summary>
    public static int Of(IEnumerable<BehaviourEdge> edges)
    {
        var grade = 0;
        foreach (var edge in edges)
        {
            if (edge.Type == EdgeType.Rated) return edge.Value >= LovedRating ? Loved : edge.Value >= Disliked ? Engaged : 0;
            grade = Math.Max(grade, edge.Type switch
            {
                EdgeType.Watched => edge.Value >= FinishedShare ? Loved : edge.Value >= EngagedShare ? Engaged : Noticed,
                EdgeType.Watchlisted or EdgeType.Clicked or EdgeType.Reviewed => Noticed,
                _ => 0,
            });
        }
        return grade;
    }
}
