using GraphRec.Core;
using GraphRec.Graph;
using GraphRec.Recommend.Reasons;
using Xunit;

namespace GraphRec.Tests.Recommend;

/// <summary>
/// Ann watched a. Six viewers finished a and b. The actor is in a and b, the director made c; a and b are Crime; b follows a.
/// </summary>
public sealed class PathVerifierTests
{
    private static readonly PathNode Ann = Node(NodeKind.User, World.Viewer);
    private static readonly PathNode Bob = Node(NodeKind.User, "bob");
    private static readonly PathNode A = Node(NodeKind.Drama, "a");
    private static readonly PathNode B = Node(NodeKind.Drama, "b");
    private static readonly PathNode C = Node(NodeKind.Drama, "c");
    private static readonly PathNode Actor = Node(NodeKind.Person, "actor");
    private static readonly PathNode Director = Node(NodeKind.Person, "director");
    private static readonly PathNode Crime = Node(NodeKind.Genre, "Crime");
    private static readonly GraphSnapshot Snapshot = World.Snapshot(World.Export(
        [World.Drama("a") with { Genres = ["Crime"] }, World.Drama("b") with { Genres = ["Crime"], Follows = "a" }, World.Drama("c")],
        [new Credit("a", "actor", CreditRole.Actor, 1), new Credit("b", "actor", CreditRole.Actor, 1), new Credit("c", "director", CreditRole.Director, 1)],
        [.. new[] { "bob", "u1", "u2", "u3", "u4", "u5" }.SelectMany(u => new[] { World.Edge(EdgeType.Watched, "a", user: u), World.Edge(EdgeType.Watched, "b", user: u) }),
            World.Edge(EdgeType.Watched, "b", 0.39, user: "u6"), World.Edge(EdgeType.Watched, "a", 1, user: "u6"), World.Edge(EdgeType.Watched, "a", 1, user: World.Viewer)]));

    [Fact]
    public void What_is_in_the_graph_passes()
    {
        Assert.True(Verify([Ann, A], Watched(Ann, A)));
        Assert.True(Verify([Ann, A, B], Watched(Ann, A), CoWatched("6 viewers")));
        Assert.True(Verify([Ann, A, Actor, B], Watched(Ann, A), Edge(EdgeType.ActedIn, Actor, A), Edge(EdgeType.ActedIn, Actor, B)));
        Assert.True(Verify([Ann, A, Crime, B], Watched(Ann, A), Edge(EdgeType.HasGenre, A, Crime), Edge(EdgeType.HasGenre, B, Crime)));
        Assert.True(Verify([Ann, A, B], Watched(Ann, A), Edge(EdgeType.Follows, B, A)));
        Assert.True(Verify([A, B], CoWatched("6 viewers")));
    }

    [Fact]
    public void A_missing_edge_is_found_wherever_it_stands()
    {
        Assert.False(Verify([Ann, C], Watched(Ann, C)));
        Assert.False(Verify([Ann, A], Edge(EdgeType.Rated, Ann, A)));
        Assert.False(Verify([Ann, A, Actor, C], Watched(Ann, A), Edge(EdgeType.ActedIn, Actor, A), Edge(EdgeType.ActedIn, Actor, C)));
        Assert.False(Verify([Ann, A, Director, C], Watched(Ann, A), Edge(EdgeType.Directed, Director, A), Edge(EdgeType.Directed, Director, C)));
        Assert.False(Verify([Ann, A, Actor], Watched(Ann, A), Edge(EdgeType.Wrote, Actor, A)));
        Assert.False(Verify([Ann, A, Crime, C], Watched(Ann, A), Edge(EdgeType.HasGenre, A, Crime), Edge(EdgeType.HasGenre, C, Crime)));
        Assert.False(Verify([Ann, A, Node(NodeKind.Drama, "gone")], Watched(Ann, A), Edge(EdgeType.Follows, Node(NodeKind.Drama, "gone"), A)));
    }

    [Fact]
    public void An_edge_has_a_direction()
    {
        Assert.False(Verify([Ann, A, B], Watched(Ann, A), Edge(EdgeType.Follows, A, B)));
        Assert.False(Verify([Ann, A], Edge(EdgeType.Watched, A, Ann)));
        Assert.False(Verify([A, Actor], Edge(EdgeType.ActedIn, A, Actor)));
    }

    [Fact]
    public void Edges_join_the_nodes_they_stand_between()
    {
        Assert.False(Verify([Ann, A, Actor, B], Watched(Ann, A), Edge(EdgeType.ActedIn, Actor, B), Edge(EdgeType.ActedIn, Actor, A)));
        Assert.False(Verify([Ann, B], Watched(Ann, A)));
        Assert.False(Verify([Ann, A, B], Watched(Ann, A)));
        Assert.False(Verify([Ann, A], Watched(Ann, A), CoWatched("6 viewers")));
        Assert.False(Verify([]));
    }

    [Fact]
    public void No_other_viewer_is_passed_or_named()
    {
        // Both edges exist in the graph; that is not enough.
        Assert.False(Verify([Ann, A, Bob, B], Watched(Ann, A), Watched(Bob, A), Watched(Bob, B)));
        Assert.False(Verify([Bob, B], Watched(Bob, B)));
        Assert.False(Verify([B, Bob], Watched(Bob, B)));
        Assert.False(Verify([Bob]));
        Assert.False(Verify([A, Ann, A], Watched(Ann, A), Watched(Ann, A)));
    }

    [Theory]
    [InlineData("6 viewers", 6, true)]
    [InlineData("6 viewers", 7, false)]
    [InlineData("7 viewers", 5, false)]
    [InlineData("5 viewers", 5, false)]
    [InlineData("viewers", 5, false)]
    [InlineData(null, 5, false)]
    public void The_count_is_right_and_not_below_k(string? detail, int k, bool passes) =>
        Assert.Equal(passes, new PathVerifier(Snapshot, UserHistory.Empty, k).Verify(new GraphPath([A, B], [CoWatched(detail)], 1)));

    [Theory]
    [InlineData(EdgeType.HasGenre)]
    [InlineData(EdgeType.Tagged)]
    [InlineData(EdgeType.AiredOn)]
    [InlineData(EdgeType.Follows)]
    [InlineData(EdgeType.CoWatched)]
    [InlineData(EdgeType.WalksTo)]
    public void Edges_join_the_kinds_of_node_that_their_type_says(EdgeType type)
    {
        // The people and genres of this graph have the indices of dramas: looked up by number alone they would be found.
        foreach (var (from, to) in new[] { (Actor, Crime), (Actor, A), (A, Actor), (Director, Crime), (Crime, A) })
            Assert.False(Verify([from, to], new PathEdge(type, from.Node, to.Node, "6 viewers")));
    }

    [Fact]
    public void A_derived_edge_that_nobody_can_check_is_not_shown() => Assert.False(Verify([A, B], Edge(EdgeType.WalksTo, A, B)));

    private static bool Verify(PathNode[] nodes, params PathEdge[] edges) =>
        new PathVerifier(Snapshot, UserHistory.Of([World.Edge(EdgeType.Watched, "a", 1)]), 5).Verify(new GraphPath(nodes, edges, 1));

    private static PathNode Node(NodeKind kind, string id) => new(new NodeRef(kind, id), id);

    private static PathEdge Edge(EdgeType type, PathNode from, PathNode to) => new(type, from.Node, to.Node, null);

    private static PathEdge Watched(PathNode user, PathNode drama) => Edge(EdgeType.Watched, user, drama);

    private static PathEdge CoWatched(string? detail) => new(EdgeType.CoWatched, A.Node, B.Node, detail);
}
