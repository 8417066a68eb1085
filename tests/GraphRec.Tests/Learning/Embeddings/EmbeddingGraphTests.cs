using CsCheck;
using GraphRec.Core;
using GraphRec.Graph;
using GraphRec.Learning.Embeddings;
using GraphRec.Learning.Evaluation;
using GraphRec.Tests.Graph;
using Xunit;

namespace GraphRec.Tests.Learning.Embeddings;

public sealed class EmbeddingGraphTests
{
    [Fact]
    public void A_matrix_gives_users_then_items()
    {
        // User 0 has items 1 and 2, user 1 item 1; nobody has item 0.
        var graph = EmbeddingGraph.Of(InteractionMatrix.Of(2, 3, [0, 0, 1], [1, 2, 1]));
        Assert.Equal(["user", "item"], graph.Types.Select(type => type.Name));
        Assert.Equal((5, 6), (graph.Count, graph.ArcCount));
        Assert.Equal([3, 4], graph.Neighbours(0).ToArray());
        Assert.Equal([3], graph.Neighbours(1).ToArray());
        Assert.Empty(graph.Neighbours(2).ToArray());
        Assert.Equal([0, 1], graph.Neighbours(3).ToArray());
        Assert.Equal([0], graph.Neighbours(4).ToArray());
        Assert.True(graph.Joined(4, 0));
        Assert.False(graph.Joined(4, 1));
        Assert.False(graph.Joined(0, 1));
        Assert.Equal((0, 1), (graph.TypeOf(1), graph.TypeOf(2)));
    }

    [Fact]
    public void A_snapshot_gives_viewers_dramas_people_genres_and_tags()
    {
        var graph = EmbeddingGraph.Of(new GraphSnapshot(Sample.Export(
            [Sample.Drama("a") with { Genres = ["Romance"], Tags = ["chef"], Networks = ["tvN"] }, Sample.Drama("b") with { Genres = ["Romance"], Follows = "a" }],
            [new Credit("a", "kim", CreditRole.Actor, 1), new Credit("a", "kim", CreditRole.Writer, 1), new Credit("b", "lee", CreditRole.Director, 1)],
            [Sample.Watched("u", "a"), Sample.Watched("u", "b", 0.1), Sample.Rated("v", "b", 9)])));
        Assert.Equal(["user", "drama", "person", "genre", "tag"], graph.Types.Select(type => type.Name));
        string Name(int node) => graph.Types[graph.TypeOf(node)].Ids[node - graph.Types[graph.TypeOf(node)].First];
        var edges = Enumerable.Range(0, graph.Count).SelectMany(node => graph.Neighbours(node).ToArray().Where(other => other > node).Select(other => $"{Name(node)}-{Name(other)}"));
        Assert.Equal(["u-a", "v-b", "a-b", "a-kim", "a-Romance", "a-chef", "b-lee", "b-Romance"], edges);
    }

    [Fact]
    public void Rows_are_what_a_slow_version_makes_of_the_edges() =>
        Gen.Select(Gen.Int[1, 4], Gen.Int[1, 4], Gen.Int[0, 7], Gen.Int[0, 7]).SelectMany(sizes =>
            Gen.Select(Gen.Int[0, sizes.Item1 + sizes.Item2 - 1], Gen.Int[0, sizes.Item1 + sizes.Item2 - 1]).Array[0, 30].Select(edges => (sizes, edges))).Sample(given =>
        {
            var (first, second) = (given.sizes.Item1, given.sizes.Item2);
            var graph = Graphs.Typed([("x", first), ("y", second)], given.edges);
            for (var a = 0; a < graph.Count; a++)
            {
                int[] expected = [.. given.edges.SelectMany(e => new[] { e, (e.Item2, e.Item1) }).Where(e => e.Item1 == a && e.Item2 != a).Select(e => e.Item2).Distinct().Order()];
                Assert.Equal(expected, graph.Neighbours(a).ToArray());
                Assert.Equal(expected.Where(b => b >= first), graph.Neighbours(a, 1).ToArray());
                Assert.Equal(expected.Where(b => b < first), graph.Neighbours(a, 0).ToArray());
                for (var b = 0; b < graph.Count; b++) Assert.Equal(expected.Contains(b), graph.Joined(a, b));
            }
        }, iter: 200);

    [Fact]
    public void A_wrong_edge_is_refused()
    {
        var e = Assert.Throws<InvalidInputException>(() => Graphs.Of(3, (0, 1), (2, 3)));
        Assert.Equal("Edge 1 joins 2 and 3, but nodes are numbered from 0 to 2.", e.Message);
        Assert.Throws<InvalidInputException>(() => EmbeddingGraph.Of([("a", [])], [1], []));
        Assert.Throws<InvalidInputException>(() => EmbeddingGraph.Of([("a", []), ("a", [])], [], []));
    }

    [Fact]
    public void The_hash_tells_graphs_apart()
    {
        Assert.Equal(Graphs.Of(3, (0, 1)).Hash(), Graphs.Of(3, (1, 0), (0, 1)).Hash());
        Assert.NotEqual(Graphs.Of(3, (0, 1)).Hash(), Graphs.Of(3, (0, 2)).Hash());
        Assert.NotEqual(Graphs.Of(3, (0, 1)).Hash(), Graphs.Of(4, (0, 1)).Hash());
    }
}
