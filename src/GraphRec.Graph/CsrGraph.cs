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

    private CsrGraph(NodeTable[] nodes, Dictionary<(EdgeType, NodeKind), Adjacency> edges, IReadOnlyList<DanglingEdge> dangling) =>
        (_nodes, _edges, Dangling) = (nodes, edges, dangling);

    /// <summary>The nodes of one kind.</summary>
    public NodeTable Nodes(NodeKind kind) => _nodes[(int)kind];

    /// <summary>The edges of one type; for <see cref="EdgeType.Muted"/> those that end at a drama.</summary>
    public Adjacency this[EdgeType type] => _edges[(type, type.To())];

    /// <summary>The edges of one type that end at one kind of node.</summary>
    public Adjacency this[EdgeType type, NodeKind to] => _edges[(type, to)];

    /// <summary>Every relation of the graph.</summary>
    public IEnumerable<Adjacency> Relations => _edges.Values;

    /// <summary>
    /// Behaviour edges whose target is not in the graph. They count for nothing, and are kept because the target may come
    /// (back) with a later catalogue.
    /// </summary>
    public IReadOnlyList<DanglingEdge> Dangling { get; }

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
        return new CsrGraph(_nodes, changed, Dangling);
    }

    /// <summary>Builds the graph from an export.</summary>
    public static CsrGraph Build(GraphExport export)
    {
        var nodes = new NodeTable[6];
        nodes[(int)NodeKind.User] = new NodeTable(export.Behaviour.Select(b => b.UserId));
        var collector = new Collector(Number(export.Catalog, nodes));
        collector.AddCatalog(export.Catalog);
        foreach (var b in export.Behaviour)
        {
            var value = CarriesValues(b.Type) ? (float)b.Value : 0;
            collector.AddBehaviour(new DanglingEdge(nodes[(int)NodeKind.User].Find(b.UserId), b.Type, b.Target, value, ToMinutes(b.LastAt)));
        }
        return new CsrGraph(nodes, collector.Complete([]), collector.Dangling);
    }

    /// <summary>
    /// The graph of the same viewers and what they did with another catalogue: equal to building it from an export that has
    /// both. Where no node was added or removed, the nodes keep their numbers, and behaviour edges are shared with this graph.
    /// </summary>
    public CsrGraph WithCatalog(CatalogBatch catalog)
    {
        var nodes = Number(catalog, (NodeTable[])_nodes.Clone());
        var collector = new Collector(nodes);
        collector.AddCatalog(catalog);
        foreach (var edge in Dangling) collector.AddBehaviour(edge);
        var shared = new Dictionary<(EdgeType, NodeKind), Adjacency>();
        foreach (var ((type, to), relation) in _edges)
        {
            if (!type.IsBehaviour()) continue;
            var (before, now) = (Nodes(to), nodes[(int)to]);
            if (before == now) shared.Add((type, to), relation);
            else collector.AddRenumbered(relation, before, before.NumbersIn(now));
        }
        return new CsrGraph(nodes, collector.Complete(shared), collector.Dangling);
    }

    /// <summary>Sets the tables of the catalogue's nodes; one whose ids are as before stays the same object.</summary>
    private static NodeTable[] Number(CatalogBatch catalog, NodeTable?[] nodes)
    {
        void Set(NodeKind kind, IEnumerable<string> ids) => nodes[(int)kind] = NodeTable.Of(ids, nodes[(int)kind]);
        Set(NodeKind.Drama, catalog.Dramas.Select(d => d.Id));
        Set(NodeKind.Person, catalog.People.Select(p => p.Id));
        Set(NodeKind.Genre, catalog.Dramas.SelectMany(d => d.Genres));
        Set(NodeKind.Tag, catalog.Dramas.SelectMany(d => d.Tags));
        Set(NodeKind.Network, catalog.Dramas.SelectMany(d => d.Networks));
        return nodes!;
    }

    /// <summary>Minutes since the Unix epoch, rounded down: the unit of time in the graph.</summary>
    public static int ToMinutes(DateTimeOffset at) => (int)Math.Floor((at - DateTimeOffset.UnixEpoch).TotalMinutes);

    /// <summary>Whether edges of a type carry a value: the order of an actor's credit, a share watched or a rating.</summary>
    internal static bool CarriesValues(EdgeType type) =>
        type is EdgeType.ActedIn or EdgeType.Watched or EdgeType.Rated or EdgeType.Reviewed;

    private static NodeKind[] Targets(EdgeType type) => type == EdgeType.Muted ? MutableKinds : [type.To()];

    private sealed class Collector(NodeTable[] nodes)
    {
        private const int Kinds = 6;
        private readonly List<EdgeEntry>?[] _lists = new List<EdgeEntry>?[Kinds * ((int)EdgeType.Muted + 1)];

        public List<DanglingEdge> Dangling { get; } = [];

        public void AddCatalog(CatalogBatch catalog)
        {
            var (lastId, last) = ("", -1);
            foreach (var c in catalog.Credits)
            {
                // Credits come drama by drama.
                if (c.DramaId != lastId) (lastId, last) = (c.DramaId, nodes[(int)NodeKind.Drama].Find(c.DramaId));
                Add(c.Edge, NodeKind.Drama, nodes[(int)NodeKind.Person].Find(c.PersonId), last, c.Order);
            }
            foreach (var d in catalog.Dramas)
            {
                var drama = nodes[(int)NodeKind.Drama].Find(d.Id);
                AddNamed(EdgeType.HasGenre, NodeKind.Genre, drama, d.Genres);
                AddNamed(EdgeType.Tagged, NodeKind.Tag, drama, d.Tags);
                AddNamed(EdgeType.AiredOn, NodeKind.Network, drama, d.Networks);
                if (d.Follows is { } earlier) Add(EdgeType.Follows, NodeKind.Drama, drama, nodes[(int)NodeKind.Drama].Find(earlier), 0);
            }
        }

        public void AddBehaviour(DanglingEdge edge)
        {
            if (!Targets(edge.Type).Contains(edge.Target.Kind)) return;
            var target = nodes[(int)edge.Target.Kind].Find(edge.Target.Id);
            if (target < 0) Dangling.Add(edge);
            else Add(edge.Type, edge.Target.Kind, edge.User, target, edge.Value, edge.Minutes);
        }

        /// <summary>Adds a relation of the graph before, whose targets had other numbers; those that are gone dangle.</summary>
        public void AddRenumbered(Adjacency relation, NodeTable before, int[] numbers)
        {
            for (var user = 0; user < relation.FromCount; user++)
            {
                var targets = relation.Targets(user);
                var times = relation.Times(user);
                for (var i = 0; i < targets.Length; i++)
                {
                    var value = relation.HasValues ? (float)relation.Value(user, i) : 0;
                    if (numbers[targets[i]] is >= 0 and var target) Add(relation.Type, relation.ToKind, user, target, value, times[i]);
                    else Dangling.Add(new DanglingEdge(user, relation.Type, new NodeRef(relation.ToKind, before[targets[i]]), value, times[i]));
                }
            }
        }

        /// <summary>Completes <paramref name="edges"/> with the relations it lacks, from what was added.</summary>
        public Dictionary<(EdgeType, NodeKind), Adjacency> Complete(Dictionary<(EdgeType, NodeKind), Adjacency> edges)
        {
            for (var type = EdgeType.ActedIn; type <= EdgeType.Muted; type++)
            {
                foreach (var to in Targets(type))
                {
                    if (edges.ContainsKey((type, to))) continue;
                    var list = _lists[Slot(type, to)] ?? [];
                    edges.Add((type, to), Adjacency.Build(type, to, nodes[(int)type.From()].Count, nodes[(int)to].Count, list, CarriesValues(type), type.IsBehaviour()));
                }
            }
            return edges;
        }

        private void AddNamed(EdgeType type, NodeKind kind, int drama, IReadOnlyList<string> names)
        {
            for (var i = 0; i < names.Count; i++) Add(type, kind, drama, nodes[(int)kind].Find(names[i]), 0);
        }

        private void Add(EdgeType type, NodeKind to, int from, int target, float value, int minutes = 0)
        {
            if (from >= 0 && target >= 0) (_lists[Slot(type, to)] ??= []).Add(new EdgeEntry(from, target, value, minutes));
        }

        private static int Slot(EdgeType type, NodeKind to) => ((int)type * Kinds) + (int)to;
    }
}

/// <summary>
/// A behaviour edge of the viewer with index <paramref name="User"/> that names a node which is not in the graph;
/// <paramref name="Minutes"/> counts from the Unix epoch.
/// </summary>
public readonly record struct DanglingEdge(int User, EdgeType Type, NodeRef Target, float Value, int Minutes);
