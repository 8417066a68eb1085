using CsCheck;
using GraphRec.Core;
using GraphRec.Learning.Embeddings;
using GraphRec.Learning.Models.Factors;
using Xunit;

namespace GraphRec.Tests.Learning.Embeddings;

public sealed class SkipGramTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(16, 2)]
    [InlineData(48, 6)]
    [InlineData(128, 6)]
    [InlineData(128, 8)]
    public unsafe void A_step_goes_along_the_gradient_by_finite_differences(int dimensions, int targetCount)
    {
        var table = Random(targetCount + 1, dimensions, 5);
        var before = table.ToArray();
        const float rate = 1e-3f;
        Step(table, [.. Enumerable.Range(1, targetCount)], rate);
        var after = table.ToArray();
        for (var at = 0; at < before.Length; at += 7)
        {
            double[] up = [.. before.Select(x => (double)x)], down = [.. up];
            up[at] += 1e-5;
            down[at] -= 1e-5;
            var gradient = (Objective(up, dimensions, targetCount) - Objective(down, dimensions, targetCount)) / 2e-5;
            Assert.Equal(gradient, (after[at] - before[at]) / rate, 1e-3);
        }
    }

    [Fact]
    public void A_step_of_one_number_is_that_worked_out_by_hand()
    {
        // u = 2, c = 1, n = −1: σ(2) = 0.880797, σ(−2) = 0.119203, so that the pulls are ±0.119203 · 0.5.
        var table = FactorTable.Of([2, 1, -1], 1);
        Step(table, [1, 2], 0.5f);
        Assert.Equal(2 + (0.0596015f * 1) + (-0.0596015f * -1), table[0][0], 1e-6f);
        Assert.Equal(1 + (0.0596015f * 2), table[1][0], 1e-6f);
        Assert.Equal(-1 - (0.0596015f * 2), table[2][0], 1e-6f);
        Assert.All(table[0][1..].ToArray(), x => Assert.Equal(0, x));
    }

    [Fact]
    public void The_unrolled_step_equals_the_general_one_bit_by_bit() =>
        Gen.Select(Gen.Int[1, 3], Gen.Int[1, 5].Array[5], Gen.Float[-4, 4]).Sample((blocks, negatives, scale) =>
        {
            // Negatives may be drawn twice, or be the context.
            int[] targets = [1, .. negatives];
            var (one, other) = (Random(6, 16 * blocks, 3), Random(6, 16 * blocks, 3));
            foreach (var table in new[] { one, other })
            {
                foreach (ref var x in table[0]) x *= scale;
            }
            Step(one, targets, 0.1f);
            StepAny(other, targets, 0.1f);
            Assert.Equal(one.ToArray(), other.ToArray());
        }, iter: 300);

    [Fact]
    public void A_negative_that_is_the_context_does_nothing()
    {
        var (with, without) = (Random(3, 32, 1), Random(3, 32, 1));
        Step(with, [1, 2, 1], 0.1f);
        Step(without, [1, 2], 0.1f);
        Assert.Equal(without.ToArray(), with.ToArray());
    }

    [Fact]
    public void Far_sums_neither_overflow_nor_stop()
    {
        var table = FactorTable.Of([1000, 1000, 1000], 1);
        Step(table, [1, 2], 0.1f);
        Assert.Equal([1000 - 100, 1000, 1000 - 100], table.ToArray());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Any_number_of_threads_fits_the_same_bits(int partCount)
    {
        var (graph, _, _) = Graphs.Circles(4, 25, seed: 2);
        var one = Fit(1);
        Assert.Equal(one, Fit(2));
        Assert.Equal(one, Fit(3));
        Assert.Equal(one, Fit(2));

        float[] Fit(int threads) => new SkipGram(graph, Small, 7, threads, Cancel, partCount).Run(null, Cancel).ToArray();
    }

    [Fact]
    public void Another_seed_fits_other_bits()
    {
        var (graph, _, _) = Graphs.Circles(2, 20, seed: 2);
        Assert.NotEqual(Node2Vec.Fit(graph, Small, 1, 2, cancel: Cancel).Table.ToArray(), Node2Vec.Fit(graph, Small, 2, 2, cancel: Cancel).Table.ToArray());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(6)]
    public void Links_are_told_as_well_as_by_a_slow_reference(int partCount)
    {
        var (graph, held, others) = Graphs.Circles(10, 30, seed: 4);
        var parameters = new Node2VecParameters { Dimensions = 32, WalksPerNode = 6, WalkLength = 30, Window = 4 };
        var fast = new NodeVectors(graph.Types, new SkipGram(graph, parameters, 1, 2, Cancel, partCount).Run(null, Cancel));
        var slow = SlowNode2Vec.Fit(graph, parameters, seed: 1);
        var (ours, reference) = (Graphs.Auc(held, others, (a, b) => fast.Cosine(a, b)), Graphs.Auc(held, others, (a, b) => SlowNode2Vec.Cosine(slow[a], slow[b])));
        Assert.True(reference > 0.75, $"the reference reaches {reference}");
        Assert.True(ours > reference - 0.015, $"{ours}, and the reference {reference}");
    }

    [Fact]
    public void Nodes_that_no_walk_passes_have_zeros()
    {
        var vectors = Node2Vec.Fit(Graphs.Of(4, (0, 1), (1, 2)), Small, 1, 2, cancel: Cancel);
        Assert.All(vectors[3].ToArray(), x => Assert.Equal(0, x));
        for (var node = 0; node < 3; node++) Assert.Contains(vectors[node].ToArray(), x => x != 0);
        Assert.Equal(0, vectors.Cosine(0, 3));
    }

    [Fact]
    public void Fitting_stops_when_told_and_says_how_far_it_is()
    {
        var (graph, _, _) = Graphs.Circles(4, 25, seed: 2);
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => Node2Vec.Fit(graph, Small, 1, 2, cancel: cancelled.Token));
        var told = new Shares();
        Node2Vec.Fit(graph, Small, 1, 2, told, Cancel);
        Assert.Equal(told.Values.Order(), told.Values);
        Assert.Equal((0, 1), (told.Values[0], told.Values[^1]));
    }

    [Fact]
    public void A_graph_without_edges_is_refused() =>
        Assert.StartsWith("The graph has no edges", Assert.Throws<InvalidInputException>(() => Node2Vec.Fit(Graphs.Of(3), Small, 1, 1, cancel: Cancel)).Message, StringComparison.Ordinal);

    [Fact]
    public void Negatives_come_in_proportion_to_their_weights_and_from_their_part()
    {
        var noise = new PartNoise([0, 3, 5], [1, 2, 5, 0, 4]);
        var counts = new int[5];
        var random = new RandomStream(8);
        for (var n = 0; n < 80_000; n++)
        {
            counts[noise.Draw(0, ref random)]++;
            counts[3 + noise.Draw(1, ref random)]++;
        }
        Assert.Equal(10_000, counts[0], 400.0);
        Assert.Equal(20_000, counts[1], 500.0);
        Assert.Equal(50_000, counts[2], 600.0);
        Assert.Equal([0, 80_000], counts[3..]);
    }

    [Fact]
    public void Parts_are_of_one_size_and_nearly_one_degree()
    {
        var (graph, _, _) = Graphs.Circles(5, 40, seed: 3);
        var parts = NodePartitions.Of(graph, 7, seed: 1);
        var degrees = new int[7];
        for (var node = 0; node < graph.Count; node++) degrees[parts.Place(node) >> 16] += graph.Degree(node);
        Assert.InRange(degrees.Max() - degrees.Min(), 0, 0.1 * degrees.Average());
        for (var part = 0; part < 7; part++) Assert.InRange(parts.Starts[part + 1] - parts.Starts[part], 200 / 7, (200 / 7) + 1);
        Assert.Equal(Enumerable.Range(0, 200), Enumerable.Range(0, 200).Select(parts.Row).Order());
    }

    private static Node2VecParameters Small { get; } = new() { Dimensions = 20, WalksPerNode = 2, WalkLength = 20, Window = 5 };

    private static FactorTable Random(int count, int dimensions, int seed)
    {
        var table = new FactorTable(count, dimensions);
        table.Draw(seed, 0.5, 1, Cancel);
        return table;
    }

    private static unsafe void Step(FactorTable table, int[] targets, float rate)
    {
        var rows = stackalloc float*[SkipGramKernel.MaxTargets];
        for (var n = 0; n < targets.Length; n++) rows[n] = table.Row(targets[n]);
        SkipGramKernel.Step(table.Row(0), rows, targets.Length, table.Stride, rate);
        GC.KeepAlive(table);
    }

    private static unsafe void StepAny(FactorTable table, int[] targets, float rate)
    {
        var rows = stackalloc float*[SkipGramKernel.MaxTargets];
        for (var n = 0; n < targets.Length; n++) rows[n] = table.Row(targets[n]);
        SkipGramKernel.StepAny(table.Row(0), rows, targets.Length, table.Stride, rate);
        GC.KeepAlive(table);
    }

    /// <summary>ln σ(u·c) + Σ ln σ(−u·n) of the first vector and those that follow.</summary>
    private static double Objective(double[] values, int dimensions, int targetCount)
    {
        var sum = 0.0;
        for (var n = 1; n <= targetCount; n++)
        {
            var dot = Enumerable.Range(0, dimensions).Sum(k => values[k] * values[(n * dimensions) + k]);
            sum -= Math.Log(1 + Math.Exp(n == 1 ? -dot : dot));
        }
        return sum;
    }

    private sealed class Shares : IProgress<double>
    {
        public List<double> Values { get; } = [];

        public void Report(double value) => Values.Add(value);
    }
}
