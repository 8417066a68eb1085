using GraphRec.Core;
using GraphRec.Recommend;

namespace GraphRec.Api.Schema;

internal sealed class ReasonType : RecordType<Reason>
{
    public ReasonType() : base("Reason", "Why something is shown: the fact that contributed most to its score, with the paths through the graph that prove it.")
    {
        Enum<ReasonKind, ReasonKindType>("kind", "What kind of fact it rests on.", r => r.Kind);
        Text("text", "A sentence to show to the viewer.", r => r.Text);
        List<GraphPath, GraphPathType>("paths", "The paths that support it, each verified against the graph version of the answer. Empty where the reason is not about the viewer (trending, new, popular).", 3, r => r.Paths);
    }
}

internal sealed class GraphPathType : RecordType<GraphPath>
{
    public GraphPathType() : base("GraphPath", "A path through the graph: edges[i] joins nodes[i] and nodes[i + 1], in one direction or the other.")
    {
        List<PathNode, PathNodeType>("nodes", "The nodes in order, from the viewer (or the drama asked about) to the drama shown.", 4, p => p.Nodes);
        List<PathEdge, PathEdgeType>("edges", "The edges in order: one fewer than nodes.", 3, p => p.Edges);
        Float("share", "The part of the score that came over this path, 0 to 1.", p => p.Share);
    }
}

internal sealed class PathNodeType : RecordType<PathNode>
{
    public PathNodeType() : base("PathNode", "A node of the graph.")
    {
        Id("id", "The node's id; for genres, tags and networks their name.", n => n.Node.Id);
        Enum<NodeKind, NodeKindType>("kind", "What it stands for.", n => n.Node.Kind);
        Text("label", "What a person reads: a title or a name.", n => n.Label);
    }
}

internal sealed class PathEdgeType : RecordType<PathEdge>
{
    public PathEdgeType() : base("PathEdge", "An edge of the graph, in its own direction, which may run against the path's.")
    {
        Enum<EdgeType, EdgeTypeType>("type", "What joins the two nodes.", e => e.Type);
        Id("from", "Id of the node the edge starts at.", e => e.From.Id);
        Id("to", "Id of the node the edge ends at.", e => e.To.Id);
        TextOrNull("detail", "What a person wants to know of it, such as 'watched 80 %' or 'as Kim Shin'; null where there is nothing to add.", e => e.Detail);
    }
}

internal sealed class ContributionType : RecordType<Contribution>
{
    public ContributionType() : base("Contribution", "A part of a score. The values of a ledger sum to the score, to within 0.000001.")
    {
        Text(
            "source",
            "What the part comes from: a source of candidates (walk, coWatch, actors, directors, writers, genres, tags, nextSeason, popularity, trending, collaborative), "
            + "an objective (diversity, calibration, freshness, completion, priority), or unfinished for what was begun. A learned ranker also has habits, ratings, interest, "
            + "exposure and context, and baseline: what it gives any drama before anything is known of it.",
            c => c.Source);
        Float("value", "How much it adds to the score; negative where it lowers it.", c => c.Value);
    }
}
