namespace GraphRec.Core;

/// <summary>
/// A behaviour edge of the graph, folded from all events of its kind: there is at most one per user, type and target.
/// </summary>
/// <param name="UserId">The viewer.</param>
/// <param name="Type">WATCHED … MUTED.</param>
/// <param name="Target">A drama; for MUTED also a person, genre or tag.</param>
/// <param name="Value">WATCHED: largest share seen, in [0, 1]. RATED, REVIEWED: the latest rating, 1 to 10, or 0 where none was given. Else 1. To 0.001.</param>
/// <param name="FirstAt">Time of the first event folded in.</param>
/// <param name="LastAt">Time of the latest event folded in.</param>
/// <param name="Times">How many events were folded in.</param>
public readonly record struct BehaviourEdge(
    string UserId, EdgeType Type, NodeRef Target, double Value, DateTimeOffset FirstAt, DateTimeOffset LastAt, int Times)
{
    /// <summary>The key under which there is at most one edge.</summary>
    public (EdgeType Type, NodeRef Target) Key => (Type, Target);
}

/// <summary>
/// The one definition of how events become behaviour edges. It is pure, and used by every store, the overlay and
/// <c>replay</c>, so that they cannot disagree. Events of one user are applied in log order.
/// </summary>
public static class BehaviourFold
{
    /// <summary>The edge type an event touches; null for impressions, which leave no edge.</summary>
    public static EdgeType? EdgeOf(EventKind kind) => kind switch
    {
        EventKind.Click => EdgeType.Clicked,
        EventKind.Watch => EdgeType.Watched,
        EventKind.Rate => EdgeType.Rated,
        EventKind.Review => EdgeType.Reviewed,
        EventKind.WatchlistAdd or EventKind.WatchlistRemove => EdgeType.Watchlisted,
        EventKind.Skip => EdgeType.Skipped,
        EventKind.Mute or EventKind.Unmute => EdgeType.Muted,
        _ => null,
    };

    /// <summary>
    /// The edge after the event; null when there is none any more. <paramref name="existing"/> must be the edge of
    /// <see cref="EdgeOf"/> for the event's user and target. An event older than the edge never overwrites its value.
    /// </summary>
    public static BehaviourEdge? Apply(BehaviourEdge? existing, ViewerEvent e)
    {
        if (EdgeOf(e.Kind) is not { } type) return existing;
        if (e.Kind is EventKind.WatchlistRemove or EventKind.Unmute)
            return existing is { } kept && kept.LastAt > e.At ? kept : null;
        var value = e.Kind switch
        {
            EventKind.Watch => e.Value ?? 1,
            EventKind.Rate or EventKind.Review => e.Value ?? 0,
            _ => 1,
        };
        // To 0.001, the resolution of the in-process graph: every engine then agrees on which side of a threshold it is.
        value = Math.Round(value, 3, MidpointRounding.AwayFromZero);
        if (existing is not { } edge) return new BehaviourEdge(e.UserId, type, e.Target, value, e.At, e.At, 1);
        var latest = e.At >= edge.LastAt;
        return edge with
        {
            Value = type == EdgeType.Watched ? Math.Max(edge.Value, value) : latest ? value : edge.Value,
            FirstAt = e.At < edge.FirstAt ? e.At : edge.FirstAt,
            LastAt = latest ? e.At : edge.LastAt,
            Times = edge.Times + 1,
        };
    }

    /// <summary>The edges that events in log order make, by user, type and target (all ordinal).</summary>
    public static List<BehaviourEdge> All(IEnumerable<ViewerEvent> events)
    {
        var edges = new Dictionary<(string User, EdgeType Type, NodeRef Target), BehaviourEdge>();
        foreach (var e in events)
        {
            if (EdgeOf(e.Kind) is not { } type) continue;
            var key = (e.UserId, type, e.Target);
            if (Apply(edges.TryGetValue(key, out var existing) ? existing : null, e) is { } folded) edges[key] = folded;
            else edges.Remove(key);
        }
        return edges.Values.OrderBy(b => b.UserId, StringComparer.Ordinal).ThenBy(b => b.Type).ThenBy(b => b.Target.Kind)
            .ThenBy(b => b.Target.Id, StringComparer.Ordinal).ToList();
    }
}
