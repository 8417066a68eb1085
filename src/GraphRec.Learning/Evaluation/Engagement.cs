using GraphRec.Core;

namespace GraphRec.Learning.Evaluation;

/// <summary>A viewer engaged with a drama; <paramref name="At"/> is when they first met the definition.</summary>
public readonly record struct Engagement(string UserId, string DramaId, DateTimeOffset At);

/// <summary>
/// The one definition of engagement used in learning, the same as <see cref="IGraphQueries"/> states: rated 6 or more or,
/// unrated, watched 0.4 or more.
/// </summary>
public static class Engagements
{
    /// <summary>Whether a viewer with this rating (null: none) and this largest share watched is engaged.</summary>
    public static bool IsEngaged(double? rating, double watched) => GraphRec.Graph.Engagement.Engaged(watched, rating);

    /// <summary>
    /// The pairs that are engaged after all these events, in order of time, then of viewer and drama. The time is that of
    /// the first event after which the pair was engaged, also when it was not for a while in between. The order in which
    /// the events come does not matter.
    /// </summary>
    public static IReadOnlyList<Engagement> Of(IEnumerable<ViewerEvent> events)
    {
        var pairs = new Dictionary<(string User, string Drama), State>();
        foreach (var e in events.Where(e => e.Kind is EventKind.Watch or EventKind.Rate).OrderBy(e => e.At).ThenBy(e => e.Id, StringComparer.Ordinal))
        {
            var key = (e.UserId, e.Target.Id);
            var state = pairs.GetValueOrDefault(key);
            state = e.Kind == EventKind.Watch
                ? state with { Watched = Math.Max(state.Watched, e.Value ?? 1) }
                : state with { Rating = e.Value ?? state.Rating };
            if (state.FirstAt is null && IsEngaged(state.Rating, state.Watched)) state = state with { FirstAt = e.At };
            pairs[key] = state;
        }
        return
        [
            .. pairs
                .Where(p => IsEngaged(p.Value.Rating, p.Value.Watched))
                .Select(p => new Engagement(p.Key.User, p.Key.Drama, p.Value.FirstAt!.Value))
                .OrderBy(e => e.At).ThenBy(e => e.UserId, StringComparer.Ordinal).ThenBy(e => e.DramaId, StringComparer.Ordinal),
        ];
    }

    private readonly record struct State(double? Rating, double Watched, DateTimeOffset? FirstAt);
}
