using GraphRec.Core;

namespace GraphRec.Graph;

/// <summary>
/// How large a graph is: nodes by kind, edges by type (MUTED edges all types of target together), and the mean length of
/// an id, in characters.
/// </summary>
public sealed record GraphSize(IReadOnlyDictionary<NodeKind, int> Nodes, IReadOnlyDictionary<EdgeType, long> Edges, double IdLength)
{
    /// <summary>The size of a graph that exists.</summary>
    public static GraphSize Of(CsrGraph graph)
    {
        var tables = Enum.GetValues<NodeKind>().ToDictionary(kind => kind, graph.Nodes);
        var edges = graph.Relations.GroupBy(r => r.Type).ToDictionary(g => g.Key, g => g.Sum(r => (long)r.EdgeCount));
        var ids = tables.Values.SelectMany(t => t.Ids.ToArray()).Select(id => (double)id.Length).DefaultIfEmpty().Average();
        return new GraphSize(tables.ToDictionary(t => t.Key, t => t.Value.Count), edges, ids);
    }

    /// <summary>Nodes of a kind; 0 where none is given.</summary>
    public int NodesOf(NodeKind kind) => Nodes.GetValueOrDefault(kind);
}

/// <summary>
/// Bytes that the in-process graph takes, before it is built: what an operator asks when choosing a machine. Within
/// 10 % of what the garbage collector reports (64-bit), which a test measures.
/// </summary>
public static class MemoryEstimate
{
    private static readonly NodeKind[] MutableKinds = [NodeKind.Drama, NodeKind.Person, NodeKind.Genre, NodeKind.Tag];

    /// <summary>Node tables and edges together: a <see cref="CsrGraph"/>.</summary>
    public static long Graph(GraphSize size) => Nodes(size) + Edges(size);

    /// <summary>The node tables: ids, and the way from an id to its index.</summary>
    public static long Nodes(GraphSize size)
    {
        // Per id: a string (22 bytes and 2 per character, rounded up to 8: half a step on average), its reference, and in the
        // dictionary an entry (24) and a bucket (4); the dictionary takes the next prime of a table that grows by 1.2.
        var perId = 22 + (2 * size.IdLength) + 3.5 + 8 + (28 * 1.09);
        return (long)(size.Nodes.Values.Sum(n => (long)n) * perId);
    }

    /// <summary>The edges of all types, both directions: what <see cref="CsrGraph.EdgeBytes"/> will be.</summary>
    public static long Edges(GraphSize size)
    {
        var total = 0L;
        for (var type = EdgeType.ActedIn; type <= EdgeType.Muted; type++)
        {
            var from = size.NodesOf(type.From());
            var edges = size.Edges.GetValueOrDefault(type);
            if (type == EdgeType.Muted)
            {
                // Which of the four relations the edges are in does not matter: an edge costs the same in each.
                total += MutableKinds.Sum(to => Adjacency.EstimateBytes(from, size.NodesOf(to), 0, false, true));
                total += edges * (Adjacency.EstimateBytes(0, 0, 1, false, true) - Adjacency.EstimateBytes(0, 0, 0, false, true));
            }
            else
            {
                total += Adjacency.EstimateBytes(from, size.NodesOf(type.To()), edges, CsrGraph.CarriesValues(type), type.IsBehaviour());
            }
        }
        return total;
    }

    /// <summary>The engaged relation (<see cref="Bipartite"/>).</summary>
    public static long Engaged(int users, int dramas, long edges) => (4L * (users + 1)) + (4L * (dramas + 1)) + (8 * edges);

    /// <summary>A derived relation (<see cref="Kernels.ItemNeighbours"/>) that keeps at most so many neighbours per drama.</summary>
    public static long Neighbours(int dramas, int neighbours) => (4L * (dramas + 1)) + (12L * dramas * neighbours);
}
