using GraphRec.Core;

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

    /// <summary>Builds a snapshot and everything derived from it.</summary>
    /// <param name="export">The stored graph.</param>
    /// <param name="threads">Threads to build with; the result is the same for any number.</param>
    /// <param name="cancel">Stops the build.</param>
    public GraphSnapshot(GraphExport export, int threads = 2, CancellationToken cancel = default)
    {
        Version = export.Version;
        var graph = CsrGraph.Build(export);
        Graph = graph;
        var (dramas, people, credits) = (export.Dramas, export.People, export.Credits);
        _dramas = new Drama[graph.Nodes(NodeKind.Drama).Count];
        foreach (var d in dramas) _dramas[graph.Nodes(NodeKind.Drama).Find(d.Id)] = d;
        _people = new Person[graph.Nodes(NodeKind.Person).Count];
        foreach (var p in people) _people[graph.Nodes(NodeKind.Person).Find(p.Id)] = p;
        foreach (var c in credits)
        {
            if (c.Role != CreditRole.Actor || (c.Character ?? c.Billing) is null) continue;
            var (person, drama) = (graph.Nodes(NodeKind.Person).Find(c.PersonId), graph.Nodes(NodeKind.Drama).Find(c.DramaId));
            if (person >= 0 && drama >= 0) _actorCredits[(person, drama)] = c;
        }
        _regions = new string?[graph.Nodes(NodeKind.User).Count];
        foreach (var (user, region) in export.Regions)
            if (graph.Nodes(NodeKind.User).Find(user) is >= 0 and var index) _regions[index] = region;
        Engaged = Engagement.Of(graph);
        Derived = new Derived(graph, Engaged, _dramas, _regions, threads, cancel);
    }

    private GraphSnapshot(GraphSnapshot other, CsrGraph graph)
    {
        (_dramas, _people, _actorCredits, _regions) = (other._dramas, other._people, other._actorCredits, other._regions);
        (Version, Graph, Engaged, Derived) = (other.Version, graph, other.Engaged, other.Derived);
    }

    public GraphVersion Version { get; }
    public CsrGraph Graph { get; }

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
