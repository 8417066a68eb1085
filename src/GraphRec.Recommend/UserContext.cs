using GraphRec.Core;
using GraphRec.Graph;
using GraphRec.Graph.Kernels;
using GraphRec.Ranking.Features;

namespace GraphRec.Recommend;

/// <summary>One of the viewer's edges to a seed and the part of the seed's weight that came over it, decayed.</summary>
public readonly record struct SeedPart(BehaviourEdge Edge, double Weight);

/// <summary>
/// What is known of the viewer when the page is asked for: step 1 of the read line. Built from one history and one
/// snapshot, and never changed.
/// </summary>
public sealed class UserContext
{
    private readonly Dictionary<int, List<SeedPart>> _parts = [];
    private readonly HashSet<int> _watched = [];
    private readonly HashSet<int> _started = [];
    private readonly HashSet<int> _finished = [];
    private readonly Dictionary<int, DateTimeOffset> _skipped = [];

    public UserContext(string userId, UserHistory history, GraphSnapshot snapshot, Recipe recipe, RequestContext request, DateTimeOffset now)
    {
        (UserId, History, Now) = (userId, history, now);
        Region = request.Region ?? snapshot.RegionOf(userId);
        Device = request.Device;
        foreach (var edge in history.Edges) Take(edge, snapshot, recipe);
        var seeds = new List<WeightedItem>();
        foreach (var (item, parts) in _parts)
        {
            var weight = (float)parts.Sum(p => p.Weight);
            // Who mutes a drama does not want to hear of it again, not even as a reason for another.
            if (weight != 0 && !MutedDramas.Contains(item)) seeds.Add(new WeightedItem(item, weight));
        }
        // The strongest are kept where there are too many; then by index, so that sums are the same on every run.
        Seeds = seeds.OrderByDescending(s => Math.Abs(s.Weight)).ThenBy(s => s.Item).Take(recipe.MaxSeeds).OrderBy(s => s.Item).ToArray();
        Watchlist.RemoveAll(_watched.Contains);
        // A rating says it is over, however much was watched.
        InProgress = _started.Where(d => !_finished.Contains(d)).Order().ToArray();
    }

    public string UserId { get; }
    public UserHistory History { get; }

    /// <summary>The time the page is asked for, UTC.</summary>
    public DateTimeOffset Now { get; }

    /// <summary>ISO 3166-1 alpha-2; null when neither the request nor the graph says.</summary>
    public string? Region { get; }
    public string? Device { get; }

    /// <summary>The dramas that say something of the viewer's taste, by index; negative weights are dislikes.</summary>
    public WeightedItem[] Seeds { get; }

    /// <summary>
    /// Neighbours of the seeds that were fetched from a store for this request, before anything is ranked; null where those of
    /// the snapshot count.
    /// </summary>
    public NeighbourLists? Neighbours { get; internal set; }

    /// <summary>What was shown to the viewer lately, by drama id; null where nothing keeps account of it.</summary>
    public IReadOnlyDictionary<string, Exposed>? Exposures { get; init; }

    /// <summary>Started, not finished, not rested too long.</summary>
    public IReadOnlyList<int> InProgress { get; }

    /// <summary>On the watchlist and not watched, newest first.</summary>
    public List<int> Watchlist { get; } = [];
    public HashSet<int> MutedDramas { get; } = [];
    public HashSet<int> MutedPeople { get; } = [];
    public HashSet<int> MutedGenres { get; } = [];
    public HashSet<int> MutedTags { get; } = [];

    /// <summary>Whether nothing is known that could carry a personal reason.</summary>
    public bool IsCold => !Seeds.Any(s => s.Weight > 0);

    /// <summary>The dramas of <see cref="HasSeen"/>.</summary>
    public IReadOnlySet<int> Seen => _watched;

    /// <summary>Dramas passed over on purpose, with when last.</summary>
    public IReadOnlyDictionary<int, DateTimeOffset> Skipped => _skipped;

    /// <summary>Whether the viewer watched any of it, or rated or reviewed it.</summary>
    public bool HasSeen(int drama) => _watched.Contains(drama);

    /// <summary>Whether the viewer finished it (or rated it, which nobody does before).</summary>
    public bool HasFinished(int drama) => _finished.Contains(drama);

    /// <summary>When it was last passed over on purpose; null when never.</summary>
    public DateTimeOffset? SkippedAt(int drama) => _skipped.TryGetValue(drama, out var at) ? at : null;

    /// <summary>The edges that a seed's weight came over; empty for what is no seed.</summary>
    public IReadOnlyList<SeedPart> PartsOf(int seed) => _parts.TryGetValue(seed, out var parts) ? parts : [];

    private void Take(in BehaviourEdge edge, GraphSnapshot snapshot, Recipe recipe)
    {
        var index = snapshot.Graph.Nodes(edge.Target.Kind).Find(edge.Target.Id);
        if (index < 0) return;
        if (edge.Type == EdgeType.Muted)
        {
            Muted(edge.Target.Kind).Add(index);
            return;
        }
        if (edge.Target.Kind != NodeKind.Drama) return;
        Note(edge, index);
        var weight = Taste.Part(edge, Now) * Taste.Decay(edge.LastAt, Now, recipe.TasteHalfLifeDays);
        if (weight == 0) return;
        if (!_parts.TryGetValue(index, out var parts)) _parts.Add(index, parts = []);
        parts.Add(new SeedPart(edge, weight));
    }

    private void Note(in BehaviourEdge edge, int drama)
    {
        switch (edge.Type)
        {
            case EdgeType.Watched:
                _watched.Add(drama);
                if (edge.Value >= Taste.FinishedShare) _finished.Add(drama);
                else if (edge.Value > 0 && Now - edge.LastAt <= Taste.RestingTime) _started.Add(drama);
                break;
            case EdgeType.Rated or EdgeType.Reviewed:
                _watched.Add(drama);
                _finished.Add(drama);
                break;
            case EdgeType.Watchlisted:
                Watchlist.Add(drama);
                break;
            case EdgeType.Skipped:
                _skipped[drama] = edge.LastAt;
                break;
        }
    }

    private HashSet<int> Muted(NodeKind kind) => kind switch
    {
        NodeKind.Drama => MutedDramas,
        NodeKind.Person => MutedPeople,
        NodeKind.Genre => MutedGenres,
        _ => MutedTags,
    };
}
