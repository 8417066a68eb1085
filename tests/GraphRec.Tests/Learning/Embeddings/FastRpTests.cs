using GraphRec.Core;
using GraphRec.Learning.Embeddings;
using Xunit;

namespace GraphRec.Tests.Learning.Embeddings;

public sealed class FastRpTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void The_powers_of_a_star_are_those_worked_out_by_hand()
    {
        // A centre 0 with leaves 1, 2, 3. One step: a leaf has the centre's direction, the centre the mean of the leaves'; two
        // steps: the other way round. So leaves equal each other, and with the weights (w, 0) and (0, w) centre and leaf change places.
        var graph = Graphs.Of(4, (0, 1), (0, 2), (0, 3));
        var (one, two) = (Fit(graph, [2, 0]), Fit(graph, [0, 2]));
        for (var leaf = 2; leaf < 4; leaf++)
        {
            Assert.Equal(one[1].ToArray(), one[leaf].ToArray());
            Assert.Equal(two[1].ToArray(), two[leaf].ToArray());
        }
        Close(one[0].ToArray(), two[1].ToArray());
        Close(one[1].ToArray(), two[0].ToArray());
        Assert.Equal(2, Math.Sqrt(one[0].ToArray().Sum(x => x * x)), 1e-5);
        Assert.Equal(2, Math.Sqrt(one[1].ToArray().Sum(x => x * x)), 1e-5);
        // Every number drawn is 0 or one of two that differ in their sign.
        Assert.Single(one[1].ToArray().Where(x => x != 0).Select(Math.Abs).Distinct());
        var sum = Fit(graph, [2, 2]);
        for (var k = 0; k < 64; k++) Assert.Equal(one[0][k] + two[0][k], sum[0][k], 1e-6);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0.5)]
    public void Degrees_weigh_the_draws(double exponent)
    {
        // Node 0 is next to 1 (degree 4) and 2 (degree 2), node 3 to 1 alone and 6 to 2 alone: they show the signs of both draws.
        var graph = Graphs.Of(7, (0, 1), (0, 2), (1, 3), (1, 4), (1, 5), (2, 6));
        var vectors = FastRp.Fit(graph, new FastRpParameters { Weights = [1], DegreeExponent = exponent }, 1, 1, Cancel);
        var sum = new double[128];
        for (var k = 0; k < sum.Length; k++) sum[k] = (Math.Pow(4, exponent) * Math.Sign(vectors[3][k])) + (Math.Pow(2, exponent) * Math.Sign(vectors[6][k]));
        var length = Math.Sqrt(sum.Sum(x => x * x));
        Close([.. sum.Select(x => (float)(x / length))], vectors[0].ToArray());
    }

    [Fact]
    public void Any_number_of_threads_makes_the_same_bits()
    {
        var (graph, _, _) = Graphs.Circles(10, 30, seed: 1);
        var one = FastRp.Fit(graph, new FastRpParameters(), 3, 1, Cancel).Table.ToArray();
        Assert.Equal(one, FastRp.Fit(graph, new FastRpParameters(), 3, 2, Cancel).Table.ToArray());
        Assert.NotEqual(one, FastRp.Fit(graph, new FastRpParameters(), 4, 2, Cancel).Table.ToArray());
    }

    [Fact]
    public void Links_are_told()
    {
        var (graph, held, others) = Graphs.Circles(10, 30, seed: 4);
        var vectors = FastRp.Fit(graph, new FastRpParameters { Weights = [0, 1, 1] }, 1, 2, Cancel);
        Assert.True(Graphs.Auc(held, others, (a, b) => vectors.Cosine(a, b)) > 0.7);
    }

    [Fact]
    public void Parameters_out_of_range_are_refused()
    {
        FastRpParameters[] wrong = [new() { Dimensions = 0 }, new() { Weights = [] }, new() { Weights = [0, 0] }, new() { Weights = [double.NaN] }, new() { DegreeExponent = 3 }];
        foreach (var parameters in wrong) Assert.Throws<InvalidInputException>(parameters.Checked);
    }

    private static NodeVectors Fit(EmbeddingGraph graph, double[] weights) =>
        FastRp.Fit(graph, new FastRpParameters { Dimensions = 64, Weights = weights, DegreeExponent = 0 }, 5, 2, Cancel);

    private static void Close(float[] expected, float[] actual)
    {
        for (var k = 0; k < expected.Length; k++) Assert.Equal(expected[k], actual[k], 1e-5f);
    }
}
