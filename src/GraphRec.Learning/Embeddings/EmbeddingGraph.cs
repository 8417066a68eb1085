using System.IO.Hashing;
using System.Runtime.InteropServices;
using GraphRec.Core;
using GraphRec.Graph;
using GraphRec.Learning.Data;
using GraphRec.Learning.Evaluation;

namespace GraphRec.Learning.Embeddings;

/// <summary>The nodes of one type: numbers from <paramref name="First"/> on, one for each id.</summary>
/// <param name="Name">How files and metapaths name the type: <c>user</c>.</param>
/// <param name="Ids">The nodes' ids, unique within the type.</param>
/// <param name="First">The number of the first node.</param>
public sealed record NodeType(string Name, IReadOnlyList<string> Ids, int First);

/// <summary>
/// An undirected graph in compressed sparse rows, over nodes that are numbered type by type: what embeddings are made from.
/// A row is ascending, so that its neighbours of one type stand together. 4 bytes per arc (two arcs per edge), 5 per node.
/// Immutable.
/// </summary>
public sealed class EmbeddingGraph
{
    private const int MaxTypes = 64;

    private readonly int[] _starts;
    private readonly int[] _neighbours;
    private readonly byte[] _typeOf;
    private readonly bool[] _joined;

    private EmbeddingGraph(NodeType[] types, int[] starts, int[] neighbours)
    {
        (Types, _starts, _neighbours) = (types, starts, neighbours);
        (_typeOf, _joined) = (new byte[starts.Length - 1], new bool[types.Length * types.Length]);
        for (var type = 0; type < types.Length; type++) _typeOf.AsSpan(types[type].First, types[type].Ids.Count).Fill((byte)type);
        for (var node = 0; node < Count; node++)
        {
            foreach (var other in Neighbours(node)) _joined[(_typeOf[node] * types.Length) + _typeOf[other]] = true;
        }
    }

    /// <summary>The types, in the order of their nodes' numbers.</summary>
    public IReadOnlyList<NodeType> Types { get; }

    /// <summary>How many nodes there are.</summary>
    public int Count => _typeOf.Length;

    /// <summary>How many arcs there are: two for every edge.</summary>
    public int ArcCount => _neighbours.Length;

    /// <summary>The place of a node's type in <see cref="Types"/>.</summary>
    public int TypeOf(int node) => _typeOf[node];

    /// <summary>How many neighbours a node has.</summary>
    public int Degree(int node) => _starts[node + 1] - _starts[node];

    /// <summary>A node's neighbours, ascending, each once.</summary>
    public ReadOnlySpan<int> Neighbours(int node) => _neighbours.AsSpan(_starts[node], Degree(node));

    /// <summary>Those of one type.</summary>
    public ReadOnlySpan<int> Neighbours(int node, int type)
    {
        var all = Neighbours(node);
        var (first, count) = (Types[type].First, Types[type].Ids.Count);
        var from = LowerBound(all, first);
        return all[from..(from + LowerBound(all[from..], first + count))];
    }

    /// <summary>Whether an edge joins the two. O(log of the smaller degree), and O(1) where no edge joins their types.</summary>
    public bool Joined(int a, int b)
    {
        if (!AreTypesJoined(_typeOf[a], _typeOf[b])) return false;
        return Degree(a) <= Degree(b) ? Neighbours(a).BinarySearch(b) >= 0 : Neighbours(b).BinarySearch(a) >= 0;
    }

    /// <summary>Whether any edge joins nodes of the two types, given by their places in <see cref="Types"/>.</summary>
    public bool AreTypesJoined(int a, int b) => _joined[(a * Types.Count) + b];

    /// <summary>The place in <see cref="Types"/> of the type of this name.</summary>
    /// <exception cref="InvalidInputException">There is none; the message names those that there are.</exception>
    public int TypeNamed(string name)
    {
        for (var type = 0; type < Types.Count; type++)
        {
            if (Types[type].Name == name) return type;
        }
        throw Bad($"The graph has no nodes of type {name}; it has {string.Join(", ", Types.Select(t => t.Name))}.");
    }

    /// <summary>XXH3 of the arcs, in hexadecimal: which graph vectors came from.</summary>
    public string Hash()
    {
        var hash = new XxHash3();
        hash.Append(MemoryMarshal.AsBytes(_starts.AsSpan()));
        hash.Append(MemoryMarshal.AsBytes(_neighbours.AsSpan()));
        return Convert.ToHexStringLower(hash.GetCurrentHash());
    }

    /// <summary>The bipartite graph of a matrix: nodes <c>user</c> by row, then <c>item</c> by column.</summary>
    /// <exception cref="InvalidInputException">It has more than 2³⁰ pairs.</exception>
    public static EmbeddingGraph Of(InteractionMatrix matrix)
    {
        if (matrix.Count > 1 << 30) throw Bad($"The matrix has {matrix.Count} pairs, and a graph takes {1 << 30}; leave some out.");
        var (users, items) = (matrix.Users.Count, matrix.Items.Count);
        var starts = new int[users + items + 1];
        for (var user = 0; user < users; user++) starts[user + 1] = starts[user] + matrix.ItemsOf(user).Length;
        for (var item = 0; item < items; item++) starts[users + item + 1] = starts[users + item] + matrix.UsersOf(item).Length;
        var neighbours = new int[2 * matrix.Count];
        for (var user = 0; user < users; user++)
        {
            var at = starts[user];
            foreach (var item in matrix.ItemsOf(user)) neighbours[at++] = users + item;
        }
        for (var item = 0; item < items; item++) matrix.UsersOf(item).CopyTo(neighbours.AsSpan(starts[users + item]));
        return new EmbeddingGraph([new NodeType("user", matrix.Users, 0), new NodeType("item", matrix.Items, users)], starts, neighbours);
    }

