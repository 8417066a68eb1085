using GraphRec.Core;

namespace GraphRec.Graph;

/// <summary>
/// The whole graph at one version, as typed compressed sparse rows over dense ints. Immutable, so that any number of
/// requests read it while the next one is being built. Edges that name a missing node are left out (<c>doctor</c> lists
/// them in the store).
/// </summary>
public sealed class CsrGraph
{
    private static readonly NodeKind[] MutableKinds = [NodeKind.Drama, NodeKind.Person, NodeKind.Genre, NodeKind.Tag];
    private readonly NodeTable[] _nodes;
    private readonly Dictionary<(EdgeType, NodeKind), Adjacency> _edges;

    private CsrGraph(NodeTable[] nodes, Dictionary<(EdgeType, NodeKind), Adjacency> edges) => (_nodes, _edges) = (nodes, edges);

    /// <summary>The nodes of one kind.</summary>
    public NodeTable Nodes(NodeKind kind) => _nodes[(int)kind];

    /// <summary>The edges of one type; for <see cref="EdgeType.Muted"/> those that end at a drama.</summary>
    public Adjacency this[EdgeType type] => _edges[(type, type.To())];

    /// <summary>The edges of one type that end at one kind of node.</summary>
    public Adjacency this[EdgeType type, NodeKind to] => _edges[(type, to)];

    /// <summary>Every relation of the graph.</summary>
    public IEnumerable<Adjacency> Relations => _edges.Values;

    public long EdgeCount => _edges.Values.Sum(a => (long)a.EdgeCount);

    /// <summary>Bytes held by the edges.</summary>
    public long EdgeBytes => _edges.Values.Sum(a => a.Bytes);

    /// <summary>A copy without some edges. Relations that lose none are shared with this graph.</summary>
    public CsrGraph Without(IEnumerable<(EdgeType Type, NodeRef From, NodeRef To)> edges)
    {
        var changed = new Dictionary<(EdgeType, NodeKind), Adjacency>(_edges);
        foreach (var group in edges.GroupBy(e => (e.Type, e.To.Kind)))
        {
            if (!changed.TryGetValue(group.Key, out var relation)) continue;
            var removed = group
                .Select(e => (Nodes(e.From.Kind).Find(e.From.Id), Nodes(e.To.Kind).Find(e.To.Id)))
                .Where(p => p.Item1 >= 0 && p.Item2 >= 0).ToHashSet();
            changed[group.Key] = relation.Without(removed);
        }
        return new CsrGraph(_nodes, changed);
    }

    /// <summary>Builds the graph from an export.</summary>
    public static CsrGraph Build(GraphExport export)
    {
        var nodes = new NodeTable[6];
        nodes[(int)NodeKind.User] = new NodeTable(export.Behaviour.Select(b => b.UserId));
        nodes[(int)NodeKind.Drama] = new NodeTable(export.Dramas.Select(d => d.Id));
        nodes[(int)NodeKind.Person] = new NodeTable(export.People.Select(p => p.Id));
        nodes[(int)NodeKind.Genre] = new NodeTable(export.Dramas.SelectMany(d => d.Genres));
        nodes[(int)NodeKind.Tag] = new NodeTable(export.Dramas.SelectMany(d => d.Tags));
        nodes[(int)NodeKind.Network] = new NodeTable(export.Dramas.SelectMany(d => d.Networks));
        var collector = new Collector(nodes);
        foreach (var c in export.Credits)
            collector.Add(c.Edge, new NodeRef(NodeKind.Person, c.PersonId), NodeRef.Drama(c.DramaId), c.Order, 0);
        foreach (var d in export.Dramas) collector.AddFacts(d);
        foreach (var b in export.Behaviour)
            collector.Add(b.Type, new NodeRef(NodeKind.User, b.UserId), b.Target, (float)b.Value, ToMinutes(b.LastAt));
        return new CsrGraph(nodes, collector.Build());
    }

    /// <summary>Minutes since the Unix epoch, rounded down: the unit of time in the graph.</summary>
    public static int ToMinutes(DateTimeOffset at) => (int)Math.Floor((at - DateTimeOffset.UnixEpoch).TotalMinutes);

    /// <summary>Whether edges of a type carry a value: the order of an actor's credit, a share watched or a rating.</summary>
    internal static bool CarriesValues(EdgeType type) =>
        type is EdgeType.ActedIn or EdgeType.Watched or EdgeType.Rated or EdgeType.Reviewed;

    private sealed class Collector(NodeTable[] nodes)
    {
        private readonly Dictionary<(EdgeType, NodeKind), List<EdgeEntry>> _lists = [];

        public void AddFacts(Drama d)
        {
            var drama = NodeRef.Drama(d.Id);
            foreach (var genre in d.Genres) Add(EdgeType.HasGenre, drama, new NodeRef(NodeKind.Genre, genre), 0, 0);
            foreach (var tag in d.Tags) Add(EdgeType.Tagged, drama, new NodeRef(NodeKind.Tag, tag), 0, 0);
            foreach (var network in d.Networks) Add(EdgeType.AiredOn, drama, new NodeRef(NodeKind.Network, network), 0, 0);
            if (d.Follows is { } earlier) Add(EdgeType.Follows, drama, NodeRef.Drama(earlier), 0, 0);
        }

        public void Add(EdgeType type, NodeRef from, NodeRef to, float value, int minutes)
        {
            var (f, t) = (nodes[(int)from.Kind].Find(from.Id), nodes[(int)to.Kind].Find(to.Id));
            if (f < 0 || t < 0) return;
            if (!_lists.TryGetValue((type, to.Kind), out var list)) _lists.Add((type, to.Kind), list = []);
            list.Add(new EdgeEntry(f, t, value, minutes));
        }

        public Dictionary<(EdgeType, NodeKind), Adjacency> Build()
        {
            var edges = new Dictionary<(EdgeType, NodeKind), Adjacency>();
            for (var type = EdgeType.ActedIn; type <= EdgeType.Muted; type++)
            {
                foreach (var to in type == EdgeType.Muted ? MutableKinds : [type.To()])
                {
                    var list = _lists.GetValueOrDefault((type, to), []);
                    edges.Add((type, to), Adjacency.Build(type, to, nodes[(int)type.From()].Count, nodes[(int)to].Count, list, CarriesValues(type), type.IsBehaviour()));
                }
            }
            return edges;
        }
    }
}
