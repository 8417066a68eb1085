using GraphRec.Core;
using GraphRec.Graph.Kernels;

namespace GraphRec.Graph;

/// <summary>
/// One version of the graph with what is needed to answer from it: edges, facts, and the lookups between ids and indices.
/// Immutable; a rebuild makes the next one and swaps one reference.
/// </summary>
public sealed class GraphSnapshot
{
    private readonly Drama[] _dramas;
    private readonly Person[] _people;
    private readonly Dictionary<(int Person, int Drama), Credit> _actorCredits = [];
    private readonly string?[] _regions;
    private IReadOnlyList<GraphIssue>? _issues;

    /// <summary>Builds a snapshot and everything derived from it.</summary>
    /// <param name="export">The stored graph.</param>
    /// <param name="threads">Threads to build with; the result is the same for any number.</param>
    /// <param name="cancel">Stops the build.</param>
    public GraphSnapshot(GraphExport export, int threads = 2, CancellationToken cancel = default)
        : this(export.Version, export.Catalog, export.Issues, CsrGraph.Build(export))
    {
        _regions = new string?[Graph.Nodes(NodeKind.User).Count];
        foreach (var (user, region) in export.Regions)
            if (Graph.Nodes(NodeKind.User).Find(user) is >= 0 and var index) _regions[index] = region;
        Engaged = Engagement.Of(Graph);
        Derived = new Derived(Graph, _dramas, new Crowd(Graph, Engaged, _regions, threads, cancel));
    }

    private GraphSnapshot(GraphSnapshot before, CatalogBatch catalog, long revision, IReadOnlyList<GraphIssue> issues, int threads, CancellationToken cancel)
        : this(before.Version with { CatalogRevision = revision }, catalog, issues, before.Graph.WithCatalog(catalog))
    {
        _regions = before._regions;
        var (old, now) = (before.Graph.Nodes(NodeKind.Drama), Graph.Nodes(NodeKind.Drama));
        Engaged = old == now ? before.Engaged : Engagement.Of(Graph);
        var crowd = old == now ? before.Derived.Crowd
            : new Crowd(Graph, Engaged, _regions, threads, cancel, before.Derived.Crowd, KeptRows.Of(before.Engaged, Engaged, old.NumbersIn(now)));
        Derived = new Derived(Graph, _dramas, crowd);
    }

    /// <summary>What follows from the catalogue; behaviour is each constructor's own.</summary>
    private GraphSnapshot(GraphVersion version, CatalogBatch catalog, IReadOnlyList<GraphIssue> issues, CsrGraph graph)
    {
        (Version, Catalog, StoreIssues, Graph) = (version, catalog, issues, graph);
        var (dramaIds, personIds) = (graph.Nodes(NodeKind.Drama), graph.Nodes(NodeKind.Person));
        _dramas = new Drama[dramaIds.Count];
        foreach (var d in catalog.Dramas) _dramas[dramaIds.Find(d.Id)] = d;
        _people = new Person[personIds.Count];
        foreach (var p in catalog.People) _people[personIds.Find(p.Id)] = p;
        foreach (var c in catalog.Credits)
        {
            if (c.Role != CreditRole.Actor || (c.Character ?? c.Billing) is null) continue;
            var (person, drama) = (personIds.Find(c.PersonId), dramaIds.Find(c.DramaId));
            if (person >= 0 && drama >= 0) _actorCredits[(person, drama)] = c;
        }
        (_regions, Engaged, Derived) = (null!, null!, null!);
    }

    private GraphSnapshot(GraphSnapshot other, CsrGraph graph)
    {
        (_dramas, _people, _actorCredits, _regions) = (other._dramas, other._people, other._actorCredits, other._regions);
        (Version, Catalog, StoreIssues, Graph, Engaged, Derived) = (other.Version, other.Catalog, other.StoreIssues, graph, other.Engaged, other.Derived);
    }

    public GraphVersion Version { get; }

    /// <summary>The catalogue it was made from: the very records, in the order they were given.</summary>
    public CatalogBatch Catalog { get; }

    /// <summary>What the store found wrong (<see cref="GraphExport.Issues"/>).</summary>
    public IReadOnlyList<GraphIssue> StoreIssues { get; }

    public CsrGraph Graph { get; }

    /// <summary>
    /// Everything wrong with the graph it was made from (<see cref="Doctor.Issues"/>). Looked for when first asked: most
    /// snapshots are never asked.
    /// </summary>
    public IReadOnlyList<GraphIssue> Issues => _issues ??= Doctor.Issues(Catalog, Graph, StoreIssues);

    /// <summary>Who engaged with what; see <see cref="Engagement"/>.</summary>
    public Bipartite Engaged { get; }

    /// <summary>Neighbour lists and statistics computed from the edges.</summary>
    public Derived Derived { get; }

    /// <summary>Each viewer's region by dense index; null where unknown.</summary>
    public ReadOnlySpan<string?> Regions => _regions;

    /// <summary>Dramas by dense index, which orders as the id does.</summary>
    public ReadOnlySpan<Drama> Dramas => _dramas;

    /// <summary>People by dense index.</summary>
    public ReadOnlySpan<Person> People => _people;

    public Drama? FindDrama(string id) => Graph.Nodes(NodeKind.Drama).Find(id) is >= 0 and var i ? _dramas[i] : null;
    public Person? FindPerson(string id) => Graph.Nodes(NodeKind.Person).Find(id) is >= 0 and var i ? _people[i] : null;

    /// <summary>The region of the viewer's latest event that named one; null when none did.</summary>
    public string? RegionOf(string userId) => Graph.Nodes(NodeKind.User).Find(userId) is >= 0 and var i ? _regions[i] : null;

    /// <summary>The character and billing of an actor's credit; null where neither is known.</summary>
    public Credit? ActorCredit(int person, int drama) => _actorCredits.GetValueOrDefault((person, drama));

    /// <summary>
    /// The same behaviour with another catalogue: equal to a snapshot built anew from an export that has both, at a fraction of
    /// the work. What the crowd did is shared while no drama came or went; else rows of neighbours are computed where a
    /// viewer of that drama stands behind them.
    /// </summary>
    /// <param name="catalog">The whole catalogue.</param>
    /// <param name="revision">The catalogue's revision.</param>
    /// <param name="issues">What the store found wrong with it; as before when null.</param>
    /// <param name="threads">Threads to build with; the result is the same for any number.</param>
    /// <param name="cancel">Stops the build.</param>
    public GraphSnapshot WithCatalog(
        CatalogBatch catalog, long revision, IReadOnlyList<GraphIssue>? issues = null, int threads = 1, CancellationToken cancel = default) =>
        new(this, catalog, revision, issues ?? StoreIssues, threads, cancel);

    /// <summary>
    /// The same snapshot without some edges, to ask what an answer would be without them. What is derived from the whole
    /// (neighbour lists, popularity) stays as it is: it is stamped with the version it came from.
    /// </summary>
    public GraphSnapshot Without(IEnumerable<(EdgeType Type, NodeRef From, NodeRef To)> edges) => new(this, Graph.Without(edges));

    /// <summary>What a person reads for a node: a title, or a name.</summary>
    public string Label(NodeRef node) => node.Kind switch
    {
        NodeKind.Drama => FindDrama(node.Id)?.Title ?? node.Id,
        NodeKind.Person => FindPerson(node.Id)?.Name ?? node.Id,
        _ => node.Id,
    };
}
