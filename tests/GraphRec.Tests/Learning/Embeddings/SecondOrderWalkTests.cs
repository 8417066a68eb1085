using GraphRec.Core;
using GraphRec.Learning.Embeddings;
using MathNet.Numerics.Distributions;
using Xunit;

namespace GraphRec.Tests.Learning.Embeddings;

public sealed class SecondOrderWalkTests
{
    // A triangle 0-1-2 with a tail 2-3-4 and 1-4, so that there are neighbours at every distance: the return, joined, far.
    private static readonly EmbeddingGraph Graph = Graphs.Of(5, (0, 1), (0, 2), (1, 2), (2, 3), (3, 4), (1, 4));

    [Theory]
    [InlineData(1, 1)]
    [InlineData(0.25, 4)]
    [InlineData(4, 0.25)]
    [InlineData(0.05, 0.5)]
    [InlineData(10, 10)]
    public void Steps_are_distributed_as_the_paper_says(double p, double q)
    {
        // By (previous, current), how often each node was next.
        var counts = new int[5, 5, 5];
        Node2Vec.Walk(Graph, new Node2VecParameters { Return = p, InOut = q, WalksPerNode = 2000, WalkLength = 20 }, seed: 3, threads: 1, (_, nodes) =>
        {
            for (var n = 2; n < nodes.Length; n++) counts[nodes[n - 2], nodes[n - 1], nodes[n]]++;
        }, TestContext.Current.CancellationToken);
        var (statistic, freedom) = (0.0, 0);
        for (var previous = 0; previous < 5; previous++)
        {
            foreach (var current in Graph.Neighbours(previous))
            {
                var biases = Graph.Neighbours(current).ToArray().ToDictionary(next => next, next => next == previous ? 1 / p : Graph.Joined(previous, next) ? 1 : 1 / q);
                var all = Enumerable.Range(0, 5).Sum(next => counts[previous, current, next]);
                Assert.True(all > 1000);
                foreach (var (next, bias) in biases)
                {
                    var expected = all * bias / biases.Values.Sum();
                    statistic += Math.Pow(counts[previous, current, next] - expected, 2) / expected;
                }
                Assert.Equal(all, biases.Keys.Sum(next => counts[previous, current, next]));
                freedom += biases.Count - 1;
            }
        }
        // One draw with a fixed seed: it fails by chance never again, and of another distribution the statistic is in the thousands.
        Assert.InRange(statistic, ChiSquared.InvCDF(freedom, 0.001), ChiSquared.InvCDF(freedom, 0.999));
    }

    [Fact]
    public void A_metapath_is_followed_with_p_and_q_in_force()
    {
        // Dramas 2, 3, 4 of users 0, 1; person 5 in dramas 2 and 3, person 6 in drama 4; genre 7 of all, which no walk may visit.
        var graph = Graphs.Typed([("user", 2), ("drama", 3), ("person", 2), ("genre", 1)], (0, 2), (0, 3), (1, 3), (1, 4), (5, 2), (5, 3), (6, 4), (7, 2), (7, 3), (7, 4));
        string[] cycle = ["user", "drama", "person", "drama"];
        var starts = new List<int>();
        var parameters = new Node2VecParameters { Metapath = cycle, WalksPerNode = 200, WalkLength = 9, Return = 5, InOut = 0.5 };
        Node2Vec.Walk(graph, parameters, seed: 1, threads: 1, (_, nodes) =>
        {
            starts.Add(nodes[0]);
            var types = nodes.ToArray().Select(node => graph.Types[graph.TypeOf(node)].Name).ToArray();
            Assert.Contains(Enumerable.Range(0, 4), place => Enumerable.Range(0, types.Length).All(n => types[n] == cycle[(place + n) % 4]));
            for (var n = 1; n < nodes.Length; n++) Assert.True(graph.Joined(nodes[n - 1], nodes[n]));
            Assert.Equal(9, nodes.Length);
        }, TestContext.Current.CancellationToken);
        Assert.Equal([0, 1, 2, 3, 4, 5, 6], starts.Distinct().Order());
    }

    [Fact]
    public void A_walk_ends_where_nothing_follows()
    {
        var lengths = new Dictionary<int, int>();
        Node2Vec.Walk(Graphs.Of(3, (0, 1)), new Node2VecParameters { WalkLength = 5 }, 1, 1, (_, nodes) => lengths[nodes[0]] = nodes.Length, TestContext.Current.CancellationToken);
        Assert.Equal(5, lengths[0]);
        Assert.Equal(1, lengths[2]);
    }

    [Fact]
    public void Walks_do_not_depend_on_threads()
    {
        Assert.Equal(All(1), All(3));

        int[][] All(int threads)
        {
            var walks = new int[3000][];
            Node2Vec.Walk(Graph, new Node2VecParameters { WalksPerNode = 600, Return = 2, InOut = 3 }, 9, threads, (number, nodes) => walks[number] = nodes.ToArray(), TestContext.Current.CancellationToken);
            return walks;
        }
    }

    [Theory]
    [InlineData("ghost", "The graph has no nodes of type ghost; it has node.")]
    [InlineData("user,user", "No edge joins a user and a user")]
    public void A_metapath_that_does_not_fit_is_refused(string metapath, string message)
    {
        var graph = metapath == "ghost" ? Graph : Graphs.Typed([("user", 1), ("drama", 1)], (0, 1));
        var parameters = new Node2VecParameters { Metapath = metapath.Split(',') };
        var e = Assert.Throws<InvalidInputException>(() => Node2Vec.Fit(graph, parameters, 1, 1, cancel: TestContext.Current.CancellationToken));
        Assert.StartsWith(message, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parameters_out_of_range_are_refused()
    {
        Node2VecParameters[] wrong =
        [
            new() { Dimensions = 0 }, new() { Return = 0 }, new() { InOut = double.NaN }, new() { Negatives = 8 }, new() { Window = 0 },
            new() { WalkLength = 1 }, new() { LearningRate = 0 }, new() { Epochs = 0 }, new() { WalksPerNode = 0 }, new() { NoiseExponent = -1 },
        ];
        foreach (var parameters in wrong) Assert.Contains("; set it from ", Assert.Throws<InvalidInputException>(parameters.Checked).Message, StringComparison.Ordinal);
        Assert.Same(Default, Default.Checked());
    }

    private static Node2VecParameters Default { get; } = new();
}
