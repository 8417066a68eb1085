using System.Globalization;
using GraphRec.Core;
using GraphRec.Graph;
using GraphRec.Recommend.Sources;

namespace GraphRec.Recommend.Reasons;

/// <summary>Writes paths edge by edge, with the details a person wants to read.</summary>
public sealed class PathFactory(GraphSnapshot snapshot, UserContext user)
{
    private readonly NodeTable _dramas = snapshot.Graph.Nodes(NodeKind.Drama);

    public PathNode UserNode { get; } = new(new NodeRef(NodeKind.User, user.UserId), user.UserId);

    public PathNode DramaNode(int drama) => new(NodeRef.Drama(_dramas[drama]), snapshot.Dramas[drama].Title);

    /// <summary>A path of one edge: what the viewer did with the drama itself.</summary>
    public GraphPath Own(BehaviourEdge edge, double share) => new(
        [UserNode, DramaNode(_dramas.Find(edge.Target.Id))], [UserEdge(edge)], share);

    /// <summary>
    /// The path of a piece of evidence, from the viewer's edge to the drama:
    /// <c>User -edge-> seed -CO_WATCHED-> drama</c>, <c>… seed &lt;-ACTED_IN- person -ACTED_IN-> drama</c>,
    /// <c>… seed -HAS_GENRE-> genre &lt;-HAS_GENRE- drama</c>, <c>… seed &lt;-FOLLOWS- drama</c>.
    /// </summary>
    public GraphPath To(int drama, BehaviourEdge edge, in Evidence evidence, double share)
    {
        var edges = Edges(evidence);
        var (pathNodes, pathEdges) = (new PathNode[edges + 2], new PathEdge[edges + 1]);
        (pathNodes[0], pathEdges[0]) = (UserNode, UserEdge(edge));
        Link(drama, evidence, pathNodes.AsSpan(1), pathEdges.AsSpan(1));
        return new GraphPath(pathNodes, pathEdges, share);
    }

    /// <summary>The part of that path between the two dramas, for what is similar to a drama.</summary>
    public GraphPath Between(int drama, in Evidence evidence, double share)
    {
        var edges = Edges(evidence);
        var (pathNodes, pathEdges) = (new PathNode[edges + 1], new PathEdge[edges]);
        Link(drama, evidence, pathNodes, pathEdges);
        return new GraphPath(pathNodes, pathEdges, share);
    }

    private static int Edges(in Evidence evidence) => evidence.Via is EdgeType.CoWatched or EdgeType.Follows ? 1 : 2;

    private void Link(int drama, in Evidence evidence, Span<PathNode> nodes, Span<PathEdge> edges)
    {
        (nodes[0], nodes[^1]) = (DramaNode(evidence.Seed), DramaNode(drama));
        var (seed, target) = (nodes[0].Node, nodes[^1].Node);
        switch (evidence.Via)
        {
            case EdgeType.CoWatched:
                edges[0] = new PathEdge(EdgeType.CoWatched, seed, target, $"{evidence.Count} viewers");
                break;
            case EdgeType.Follows:
                edges[0] = new PathEdge(EdgeType.Follows, target, seed, null);
                break;
            case EdgeType.HasGenre or EdgeType.Tagged:
                nodes[1] = AttributeNode(evidence.Via.To(), evidence.Through);
                edges[0] = new PathEdge(evidence.Via, seed, nodes[1].Node, null);
                edges[1] = new PathEdge(evidence.Via, target, nodes[1].Node, null);
                break;
            default:
                nodes[1] = AttributeNode(NodeKind.Person, evidence.Through);
                edges[0] = CreditEdge(evidence.Via, evidence.Through, evidence.Seed);
                edges[1] = CreditEdge(evidence.Via, evidence.Through, drama);
                break;
        }
    }

    /// <summary>A path from the viewer to a person over one of their dramas, as a row about that person cites it.</summary>
    public GraphPath ToPerson(BehaviourEdge edge, int seed, EdgeType role, int person, double share) => new(
        [UserNode, DramaNode(seed), AttributeNode(NodeKind.Person, person)], [UserEdge(edge), CreditEdge(role, person, seed)], share);

    /// <summary>A path from the viewer to a genre over one of their dramas.</summary>
    public GraphPath ToGenre(BehaviourEdge edge, int seed, int genre, double share)
    {
        var node = AttributeNode(NodeKind.Genre, genre);
        return new GraphPath([UserNode, DramaNode(seed), node], [UserEdge(edge), new PathEdge(EdgeType.HasGenre, DramaNode(seed).Node, node.Node, null)], share);
    }

    /// <summary>What the viewer did, as people say it.</summary>
    public static string Detail(in BehaviourEdge edge) => edge.Type switch
    {
        EdgeType.Watched when edge.Value >= Taste.FinishedShare => "watched to the end",
        EdgeType.Watched => string.Create(CultureInfo.InvariantCulture, $"watched {edge.Value * 100:0} %"),
        EdgeType.Rated => string.Create(CultureInfo.InvariantCulture, $"rated {edge.Value:0.#} of 10"),
        EdgeType.Reviewed when edge.Value > 0 => string.Create(CultureInfo.InvariantCulture, $"reviewed, {edge.Value:0.#} of 10"),
        EdgeType.Reviewed => "reviewed",
        EdgeType.Watchlisted => "on the watchlist",
        EdgeType.Clicked => edge.Times == 1 ? "opened once" : $"opened {edge.Times} times",
        EdgeType.Skipped => "skipped",
        _ => "muted",
    };

    private PathEdge UserEdge(in BehaviourEdge edge) => new(edge.Type, UserNode.Node, edge.Target, Detail(edge));

    private PathNode AttributeNode(NodeKind kind, int index)
    {
        var node = new NodeRef(kind, snapshot.Graph.Nodes(kind)[index]);
        return new PathNode(node, kind == NodeKind.Person ? snapshot.People[index].Name : node.Id);
    }

    private PathEdge CreditEdge(EdgeType role, int person, int drama)
    {
        var (from, to) = (new NodeRef(NodeKind.Person, snapshot.Graph.Nodes(NodeKind.Person)[person]), NodeRef.Drama(_dramas[drama]));
        var credit = role == EdgeType.ActedIn ? snapshot.ActorCredit(person, drama) : null;
        var detail = credit switch
        {
            { Character: { } character, Billing: { } billing } => $"as {character} ({billing})",
            { Character: { } character } => $"as {character}",
            { Billing: { } billing } => $"{billing} role",
            _ => null,
        };
        return new PathEdge(role, from, to, detail);
    }
}
