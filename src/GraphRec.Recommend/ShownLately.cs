using System.Collections.Concurrent;
using GraphRec.Ranking.Features;

namespace GraphRec.Recommend;

/// <summary>
/// How often each drama was shown to each viewer lately, for rankers to tire of what has no effect. In memory, and bounded: of too
/// many viewers those are forgotten who were shown something longest ago, of a viewer's dramas what was shown longest ago. After a
/// restart it is filled from the impression log.
/// </summary>
public sealed class ShownLately
{
    private const int MaxViewers = 20_000;
    private const int MaxDramas = 400;

    /// <summary>What was shown longer ago than this before the last time counts no more.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromDays(30);

    private readonly ConcurrentDictionary<string, Viewer> _viewers = new(StringComparer.Ordinal);
    private readonly Lock _forgetting = new();

    /// <summary>How many viewers are known.</summary>
    public int Count => _viewers.Count;

    /// <summary>What was shown to the viewer within 30 days of the last time, by drama id; null for nothing. Does not change.</summary>
    public IReadOnlyDictionary<string, Exposed>? Of(string userId) => _viewers.TryGetValue(userId, out var viewer) ? viewer.Dramas : null;

    /// <summary>Counts dramas that were shown together.</summary>
    public void Note(string userId, IEnumerable<string> dramas, DateTimeOffset at)
    {
        _viewers.AddOrUpdate(userId, _ => Viewer.Nobody.With(dramas, at), (_, known) => known.With(dramas, at));
        if (_viewers.Count > MaxViewers) Forget();
    }

    /// <summary>Forgets a tenth, so that it is seldom done.</summary>
    private void Forget()
    {
        lock (_forgetting)
        {
            if (_viewers.Count <= MaxViewers) return;
            foreach (var (user, _) in _viewers.OrderBy(v => v.Value.LastAt).Take(MaxViewers / 10).ToList()) _viewers.TryRemove(user, out _);
        }
    }

    private sealed record Viewer(Dictionary<string, Exposed> Dramas, DateTimeOffset LastAt)
    {
        public static Viewer Nobody { get; } = new([], DateTimeOffset.MinValue);

        public Viewer With(IEnumerable<string> dramas, DateTimeOffset at)
        {
            var last = at > LastAt ? at : LastAt;
            var counted = new Dictionary<string, Exposed>(StringComparer.Ordinal);
            foreach (var (id, exposed) in Dramas)
                if (last - exposed.LastAt <= Window) counted.Add(id, exposed);
            foreach (var id in dramas)
            {
                var before = counted.GetValueOrDefault(id);
                counted[id] = new Exposed(before.Times + 1, before.Times > 0 && before.LastAt > at ? before.LastAt : at);
            }
            if (counted.Count > MaxDramas)
                counted = counted.OrderByDescending(d => d.Value.LastAt).ThenBy(d => d.Key, StringComparer.Ordinal).Take(MaxDramas).ToDictionary(StringComparer.Ordinal);
            return new Viewer(counted, last);
        }
    }
}
