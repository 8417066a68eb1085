using GraphRec.Core;

namespace GraphRec.Graph;

/// <summary>
/// One version of the graph with what is needed to answer from it: edges, facts, and the lookups between ids and indices.
/// Immutable; a rebuild makes the next one and swaps one reference.
/// </summary>
public sealed partial class GraphSnapshot
{
    private readonly Drama[] _dramas;
    private readonly Person[] _people;
    private readonly Dictionary<(int Person, int Drama), Credit> _actorCredits;

    public GraphSnapshot(GraphExport export) : this(export.Version, CsrGraph.Build(export), export.Dramas, export.People, export.Credits)
    {
    }

    private GraphSnapshot(GraphVersion version, CsrGraph graph, IReadOnlyList<Drama> dramas, IReadOnlyList<Person> people, IReadOnlyList<Credit> credits)
    {
        Version = version;
        Graph = graph;
        _dramas = new Drama[graph.Nodes(NodeKind.Drama).Count];
        foreach (var d in dramas) _dramas[graph.Nodes(NodeKind.Drama).Find(d.Id)] = d;
        _people = new Person[graph.Nodes(NodeKind.Person).Count];
        foreach (var p in people) _people[graph.Nodes(NodeKind.Person).Find(p.Id)] = p;
        _actorCredits = [];
        foreach (var c in credits)
        {
            if (c.Role != CreditRole.Actor || (c.Character ?? c.Billing) is null) continue;
            var (person, drama) = (graph.Nodes(NodeKind.Person).Find(c.PersonId), graph.Nodes(NodeKind.Drama).Find(c.DramaId));
            if (person >= 0 && drama >= 0) _actorCredits[(person, drama)] = c;
        }
        Engaged = Engagement.Of(graph);
    }

    public GraphVersion Version { get; }
    public CsrGraph Graph { get; }

    /// <summary>Who engaged with what; see <see cref="Engagement"/>.</summary>
    public Bipartite Engaged { get; }

    /// <summary>Dramas by dense index, which orders as the id does.</summary>
    public ReadOnlySpan<Drama> Dramas => _dramas;

    /// <summary>People by dense index.</summary>
    public ReadOnlySpan<Person> People => _people;

    public Drama? FindDrama(string id) => Graph.Nodes(NodeKind.Drama).Find(id) is >= 0 and var i ? _dramas[i] : null;
    public Person? FindPerson(string id) => Graph.Nodes(NodeKind.Person).Find(id) is >= 0 and var i ? _people[i] : null;

    /// <summary>The character and billing of an actor's credit; null where neither is known.</summary>
    public Credit? ActorCredit(int person, int drama) => _actorCredits.GetValueOrDefault((person, drama));

    /// <summary>What a person reads for a node: a title, or a name.</summary>
    public string Label(NodeRef node) => node.Kind switch
    {
        NodeKind.Drama => FindDrama(node.Id)?.Title ?? node.Id,
        NodeKind.Person => FindPerson(node.Id)?.Name ?? node.Id,
        _ => node.Id,
    };
}
