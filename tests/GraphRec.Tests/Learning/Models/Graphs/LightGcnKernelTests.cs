using CsCheck;
using GraphRec.Learning.Evaluation;
using GraphRec.Learning.Models;
using GraphRec.Learning.Models.Graphs;
using GraphRec.Learning.Simulation;
using Xunit;

namespace GraphRec.Tests.Learning.Models.Graphs;

/// <summary>What LightGCN is fitted with: its layers, losses and steps.</summary>
public sealed class LightGcnKernelTests
{
    private const int Width = 16;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Users 0 and 1; items 0 and 1; user 0 has both, user 1 has item 1: weights 1/√2 (0-0), 1/2 (0-1) and 1/√2 (1-1).</summary>
    [Fact]
    public void Layers_are_sums_over_neighbours_divided_by_roots_of_degrees()
    {
        var train = InteractionMatrix.Of(2, 2, [0, 0, 1], [0, 1, 1]);
        var learned = NodeValues.Of(train, Width);
        (learned.Items[0], learned.Items[Width]) = (1, 2);
        (learned.Users[0], learned.Users[Width]) = (4, -2);
        var mean = NodeValues.Of(train, Width);
        var layers = new GraphLayers(train, 2, Width, 1, Cancel);
        var root = Math.Sqrt(0.5);

        layers.Forward(learned, hasUsers: false, mean);
        // Users only have layer 1; items have layers 0 and 2.
        var (u0, u1) = (root + 1, 2 * root);
        Near([u0 / 3, u1 / 3], [mean.Users[0], mean.Users[Width]]);
        Near([(1 + (u0 * root)) / 3, (2 + (u0 / 2) + (u1 * root)) / 3], [mean.Items[0], mean.Items[Width]]);

        layers.Forward(learned, hasUsers: true, mean);
        var (i0, i1) = (4 * root, 2 - (2 * root));
        Near([(4 + u0 + (i0 * root) + (i1 / 2)) / 3, (-2 + u1 + (i1 * root)) / 3], [mean.Users[0], mean.Users[Width]]);
        Near([(1 + i0 + (u0 * root)) / 3, (2 + i1 + (u0 / 2) + (u1 * root)) / 3], [mean.Items[0], mean.Items[Width]]);
    }

    /// <summary>⟨layers(x), g⟩ = ⟨x, backward(g)⟩ for all x and g: what a gradient led back through a linear map must satisfy.</summary>
    [Fact]
    public void Backward_is_the_transpose_of_forward() => Gen.Select(Gen.Int[0, 1000], Gen.Int[0, 4], Gen.Bool).Sample((seed, count, hasUsers) =>
    {
        var (train, random) = (Drawn(seed), new Random(seed));
        var layers = new GraphLayers(train, count, Width, 2, Cancel);
        var (x, g) = (DrawnValues(train, random), DrawnValues(train, random));
        var (mean, back) = (NodeValues.Of(train, Width), NodeValues.Of(train, Width));
        layers.Forward(x, hasUsers, mean);
        var expected = Dot(mean.Users, g.Users) + Dot(mean.Items, g.Items);
        layers.Backward(g, hasUsers, back);
        var actual = Dot(x.Items, back.Items) + (hasUsers ? Dot(x.Users, back.Users) : 0);
        Assert.Equal(expected, actual, 1e-4 * (1 + Math.Abs(expected)));
    }, iter: 100);

