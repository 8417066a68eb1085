using System.Collections.Concurrent;
using GraphRec.Core;

namespace GraphRec.Graph;

/// <summary>
/// What one viewer did, newest first. Immutable: a new event makes a new history.
/// </summary>
public sealed class UserHistory
{
    public static UserHistory Empty { get; } = new([], 0);

    private UserHistory(IReadOnlyList<BehaviourEdge> edges, long through) => (Edges, Through) = (edges, through);

    /// <summary>Behaviour edges, newest first, then by type and target id.</summary>
    public IReadOnlyList<BehaviourEdge> Edges { get; }

    /// <summary>The sequence of the last event folded in; 0 when it came with a snapshot.</summary>
    public long Through { get; }

    public static UserHistory Of(IEnumerable<BehaviourEdge> edges, long through = 0) => new(
        edges.OrderByDescending(e => e.LastAt).ThenBy(e => e.Type).ThenBy(e => e.Target.Kind).ThenBy(e => e.Target.Id, StringComparer.Ordinal).ToArray(),
        through);

    /// <summary>The history after one more event (<see cref="BehaviourFold"/>).</summary>
    public UserHistory With(LoggedEvent logged)
    {
        if (BehaviourFold.EdgeOf(logged.Event.Kind) is not { } type) return new UserHistory(Edges, logged.Sequence);
        var key = (type, logged.Event.Target);
        BehaviourEdge? existing = null;
        var rest = new List<BehaviourEdge>(Edges.Count + 1);
        foreach (var edge in Edges)
        {
            if (edge.Key == key) existing = edge;
            else rest.Add(edge);
        }
        if (BehaviourFold.Apply(existing, logged.Event) is { } folded) rest.Add(folded);
        return Of(rest, logged.Sequence);
    }
}

/// <summary>A snapshot and the histories of viewers who did something since.</summary>
public sealed class GraphState
{
    private readonly IReadOnlyDictionary<string, UserHistory> _stored;
    private readonly GraphOverlay _overlay;

    internal GraphState(GraphSnapshot snapshot, IReadOnlyDictionary<string, UserHistory> stored, GraphOverlay overlay) =>
        (Snapshot, _stored, _overlay) = (snapshot, stored, overlay);

    public GraphSnapshot Snapshot { get; }

    /// <summary>The newest event an answer from this state knows of.</summary>
    public GraphVersion Version => new(Snapshot.Version.CatalogRevision, Math.Max(Snapshot.Version.AppliedThrough, _overlay.Through));

    /// <summary>The viewer's history with everything recorded until now; empty for an unknown viewer.</summary>
    public UserHistory HistoryOf(string userId) => _overlay.Find(userId) ?? _stored.GetValueOrDefault(userId, UserHistory.Empty);

    /// <summary>
    /// The viewer's history together with the version an answer from it may name. The overlay grows meanwhile: the
    /// version is read first, and raised to the history's own, so that it never names an event the history lacks.
    /// </summary>
    public (UserHistory History, GraphVersion Version) Read(string userId)
    {
        var version = Version;
        var history = HistoryOf(userId);
        return (history, history.Through > version.AppliedThrough ? version with { AppliedThrough = history.Through } : version);
    }

    /// <summary>Whether the viewer ever did anything that left an edge.</summary>
    public bool Knows(string userId) => HistoryOf(userId).Edges.Count > 0;

    /// <summary>The ids of all such viewers, ordinal ascending. Looks at every one of them.</summary>
    public IReadOnlyList<string> Viewers() => [.. _stored.Keys.Union(_overlay.UserIds, StringComparer.Ordinal).Where(Knows).Order(StringComparer.Ordinal)];

    internal GraphOverlay Overlay => _overlay;
    internal IReadOnlyDictionary<string, UserHistory> Stored => _stored;
}

/// <summary>
/// What happened since the snapshot: events in log order, and the histories they make. Written by one thread at a time,
/// read by any.
/// </summary>
public sealed class GraphOverlay
{
    private readonly ConcurrentDictionary<string, UserHistory> _histories = new(StringComparer.Ordinal);
    private readonly List<LoggedEvent> _events = [];
    private long _through;

    /// <summary>How many events it holds.</summary>
    public int Count { get; private set; }

    /// <summary>The sequence of its newest event; 0 when empty.</summary>
    public long Through => Volatile.Read(ref _through);

    internal IReadOnlyList<LoggedEvent> Events => _events;

    internal IEnumerable<string> UserIds => _histories.Keys;

    internal UserHistory? Find(string userId) => _histories.GetValueOrDefault(userId);

