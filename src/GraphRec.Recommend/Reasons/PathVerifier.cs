using System.Globalization;
using GraphRec.Core;
using GraphRec.Graph;

namespace GraphRec.Recommend.Reasons;

/// <summary>
/// Checks a path against the graph that the answer names, edge by edge, before it leaves the server. It looks edges up
/// and shares no code with what wrote the path.
/// </summary>
public sealed class PathVerifier(GraphSnapshot snapshot, UserHistory history, int minCoWatchers)
{
    private HashSet<(EdgeType Type, string UserId, NodeRef Target)>? _known;

    /// <summary>Whether every edge exists, joins its neighbours on the path, and passes no other viewer.</summary>
    public bool Verify(GraphPath path)
    {
        if (path.Edges.Count == 0 || path.Nodes.Count != path.Edges.Count + 1) return false;
        for (var i = 0; i < path.Edges.Count; i++)
        {
            var (edge, left, right) = (path.Edges[i], path.Nodes[i].Node, path.Nodes[i + 1].Node);
            var joins = (edge.From == left && edge.To == right) || (edge.From == right && edge.To == left);
            if (!joins || (i > 0 && left.Kind == NodeKind.User) || !Exists(edge)) return false;
        }
        return true;
    }

    private bool Exists(PathEdge edge)
    {
        if (edge.Type.IsBehaviour())
        {
            _known ??= history.Edges.Select(e => (e.Type, e.UserId, e.Target)).ToHashSet();
            return _known.Contains((edge.Type, edge.From.Id, edge.To));
        }
        // An index means nothing without its kind; and of a walk only the co-watch edges under it can be checked.
        if (edge.From.Kind != edge.Type.From() || edge.To.Kind != edge.Type.To() || edge.Type == EdgeType.WalksTo) return false;
        var from = snapshot.Graph.Nodes(edge.From.Kind).Find(edge.From.Id);
        var to = snapshot.Graph.Nodes(edge.To.Kind).Find(edge.To.Id);
        if (from < 0 || to < 0) return false;
        if (edge.Type != EdgeType.CoWatched) return snapshot.Graph[edge.Type].Has(from, to);
        var common = CommonViewers(from, to);
        return common >= minCoWatchers && edge.Detail == string.Create(CultureInfo.InvariantCulture, $"{common} viewers");
    }

    private int CommonViewers(int a, int b)
    {
        var left = snapshot.Engaged.UsersOf(a);
        var right = snapshot.Engaged.UsersOf(b);
        var (i, j, common) = (0, 0, 0);
        while (i < left.Length && j < right.Length)
        {
            // Without branches: which of the two is smaller cannot be predicted.
            var (l, r) = (left[i], right[j]);
            common += l == r ? 1 : 0;
            i += l <= r ? 1 : 0;
            j += r <= l ? 1 : 0;
        }
        return common;
    }
}