    /// <summary>
    /// The heterogeneous graph of a snapshot: <c>user</c>, <c>drama</c>, <c>person</c>, <c>genre</c> and <c>tag</c>, joined by
    /// engagement (<see cref="Engagement"/>), credits of any role, genres, tags and seasons that follow one another.
    /// </summary>
    public static EmbeddingGraph Of(GraphSnapshot snapshot)
    {
        NodeKind[] kinds = [NodeKind.User, NodeKind.Drama, NodeKind.Person, NodeKind.Genre, NodeKind.Tag];
        var firsts = new int[Enum.GetValues<NodeKind>().Length];
        var types = new List<(string, IReadOnlyList<string>)>();
        var count = 0;
        foreach (var kind in kinds)
        {
            firsts[(int)kind] = count;
            string[] ids = [.. snapshot.Graph.Nodes(kind).Ids];
            types.Add((kind.ToString().ToLowerInvariant(), ids));
            count += ids.Length;
        }
        List<int> from = [], to = [];
        for (var user = 0; user < snapshot.Engaged.UserCount; user++)
        {
            foreach (var drama in snapshot.Engaged.ItemsOf(user)) Add(NodeKind.User, user, NodeKind.Drama, drama);
        }
        EdgeType[] relations = [EdgeType.ActedIn, EdgeType.Directed, EdgeType.Wrote, EdgeType.HasGenre, EdgeType.Tagged, EdgeType.Follows];
        foreach (var relation in relations.Select(type => snapshot.Graph[type]))
        {
            for (var node = 0; node < relation.FromCount; node++)
            {
                foreach (var target in relation.Targets(node)) Add(relation.FromKind, node, relation.ToKind, target);
            }
        }
        return Of(types, CollectionsMarshal.AsSpan(from), CollectionsMarshal.AsSpan(to));

        void Add(NodeKind kind, int node, NodeKind otherKind, int other)
        {
            from.Add(firsts[(int)kind] + node);
            to.Add(firsts[(int)otherKind] + other);
        }
    }

    /// <summary>
    /// The graph of edges given as two arrays side by side, in any order and direction. Repeated edges count once, and an edge
    /// from a node to itself not at all.
    /// </summary>
    /// <param name="types">Names and ids; nodes are numbered in this order, from 0 through all types.</param>
    /// <param name="from">The number of one end of each edge.</param>
    /// <param name="to">The number of the other.</param>
    /// <exception cref="InvalidInputException">The arrays differ in length, a number has no node, or there are too many types.</exception>
    public static EmbeddingGraph Of(IReadOnlyList<(string Name, IReadOnlyList<string> Ids)> types, ReadOnlySpan<int> from, ReadOnlySpan<int> to)
    {
        if (types.Count is 0 or > MaxTypes || types.DistinctBy(type => type.Name).Count() < types.Count)
            throw Bad($"There are {types.Count} types of node; give 1 to {MaxTypes}, each with a name of its own.");
        if (from.Length != to.Length || from.Length > 1 << 30) throw Bad($"There are {from.Length} and {to.Length} ends of edges; give as many of each, up to {1 << 30}.");
        var named = new NodeType[types.Count];
        var count = 0;
        for (var type = 0; type < named.Length; type++)
        {
            named[type] = new NodeType(types[type].Name, types[type].Ids, count);
            count = checked(count + types[type].Ids.Count);
        }
        var (starts, neighbours) = Rows(count, from, to);
        return new EmbeddingGraph(named, starts, neighbours);
    }

    private static (int[] Starts, int[] Neighbours) Rows(int count, ReadOnlySpan<int> from, ReadOnlySpan<int> to)
    {
        var rows = new int[2 * from.Length];
        var columns = new int[2 * from.Length];
        var arcs = 0;
        for (var edge = 0; edge < from.Length; edge++)
        {
            var (a, b) = (from[edge], to[edge]);
            if ((uint)a >= (uint)count || (uint)b >= (uint)count) throw Bad($"Edge {edge} joins {a} and {b}, but nodes are numbered from 0 to {count - 1}.");
            if (a == b) continue;
            (rows[arcs], columns[arcs++]) = (a, b);
            (rows[arcs], columns[arcs++]) = (b, a);
        }
        var given = NumberedPairs.Starts(rows.AsSpan(0, arcs), count);
        var neighbours = new int[arcs];
        var next = given[..^1];
        for (var arc = 0; arc < arcs; arc++) neighbours[next[rows[arc]]++] = columns[arc];
        var (starts, kept) = (new int[count + 1], 0);
        for (var node = 0; node < count; node++)
        {
            neighbours.AsSpan(given[node]..given[node + 1]).Sort();
            for (var arc = given[node]; arc < given[node + 1]; arc++)
            {
                if (arc == given[node] || neighbours[arc] != neighbours[kept - 1]) neighbours[kept++] = neighbours[arc];
            }
            starts[node + 1] = kept;
        }
        return (starts, kept == arcs ? neighbours : neighbours[..kept]);
    }

    private static int LowerBound(ReadOnlySpan<int> ascending, int value)
    {
        var at = ascending.BinarySearch(value);
        return at >= 0 ? at : ~at;
    }

    private static InvalidInputException Bad(string message) => new(ErrorCodes.BadUserInput, message);
}