    [Theory]
    [InlineData(0.1, true)]
    [InlineData(0.5, true)]
    [InlineData(0.2, false)]
    public void Softmax_loss_and_gradient_are_those_of_the_obvious_version(double temperature, bool withoutItself) => Gen.Int[0, 1000].Sample(seed =>
    {
        var (train, random) = (Drawn(seed), new Random(seed));
        int[] users = [.. Enumerable.Range(0, train.Users.Count).Where(user => train.ItemsOf(user).Length > 0 && user % 3 != 0)];
        int[] candidates = [.. Enumerable.Range(0, train.Items.Count).Where(item => item % 4 != 1)];
        float[] logWeights = [.. candidates.Select(_ => -random.NextSingle())];
        var values = DrawnValues(train, random);
        var gradient = NodeValues.Of(train, Width);
        // A second batch through the same buffers shows that nothing of the first is left.
        var loss = new SoftmaxLoss(train, Width, temperature, withoutItself);
        loss.Add([users[0]], candidates, logWeights, values, gradient, 1, Cancel);
        gradient.Clear();
        var found = loss.Add(users, candidates, logWeights, values, gradient, 2, Cancel);
        Assert.Equal(Obvious(), found, 1e-4 * Math.Abs(found));
        CheckGradient(values, gradient, Obvious, random);

        double Obvious()
        {
            var (sum, pairs) = (0.0, 0);
            foreach (var user in users)
            {
                var all = 0.0;
                for (var n = 0; n < candidates.Length; n++) all += Math.Exp(logWeights[n] + (Cosine(user, candidates[n]) / temperature));
                foreach (var item in train.ItemsOf(user)) (sum, pairs) = (sum + Math.Log(all) - (WithoutItself(user, item) / temperature), pairs + 1);
            }
            return sum / pairs;
        }

        double Cosine(int user, int item) => LightGcnKernelTests.Cosine(values.Users, user, values.Items, item);

        double WithoutItself(int user, int item)
        {
            var part = !withoutItself || train.ItemsOf(user).Length == 1 ? 0 : 1 / Math.Sqrt(train.ItemsOf(user).Length * train.UsersOf(item).Length);
            var (dot, rest, own) = (0.0, 0.0, 0.0);
            for (var k = 0; k < Width; k++)
            {
                double v = values.Items[(item * Width) + k], r = values.Users[(user * Width) + k] - (part * v);
                (dot, rest, own) = (dot + (r * v), rest + (r * r), own + (v * v));
            }
            return dot / Math.Sqrt(rest * own);
        }
    }, iter: 20);

    [Fact]
    public void Bpr_loss_and_gradient_are_those_of_the_obvious_version() => Gen.Int[0, 1000].Sample(seed =>
    {
        var (train, random) = (Drawn(seed), new Random(seed));
        var values = DrawnValues(train, random);
        var gradient = NodeValues.Of(train, Width);
        int[] userOf = [.. Enumerable.Range(0, train.Users.Count).SelectMany(user => Enumerable.Repeat(user, train.ItemsOf(user).Length))];
        var triples = new Triple[12];
        BprLoss.Draw(train, userOf, new SimulationRandom(seed, 0), triples);
        foreach (var (user, item, other) in triples)
        {
            Assert.True(train.ItemsOf(user).Contains(item));
            Assert.True(!train.ItemsOf(user).Contains(other) || train.ItemsOf(user).Length == train.Items.Count);
        }
        Assert.Equal(Obvious(), BprLoss.Add(triples, Width, values, gradient), 1e-4);
        CheckGradient(values, gradient, Obvious, random);

        double Obvious() => triples.Average(t => Math.Log(1 + Math.Exp(Score(t.User, t.Other) - Score(t.User, t.Item))));

        double Score(int user, int item) => Dot(values.Users.AsSpan(user * Width, Width), values.Items.AsSpan(item * Width, Width));
    }, iter: 20);