    internal void Add(LoggedEvent e, UserHistory before)
    {
        _histories[e.Event.UserId] = before.With(e);
        _events.Add(e);
        Count = _events.Count;
        Volatile.Write(ref _through, e.Sequence);
    }
}

/// <summary>
/// The graph in serving: readers take <see cref="State"/> once per request and never wait; events are applied to the
/// overlay; a rebuild swaps the snapshot and keeps the events it does not hold yet.
/// </summary>
public sealed class LiveGraph
{
    private readonly Lock _writing = new();
    private volatile GraphState _state;

    public LiveGraph(GraphExport export) => _state = Assemble(Prepare(export, 2, CancellationToken.None), []);

    /// <summary>The graph as of now. Hold on to it for one request, so that one answer comes from one graph.</summary>
    public GraphState State => _state;

    /// <summary>How many events are in the overlay.</summary>
    public int OverlayCount => _state.Overlay.Count;

    /// <summary>Makes events visible to the next request. Must be called in log order; what is already in is passed over.</summary>
    public void Apply(IReadOnlyList<LoggedEvent> events)
    {
        lock (_writing)
        {
            var state = _state;
            foreach (var e in events)
                if (e.Sequence > state.Version.AppliedThrough) state.Overlay.Add(e, state.HistoryOf(e.Event.UserId));
        }
    }

    /// <summary>
    /// Swaps in a newer graph. Building happens outside the lock, so that events go on being applied meanwhile; those
    /// the export does not hold are carried over. An export with fewer events than the snapshot is passed over; one with an older catalogue keeps the snapshot's.
    /// </summary>
    public void Replace(GraphExport export, int threads = 2, CancellationToken cancel = default)
    {
        var (built, stored) = Prepare(export, threads, cancel);
        while (true)
        {
            // Two rebuilds may overlap, and the one that read first swap last: what the other one's export held is in no
            // overlay any more, so that the older export would lose it.
            var now = _state.Snapshot;
            if (export.Version.AppliedThrough < now.Version.AppliedThrough) return;
            // An edit came while the export was read and built. If such exports were passed over, edits in quick succession
            // would keep every rebuild out, and the overlay would grow without end: the newer catalogue goes on top.
            var snapshot = export.Version.CatalogRevision < now.Version.CatalogRevision
                ? built.WithCatalog(now.Catalog, now.Version.CatalogRevision, now.StoreIssues, threads, cancel)
                : built;
            lock (_writing)
            {
                if (_state.Snapshot != now) continue;
                _state = Assemble((snapshot, stored), [.. _state.Overlay.Events.Where(e => e.Sequence > export.Version.AppliedThrough)]);
                return;
            }
        }
    }

    /// <summary>
    /// Swaps in another catalogue; what viewers did stays as it is, also that towards dramas which are gone, should they come
    /// back. The work is a fraction of <see cref="Replace"/>'s, and outside the lock like its own. When the snapshot was
    /// swapped meanwhile, the catalogue is put to the new one.
    /// </summary>
    /// <param name="catalog">The whole catalogue; its records are kept.</param>
    /// <param name="revision">Its revision, not negative.</param>
    /// <param name="issues">What the store found wrong with it; as before when null.</param>
    /// <param name="threads">Threads to build with; the result is the same for any number.</param>
    /// <param name="cancel">Stops the work; nothing is changed then.</param>
    /// <returns>False when the graph is of a later revision already, and stays as it is.</returns>
    public bool ReplaceCatalog(
        CatalogBatch catalog, long revision, IReadOnlyList<GraphIssue>? issues = null, int threads = 1, CancellationToken cancel = default)
    {
        while (true)
        {
            var before = _state.Snapshot;
            if (revision < before.Version.CatalogRevision) return false;
            var snapshot = before.WithCatalog(catalog, revision, issues, threads, cancel);
            lock (_writing)
            {
                if (_state.Snapshot != before) continue;
                _state = new GraphState(snapshot, _state.Stored, _state.Overlay);
                return true;
            }
        }
    }

    private static (GraphSnapshot, Dictionary<string, UserHistory>) Prepare(GraphExport export, int threads, CancellationToken cancel) => (
        new GraphSnapshot(export, threads, cancel),
        export.Behaviour.GroupBy(b => b.UserId, StringComparer.Ordinal).ToDictionary(g => g.Key, g => UserHistory.Of(g), StringComparer.Ordinal));

    private static GraphState Assemble((GraphSnapshot Snapshot, Dictionary<string, UserHistory> Stored) prepared, List<LoggedEvent> carried)
    {
        var state = new GraphState(prepared.Snapshot, prepared.Stored, new GraphOverlay());
        foreach (var e in carried) state.Overlay.Add(e, state.HistoryOf(e.Event.UserId));
        return state;
    }
}
