using System.Text.Json;
using GraphRec.Core;

namespace GraphRec.Storage.Neo4j;

/// <summary>What viewers did, from rows of viewer, target and edge.</summary>
internal sealed class BehaviourReader(StringPool strings)
{
    /// <summary>The edge types, each read by the file of its name.</summary>
    public static readonly EdgeType[] Types = [.. Enum.GetValues<EdgeType>().Where(type => type.IsBehaviour())];

    // In which order the labels of a muted node are looked at, should it have two.
    private static readonly NodeKind[] Mutable = [NodeKind.Drama, NodeKind.Person, NodeKind.Genre, NodeKind.Tag];

    private readonly Dictionary<(string User, EdgeType Type, NodeRef Target), BehaviourEdge> _edges = [];
    private readonly Dictionary<string, string> _regions = new(StringComparer.Ordinal);

    public GraphIssues Issues { get; } = new(GraphIssueSource.Behaviour);

    /// <summary>Each viewer's region, where known.</summary>
    public IReadOnlyDictionary<string, string> Regions => _regions;

    /// <summary>The question that reads the edges of a type.</summary>
    public static Statement Statement(EdgeType type) => Cypher.File("export/" + type.Name().ToLowerInvariant()).With();

    public void AddRegion(Row row)
    {
        if (strings.Key(row[0]) is { } user && strings.Key(row[1]) is { } region) _regions[user] = region;
    }

    public void Add(EdgeType type, Row row) => Add(type, row, labelled: type == EdgeType.Muted);

    /// <param name="type">The edge's type.</param>
    /// <param name="row">Viewer, target and edge.</param>
    /// <param name="labelled">Whether the target is given as labels, id and name, and not as the id of a drama.</param>
    public void Add(EdgeType type, Row row, bool labelled)
    {
        if (strings.Key(row[0]) is not { } user)
        {
            Issues.Add(GraphIssues.NoKey, $"(User)-[{type.Name()}]->({row.Text(labelled ? 2 : 1)})", "give the viewer an id, a text, or remove it; until then it is nothing to any reader");
            return;
        }
        if (Target(row, labelled) is not { } target) return;
        var edge = Edge(user, type, target, row[labelled ? 4 : 2], Issues);
        if (_edges.TryAdd((user, type, target), edge)) return;
        Issues.Add(GraphIssues.ParallelEdges, new IssueSubject(user, type.Name(), target.Id).ToString(), "remove all but one; the latest counts");
        if (edge.LastAt > _edges[(user, type, target)].LastAt) _edges[(user, type, target)] = edge;
    }

    /// <summary>The edges by user, type, target; all ordinal.</summary>
    public IReadOnlyList<BehaviourEdge> Edges()
    {
        var edges = _edges.Values.ToArray();
        Array.Sort(edges, static (a, b) =>
        {
            var by = string.CompareOrdinal(a.UserId, b.UserId);
            if (by == 0) by = a.Type.CompareTo(b.Type);
            if (by == 0) by = a.Target.Kind.CompareTo(b.Target.Kind);
            return by != 0 ? by : string.CompareOrdinal(a.Target.Id, b.Target.Id);
        });
        return edges;
    }

    /// <summary>The target; null where it has no key, which its own slice tells.</summary>
    private NodeRef? Target(Row row, bool labelled)
    {
        if (!labelled) return strings.Key(row[1]) is { } drama ? NodeRef.Drama(drama) : null;
        var labels = row[1].EnumerateArray().Select(label => label.GetString()).ToList();
        var kind = Mutable.First(k => labels.Contains(k.ToString()));
        return strings.Key(row[kind is NodeKind.Drama or NodeKind.Person ? 2 : 3]) is { } id ? new NodeRef(kind, id) : null;
    }

    /// <summary>An edge from its properties, whatever people made of them.</summary>
    public static BehaviourEdge Edge(string user, EdgeType type, NodeRef target, JsonElement edge, GraphIssues issues)
    {
        var read = new GraphProperties(edge, new IssueSubject(user, type.Name(), target.Id), issues);
        var value = type switch
        {
            EdgeType.Watched => read.Number("progress", 0, 1) ?? 1,
            EdgeType.Rated or EdgeType.Reviewed => read.Number("rating", 0, 10) ?? 0,
            _ => 1,
        };
        // An edge that a person made may have no times; it is then older than all others.
        var last = read.Time("lastAt") ?? read.Time("firstAt") ?? DateTimeOffset.UnixEpoch;
        var first = read.Time("firstAt") is { } stated && stated <= last ? stated : last;
        return new BehaviourEdge(user, type, target, Math.Round(value, 3, MidpointRounding.AwayFromZero), first, last, Math.Max(1, read.Int("times") ?? 1));
    }
}
