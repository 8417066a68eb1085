using GraphRec.Core;

namespace GraphRec.Recommend;

/// <summary>
/// How much a behaviour edge says that the viewer likes the drama: each edge adds its own part, so that a reason can
/// cite edges with exact shares, and taking an edge away takes exactly its part away.
/// </summary>
public static class Taste
{
    /// <summary>A started drama with less than this share seen counts as dropped once it has rested.</summary>
    public const double DroppedShare = 0.4;

    /// <summary>From this share on a drama counts as finished.</summary>
    public const double FinishedShare = 0.9;

    /// <summary>A drama not continued for this long is not being watched any more.</summary>
    public static readonly TimeSpan RestingTime = TimeSpan.FromDays(45);

    /// <summary>The part of one edge before time decay, in [-0.8, 0.8].</summary>
    public static double Part(in BehaviourEdge edge, DateTimeOffset now) => edge.Type switch
    {
        EdgeType.Watched when edge.Value >= FinishedShare => 0.5,
        EdgeType.Watched when edge.Value >= DroppedShare => 0.3,
        EdgeType.Watched => now - edge.LastAt > RestingTime ? -0.1 : 0.15,
        EdgeType.Rated => 0.8 * (edge.Value - 5.5) / 4.5,
        EdgeType.Reviewed => edge.Value > 0 ? 0.3 * (edge.Value - 5.5) / 4.5 : 0,
        EdgeType.Watchlisted => 0.25,
        EdgeType.Clicked => 0.05 * Math.Min(edge.Times, 4),
        EdgeType.Skipped => -0.2 * Math.Min(edge.Times, 3),
        _ => 0,
    };

    /// <summary>
    /// Time decay in (0, 1]: half of the weight is lost with a half-life, and a floor of 0.3 stays, because an old
    /// favourite is still a favourite.
    /// </summary>
    public static double Decay(DateTimeOffset at, DateTimeOffset now, double halfLifeDays)
    {
        var days = Math.Max(0, (now - at).TotalDays);
        return 0.3 + 0.7 * Math.Pow(2, -days / halfLifeDays);
    }
}
