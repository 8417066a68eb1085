using GraphRec.Core;
using GraphRec.Graph;

namespace GraphRec.Api.Schema;

/// <summary>A viewer as one state of the graph knows them.</summary>
internal sealed record ViewerNode(string Id, bool Known);

/// <summary>A behaviour edge with what it ends at.</summary>
internal sealed record HistoryLine(BehaviourEdge Edge, PathNode Target, Drama? Drama)
{
    public static IReadOnlyList<HistoryLine> Of(GraphState state, string userId, int first)
    {
        var edges = state.HistoryOf(userId).Edges;
        var lines = new HistoryLine[Math.Min(first, edges.Count)];
        for (var i = 0; i < lines.Length; i++)
        {
            var target = edges[i].Target;
            var drama = target.Kind == NodeKind.Drama ? state.Snapshot.FindDrama(target.Id) : null;
            lines[i] = new HistoryLine(edges[i], new PathNode(target, state.Snapshot.Label(target)), drama);
        }
        return lines;
    }
}

internal sealed class UserType : RecordType<ViewerNode>
{
    public UserType() : base("User", "A viewer.")
    {
        Id("id", "Identifies them.", u => u.Id);
        Bool("known", "Whether they ever did anything; pages of unknown viewers are made from what is popular, trending and new.", u => u.Known);
        Bool("simulated", "Whether they are simulated and not a person; say so wherever you show them.", u => Viewers.IsSimulated(u.Id));
        FirstOf<HistoryLine, HistoryEntryType>("history", "What they did, newest first, folded to one entry for each kind and target.", 20,
            (ViewerNode u, in FieldCall call) => HistoryLine.Of(call.Request.State, u.Id, DramaType.First(call, 20)));
    }
}

internal sealed class HistoryEntryType : RecordType<HistoryLine>
{
    public HistoryEntryType() : base("HistoryEntry", "Everything of one kind that a viewer did with one drama (or what they muted).")
    {
        Enum<EdgeType, EdgeTypeType>("type", "What they did.", h => h.Edge.Type);
        Object<PathNode, PathNodeType>("target", "What they did it with.", h => h.Target);
        ObjectOrNull<Drama, DramaType>("drama", "The drama; null when the target is none, or no longer in the catalogue.", (HistoryLine h, in FieldCall _) => h.Drama);
        Float("value", "WATCHED: the largest share seen, 0 to 1. RATED and REVIEWED: the latest rating, 1 to 10, or 0 where none was given. Else 1.", h => h.Edge.Value);
        Time("firstAt", "When they first did.", h => h.Edge.FirstAt);
        Time("lastAt", "When they last did.", h => h.Edge.LastAt);
        Int("times", "How many events this was.", h => h.Edge.Times);
    }
}

/// <summary>Which graph is being served.</summary>
internal sealed record GraphFacts(string Backend, GraphState State, int OverlayEvents, bool StoreAway)
{
    public IReadOnlyList<NodeCount> Nodes()
    {
        var kinds = Enum.GetValues<NodeKind>();
        var counts = new NodeCount[kinds.Length];
        for (var i = 0; i < kinds.Length; i++) counts[i] = new NodeCount(kinds[i], State.Snapshot.Graph.Nodes(kinds[i]).Count);
        return counts;
    }

    public IReadOnlyList<EdgeCount> Edges()
    {
        var counts = new SortedDictionary<EdgeType, int>();
        foreach (var relation in State.Snapshot.Graph.Relations)
            counts[relation.Type] = counts.GetValueOrDefault(relation.Type) + relation.EdgeCount;
        return [.. counts.Select(c => new EdgeCount(c.Key, c.Value))];
    }
}

internal sealed record NodeCount(NodeKind Kind, int Count);

internal sealed record EdgeCount(EdgeType Type, int Count);

internal sealed class GraphInfoType : RecordType<GraphFacts>
{
    public GraphInfoType() : base("GraphInfo", "The graph that answers come from.")
    {
        Text("backend", "What stores the graph.", g => g.Backend);
        Text("version", "The version of the graph: the catalogue's revision and the last event in it.", g => g.State.Version.ToString());
        List<NodeCount, NodeCountType>("nodes", "How many nodes there are, by kind.", 6, g => g.Nodes());
        List<EdgeCount, EdgeCountType>("edges", "How many edges there are, by type, without derived ones.", 14, g => g.Edges());
        Float("snapshotEvents", "The number of the last recorded event in the snapshot that nodes and edges count.", g => g.State.Snapshot.Version.AppliedThrough);
        Int("overlayEvents", "How many events came after the snapshot. Answers know them already.", g => g.OverlayEvents);
        Bool("degraded", "True while the stored graph does not answer: answers, of whatever field, come from what was last read of it.", g => g.StoreAway);
    }
}

internal sealed class NodeCountType : RecordType<NodeCount>
{
    public NodeCountType() : base("NodeCount", "How many nodes of a kind there are.")
    {
        Enum<NodeKind, NodeKindType>("kind", "The kind.", c => c.Kind);
        Int("count", "How many.", c => c.Count);
    }
}

internal sealed class EdgeCountType : RecordType<EdgeCount>
{
    public EdgeCountType() : base("EdgeCount", "How many edges of a type there are.")
    {
        Enum<EdgeType, EdgeTypeType>("type", "The type.", c => c.Type);
        Int("count", "How many.", c => c.Count);
    }
}