    /// <summary>
    /// The contrastive loss with all its layers, led back to the learned vectors, against differences of the obvious version: no
    /// noise, since its signs count as constant.
    /// </summary>
    [Fact]
    public void Contrast_through_the_layers_has_the_gradient_of_the_obvious_version() => Gen.Select(Gen.Int[0, 1000], Gen.Bool).Sample((seed, hasUsers) =>
    {
        const double temperature = 0.3, weight = 0.7;
        var (train, random) = (Drawn(seed), new Random(seed));
        var layers = new GraphLayers(train, 3, Width, 1, Cancel);
        var contrast = new CrossLayerContrast(train, Width, temperature, noise: 0, seed, 2, Cancel);
        int[] users = [.. Enumerable.Range(0, train.Users.Count).Where(user => train.ItemsOf(user).Length > 0 && user % 3 != 0)];
        int[] items = [.. Enumerable.Range(0, train.Items.Count).Where(item => train.UsersOf(item).Length > 0 && item % 3 != 0)];
        var learned = DrawnValues(train, random);
        var (mean, gradient, slope) = (NodeValues.Of(train, Width), NodeValues.Of(train, Width), NodeValues.Of(train, Width));
        layers.Forward(learned, hasUsers, mean, contrast);
        Assert.Equal(Obvious(), contrast.Add(users, items, mean, gradient, weight), 1e-4);
        layers.Backward(gradient, hasUsers, slope, contrast.OfLayer);
        // Without learned vectors of users the loss does not depend on what stands in their place.
        if (!hasUsers) slope.Users.AsSpan().Clear();
        CheckGradient(learned, slope, Obvious, random);

        double Obvious()
        {
            var all = NodeValues.Of(train, Width);
            new GraphLayers(train, 3, Width, 1, Cancel).Forward(learned, hasUsers, all);
            var low = new Captured();
            new GraphLayers(train, 2, Width, 1, Cancel).Forward(learned, hasUsers: false, NodeValues.Of(train, Width), low);
            return weight * (Side(users, all.Users, low.Users) + Side(items, all.Items, low.Items));
        }

        double Side(int[] rows, float[] mean, float[] low) => rows.Average(a =>
            Math.Log(rows.Sum(b => Math.Exp(Cosine(mean, a, low, b) / temperature))) - (Cosine(mean, a, low, a) / temperature));
    }, iter: 20);

    [Fact]
    public void Noise_lengthens_every_number_by_a_drawn_part_of_its_row()
    {
        var train = Drawn(1);
        var values = DrawnValues(train, new Random(1)).Items;
        values.AsSpan(0, Width).Clear();
        var (one, two) = ((float[])values.Clone(), (float[])values.Clone());
        var contrast = new CrossLayerContrast(train, Width, 0.1, 0.2, seed: 5, 1, Cancel);
        contrast.Apply(2, ofItems: true, one);
        Assert.All(Enumerable.Range(0, values.Length), n => Assert.True(Math.Abs(one[n]) >= Math.Abs(values[n]) && Math.Sign(one[n]) == Math.Sign(values[n])));
        for (var row = 0; row < train.Items.Count; row++)
        {
            var shift = Enumerable.Range(row * Width, Width).Select(n => one[n] - values[n]).ToArray();
            Assert.Equal(0.2 * Math.Sqrt(Dot(values.AsSpan(row * Width, Width), values.AsSpan(row * Width, Width))), Math.Sqrt(Dot(shift, shift)), 1e-5);
        }
        // The same for other threads; not the same for the next layer.
        new CrossLayerContrast(train, Width, 0.1, 0.2, seed: 5, 3, Cancel).Apply(2, ofItems: true, two);
        Assert.Equal(one, two);
        var next = (float[])values.Clone();
        contrast.Apply(2, ofItems: true, next);
        Assert.NotEqual(one, next);
    }

    /// <summary>Layer 1 of users and layer 2 of items as they are made.</summary>
    private sealed class Captured : ILayerChange
    {
        public float[] Users { get; private set; } = [];

        public float[] Items { get; private set; } = [];

        public void Apply(int layer, bool ofItems, float[] values)
        {
            if (layer == 1 && !ofItems) Users = (float[])values.Clone();
            if (layer == 2 && ofItems) Items = (float[])values.Clone();
        }
    }

    [Fact]
    public void Of_the_learned_vectors_those_drawn_are_kept_short()
    {
        var train = Drawn(2);
        var (learned, gradient) = (DrawnValues(train, new Random(2)), NodeValues.Of(train, Width));
        BprLoss.Regularize([new Triple(1, 2, 3), new Triple(4, 2, 5)], Width, hasUsers: true, learned, gradient, 0.5);
        Assert.Equal(0.25f * learned.Users[Width], gradient.Users[Width], 1e-6f);
        Assert.Equal(0.5f * learned.Items[2 * Width], gradient.Items[2 * Width], 1e-6f);
        Assert.Equal(0.25f * learned.Items[5 * Width], gradient.Items[5 * Width], 1e-6f);
        Assert.Equal(0, gradient.Items[6 * Width]);
    }

