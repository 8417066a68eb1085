namespace GraphRec.Core;

/// <summary>A node on an explanation path. <paramref name="Label"/> is what a person reads: a title or a name.</summary>
public sealed record PathNode(NodeRef Node, string Label);

/// <summary>
/// An edge on an explanation path, in the edge's own direction (which may be against the path's).
/// <paramref name="Detail"/> is what a person wants to know of it: "watched 80 %", "as Kim Shin", "37 viewers".
/// </summary>
public sealed record PathEdge(EdgeType Type, NodeRef From, NodeRef To, string? Detail);

/// <summary>
/// A path through the graph that supports a recommendation: <c>Edges[i]</c> joins <c>Nodes[i]</c> and <c>Nodes[i+1]</c>
/// in one direction or the other. <paramref name="Share"/> is the part of the served score, in [0, 1], that came over it.
/// </summary>
public sealed record GraphPath(IReadOnlyList<PathNode> Nodes, IReadOnlyList<PathEdge> Edges, double Share);
