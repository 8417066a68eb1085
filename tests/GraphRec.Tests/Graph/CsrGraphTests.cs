using GraphRec.Core;
using GraphRec.Graph;
using Xunit;

namespace GraphRec.Tests.Graph;

public sealed class CsrGraphTests
{
    private static readonly GraphExport Export = Sample.Export(
        [
            Sample.Drama("a") with { Genres = ["Romance", "Crime"], Tags = ["chef"], Networks = ["tvN"] },
            Sample.Drama("b") with { Genres = ["Romance"], Follows = "a" },
            Sample.Drama("c") with { Follows = "missing" },
        ],
        [new Credit("a", "kim", CreditRole.Actor, 2), new Credit("b", "kim", CreditRole.Writer, 1), new Credit("gone", "lee", CreditRole.Actor, 1)],
        [
            Sample.Watched("u", "a", .4, 7), Sample.Watched("u", "b", .39), Sample.Watched("u", "gone"), Sample.Watched("v", "c", .9),
            Sample.Rated("u", "b", 6), Sample.Rated("v", "c", 5.999), Sample.Rated("v", "b", 10),
            new BehaviourEdge("v", EdgeType.Muted, new NodeRef(NodeKind.Genre, "Crime"), 1, Sample.Minute(3), Sample.Minute(3), 1),
        ]);

    [Fact]
    public void Every_relation_holds_its_edges_and_edges_to_missing_nodes_are_left_out()
    {
        var g = CsrGraph.Build(Export);
        Assert.Equal(["a", "b", "c"], g.Nodes(NodeKind.Drama).Ids.ToArray());
        Assert.Equal(["Crime", "Romance"], g.Nodes(NodeKind.Genre).Ids.ToArray());
        Assert.Equal([0, 1], g[EdgeType.HasGenre].Targets(0).ToArray());
        Assert.Equal([0, 1], g[EdgeType.HasGenre].Sources(1).ToArray());
        Assert.Equal([0], g[EdgeType.Follows].Targets(1).ToArray());
        Assert.Equal(1, g[EdgeType.Follows].EdgeCount);
        Assert.Equal([0], g[EdgeType.ActedIn].Targets(0).ToArray());
        Assert.Equal(2, g[EdgeType.ActedIn].Value(0, 0));
        Assert.Equal([1], g[EdgeType.Wrote].Targets(0).ToArray());
        Assert.Equal([0, 1], g[EdgeType.Watched].Targets(0).ToArray());
        Assert.Equal([7, 0], g[EdgeType.Watched].Times(0).ToArray());
        Assert.Equal([0], g[EdgeType.Muted, NodeKind.Genre].Targets(1).ToArray());
        Assert.Equal(0, g[EdgeType.Muted].EdgeCount);
        Assert.Equal(3 + 1 + 1 + 1 + 2 + 3 + 3 + 1, g.EdgeCount);
        Assert.Equal(g.Relations.Sum(r => r.Bytes), g.EdgeBytes);
    }

    [Fact]
    public void Engaged_goes_by_the_rating_and_else_by_the_share()
    {
        var engaged = Engagement.Of(CsrGraph.Build(Export));
        Assert.Equal([0, 1], engaged.ItemsOf(0).ToArray()); // a: 40 % watched; b: 39 % watched, but rated 6
        Assert.Equal([1], engaged.ItemsOf(1).ToArray()); // c: 90 % watched, but rated below 6; b: rated, never watched
    }

    [Fact]
    public void Without_removes_the_named_edges_and_no_others()
    {
        var g = CsrGraph.Build(Export);
        var (u, a) = (new NodeRef(NodeKind.User, "u"), NodeRef.Drama("a"));
        var less = g.Without([
            (EdgeType.Watched, u, a), (EdgeType.HasGenre, a, new NodeRef(NodeKind.Genre, "Crime")),
            (EdgeType.Muted, new NodeRef(NodeKind.User, "v"), new NodeRef(NodeKind.Genre, "Crime")),
            (EdgeType.Rated, u, a), (EdgeType.Watched, u, NodeRef.Drama("unknown")),
        ]);
        Assert.Equal(g.EdgeCount - 3, less.EdgeCount);
        Assert.Equal([1], less[EdgeType.Watched].Targets(0).ToArray());
        Assert.Equal(.39, less[EdgeType.Watched].Value(0, 0));
        Assert.Equal([1], less[EdgeType.HasGenre].Targets(0).ToArray());
        Assert.Equal(0, less[EdgeType.Muted, NodeKind.Genre].EdgeCount);
        Assert.Same(g[EdgeType.ActedIn], less[EdgeType.ActedIn]);
        Assert.Equal([0, 1], g[EdgeType.Watched].Targets(0).ToArray()); // the first graph is as it was
    }

    [Theory]
    [InlineData(59.999, 0)]
    [InlineData(60, 1)]
    [InlineData(-0.001, -1)]
    public void Minutes_round_down(double seconds, int minutes) =>
        Assert.Equal(minutes, CsrGraph.ToMinutes(DateTimeOffset.UnixEpoch.AddSeconds(seconds)));
}