    /// <summary>The first step is of the rate, against the sign of the gradient; the second is worked out by hand.</summary>
    [Fact]
    public void Adam_steps_as_by_hand()
    {
        var adam = new Adam(Width);
        float[] values = new float[Width], gradient = new float[Width];
        (values[0], gradient[0], gradient[1]) = (5, 0.5f, -20);
        adam.Step(values, gradient, 0.1, 0, 1, Cancel);
        Near([4.9, 0.1], values.AsSpan(0, 2).ToArray());
        // Regularised by 0.1: the slope is −0.99 + 0.1 · 4.9 = −0.5. m = 0.9 · 0.05 − 0.05 = −0.005; v = 0.999 · 0.00025 + 0.00025.
        gradient[0] = -0.99f;
        adam.Step(values, gradient, 0.1, 0.1, 1, Cancel);
        var step = 0.1 * (-0.005 / 0.19) / Math.Sqrt(0.00049975 / 0.001999);
        Assert.Equal(4.9 - step, values[0], 1e-5);
        Assert.Equal(0, values[2]);
    }

    [Fact]
    public void Of_more_items_than_are_wanted_so_many_are_drawn_by_popularity()
    {
        // Items 0, 1 and 2 have 1, 2 and 7 users.
        var train = InteractionMatrix.Of(10, 3, [.. Enumerable.Range(0, 10)], [0, 1, 1, 2, 2, 2, 2, 2, 2, 2]);
        var all = new CandidateDraw(train, 1, 3).Next(new SimulationRandom(1, 0));
        Assert.Equal([0, 1, 2], all.Items);
        Near([1 / 7.0, 2 / 7.0, 1], [.. all.LogWeights.Select(MathF.Exp)]);
        var draw = new CandidateDraw(train, 1, 2);
        var (random, sums) = (new SimulationRandom(2, 0), new double[3]);
        for (var n = 0; n < 20_000; n++)
        {
            var (items, logWeights) = draw.Next(random);
            for (var k = 0; k < items.Length; k++) sums[items[k]] += Math.Exp(logWeights[k]);
        }
        // Five standard deviations of a share of 40,000 draws are at most 0.0125.
        double[] expected = [0.1, 0.2, 0.7];
        for (var item = 0; item < 3; item++) Assert.Equal(expected[item], sums[item] / 20_000, 0.0125);
    }

    /// <summary>Some numbers of the gradient against differences of the loss in double arithmetic.</summary>
    private static void CheckGradient(NodeValues values, NodeValues gradient, Func<double> loss, Random random)
    {
        const float step = 1.0f / 256;
        for (var n = 0; n < 12; n++)
        {
            var (side, slopes) = n % 2 == 0 ? (values.Users, gradient.Users) : (values.Items, gradient.Items);
            var at = random.Next(side.Length);
            var kept = side[at];
            side[at] = kept + step;
            var (up, above) = (loss(), side[at]);
            side[at] = kept - step;
            var (down, below) = (loss(), side[at]);
            side[at] = kept;
            Assert.Equal((up - down) / ((double)above - below), slopes[at], 2e-4 + (1e-2 * Math.Abs(slopes[at])));
        }
    }

    private static InteractionMatrix Drawn(int seed)
    {
        var random = new Random(seed);
        var pairs = Enumerable.Range(0, 60).Select(_ => (User: random.Next(9), Item: random.Next(14))).ToArray();
        return InteractionMatrix.Of(10, 15, [.. pairs.Select(p => p.User)], [.. pairs.Select(p => p.Item)]);
    }

    private static NodeValues DrawnValues(InteractionMatrix train, Random random)
    {
        var values = NodeValues.Of(train, Width);
        foreach (ref var value in values.Users.AsSpan()) value = random.NextSingle() - 0.5f;
        foreach (ref var value in values.Items.AsSpan()) value = random.NextSingle() - 0.5f;
        return values;
    }

    private static double Cosine(float[] some, int a, float[] others, int b)
    {
        var u = some.AsSpan(a * Width, Width);
        var v = others.AsSpan(b * Width, Width);
        return Dot(u, v) / Math.Sqrt(Dot(u, u) * Dot(v, v));
    }

    internal static double Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var sum = 0.0;
        for (var n = 0; n < a.Length; n++) sum += (double)a[n] * b[n];
        return sum;
    }

    private static void Near(double[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var n = 0; n < expected.Length; n++) Assert.Equal(expected[n], actual[n], 1e-5);
    }
}
