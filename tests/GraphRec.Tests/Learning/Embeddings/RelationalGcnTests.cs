using CsCheck;
using GraphRec.Core;
using GraphRec.Learning.Embeddings;
using Xunit;

namespace GraphRec.Tests.Learning.Embeddings;

public sealed class RelationalGcnTests
{
    private const int Width = 16;

    // Of the vectors of these tests the last number is for the length.
    private const int LengthAt = Width - 1;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>User 0 has dramas 1 and 2, of which 2 shares the person 4 with drama 3.</summary>
    [Fact]
    public void Layers_divide_by_the_roots_of_degrees_within_a_relation()
    {
        var graph = Graphs.Typed([("user", 1), ("drama", 3), ("person", 1)], (0, 1), (0, 2), (2, 4), (3, 4));
        var (learned, mean) = (new float[5 * Width], new float[5 * Width]);
        for (var node = 1; node < 5; node++) learned[node * Width] = node;
        var layers = new RelationLayers(graph, users: 0, layers: 1, Width, 1, Cancel);
        var root = Math.Sqrt(0.5);
        layers.Forward(learned, new bool[5], mean);
        Near([(1 + 2) * root / 2, 0.5, (2 + (4 * root)) / 2, (3 + (4 * root)) / 2, (4 + ((2 + 3) * root)) / 2], mean);
        // Drama 2 hidden: it has neither its own vector nor its user, but its person.
        layers.Forward(learned, [false, false, true, false, false], mean);
        Near([root / 2, 0.5, 4 * root / 2, (3 + (4 * root)) / 2, (4 + (3 * root)) / 2], mean);
    }

    /// <summary>⟨layers(x), g⟩ = ⟨x, backward(g)⟩ for all x and g: what a gradient led back through a linear map must satisfy.</summary>
    [Fact]
    public void Backward_is_the_transpose_of_forward() => Gen.Select(Gen.Int[0, 1000], Gen.Int[0, 4]).Sample((seed, count) =>
    {
        var (graph, random) = (Drawn(seed), new Random(seed));
        var layers = new RelationLayers(graph, 0, count, Width, 2, Cancel);
        var hidden = DrawnHidden(graph, random);
        var (x, g) = (DrawnValues(graph, random), DrawnValues(graph, random));
        var (mean, back) = (new float[x.Length], new float[x.Length]);
        layers.Forward(x, hidden, mean);
        layers.Backward(g, hidden, back);
        var expected = Dot(mean, g);
        Assert.Equal(expected, Dot(x, back), 1e-4 * (1 + Math.Abs(expected)));
    }, iter: 100);

    [Theory]
    [InlineData(true, 0.1)]
    [InlineData(false, 0.3)]
    public void Loss_and_gradient_are_those_of_the_obvious_version(bool ofHidden, double temperature) => Gen.Int[0, 1000].Sample(seed =>
    {
        const double weight = 0.7;
        var (graph, random) = (Drawn(seed), new Random(seed));
        var hidden = DrawnHidden(graph, random);
        int[] items = [.. Enumerable.Range(graph.Types[1].First, graph.Types[1].Ids.Count)];
        int[] candidates = [.. items.Where(item => item % 5 != 0)];
        int[] users = [.. Enumerable.Range(0, graph.Types[0].Ids.Count).Where(user => user % 4 != 0)];
        var (values, gradient) = (DrawnValues(graph, random), new float[graph.Count * Width]);
        foreach (var item in items) values[(item * Width) + LengthAt] = 0.4f;
        var loss = new HistoryLoss(graph, 1, Width, LengthAt, temperature);
        Assert.Equal(Obvious(), loss.Add(users, candidates, hidden, ofHidden, weight, values, gradient, 2, Cancel), 1e-4);
        const float step = 1f / 256;
        for (var n = 0; n < 12; n++)
        {
            var at = (items[random.Next(items.Length)] * Width) + random.Next(LengthAt);
            var kept = values[at];
            values[at] = kept + step;
            var (up, above) = (Obvious(), values[at]);
            values[at] = kept - step;
            var (down, below) = (Obvious(), values[at]);
            values[at] = kept;
            Assert.Equal((up - down) / ((double)above - below), gradient[at], 5e-4 + (1e-2 * Math.Abs(gradient[at])));
        }

        double Obvious()
        {
            var (sum, pairs) = (0.0, 0);
            foreach (var user in users)
            {
                int[] own = [.. graph.Neighbours(user, 1)];
                int[] known = [.. own.Where(item => !hidden[item])];
                if (known.Length == 0) continue;
                foreach (var item in own.Where(item => hidden[item] == ofHidden))
                {
                    var all = Math.Log(candidates.Sum(other => Math.Exp(Cosine(known, other) / temperature)));
                    sum += all - (Cosine(known.Length == 1 ? known : [.. known.Where(other => other != item)], item) / temperature);
                    pairs++;
                }
            }
            return pairs == 0 ? 0 : weight * sum / pairs;
        }

        double Cosine(int[] history, int item)
        {
            var h = new double[LengthAt];
            foreach (var other in history)
            {
                for (var k = 0; k < h.Length; k++) h[k] += values[(other * Width) + k] / Length(other);
            }
            var dot = h.Select((x, k) => x * values[(item * Width) + k]).Sum();
            return dot / Math.Sqrt(h.Sum(x => x * x)) / Length(item);
        }

        double Length(int item) => Math.Sqrt(Enumerable.Range(0, Width).Sum(k => (double)values[(item * Width) + k] * values[(item * Width) + k]));
    }, iter: 20);

    [Fact]
    public void What_nobody_has_watched_is_ranked_by_its_people()
    {
        var (graph, first) = (TwoTastes(), 40);
        var vectors = RelationalGcn.Fit(graph, Quick, 1, 2, cancel: Cancel);
        // Of dramas 40 to 79 those from 70 on have no viewer; even ones have even people, and even viewers like them.
        for (var user = 0; user < 40; user++)
        {
            var own = Enumerable.Range(first + 30, 10).Where(drama => drama % 2 == user % 2).Min(drama => Score(user, drama));
            var others = Enumerable.Range(first + 30, 10).Where(drama => drama % 2 != user % 2).Max(drama => Score(user, drama));
            Assert.True(own > others, $"user {user}: {own} and {others}");
        }

        double Score(int user, int drama) => Dot(vectors[user], vectors[drama]);
    }

    [Fact]
    public void A_viewer_is_the_mean_of_their_dramas_and_a_new_drama_what_its_facts_give()
    {
        var graph = TwoTastes();
        var vectors = RelationalGcn.Fit(graph, Quick, 1, 2, cancel: Cancel);
        for (var k = 0; k < vectors.Dimensions; k++)
            Assert.Equal(graph.Neighbours(0).ToArray().Average(drama => vectors[drama][k]), vectors[0][k], 1e-5);
        var induced = new float[vectors.Dimensions];
        RelationalGcn.Induce(vectors, Quick.Shrinkage, graph.Neighbours(75, 2), induced);
        Assert.Contains(induced, x => x != 0);
        for (var k = 0; k < induced.Length; k++) Assert.Equal(vectors[75][k], induced[k], 1e-5);
        // A drama of nothing that is known has no vector, and no length.
        RelationalGcn.Induce(vectors, Quick.Shrinkage, [], induced);
        Assert.All(induced, x => Assert.Equal(0, x));
    }

    [Fact]
    public void Any_number_of_threads_makes_the_same_bits()
    {
        var one = RelationalGcn.Fit(TwoTastes(), Quick with { Epochs = 2 }, 3, 1, cancel: Cancel).Table.ToArray();
        Assert.Equal(one, RelationalGcn.Fit(TwoTastes(), Quick with { Epochs = 2 }, 3, 3, cancel: Cancel).Table.ToArray());
        Assert.NotEqual(one, RelationalGcn.Fit(TwoTastes(), Quick with { Epochs = 2 }, 4, 3, cancel: Cancel).Table.ToArray());
    }

    [Fact]
    public void What_it_cannot_be_fitted_with_is_refused()
    {
        RelationalGcnParameters[] wrong = [new() { Dimensions = 0 }, new() { Layers = 0 }, new() { Hidden = 1 }, new() { Temperature = 0 }, new() { LearningRate = double.NaN }];
        foreach (var parameters in wrong) Assert.Throws<InvalidInputException>(parameters.Checked);
        var none = Graphs.Typed([("drama", 2), ("person", 1)], (0, 2), (1, 2));
        Assert.StartsWith("The graph has no nodes of type user", Refusal(none), StringComparison.Ordinal);
        var two = Graphs.Typed([("user", 1), ("drama", 1), ("person", 1)], (0, 1), (0, 2));
        Assert.StartsWith("Users are joined with 2 types of node", Refusal(two), StringComparison.Ordinal);

        static string Refusal(EmbeddingGraph graph) => Assert.Throws<InvalidInputException>(() => RelationalGcn.Fit(graph, Quick, 1, 1, cancel: Cancel)).Message;
    }

    private static RelationalGcnParameters Quick { get; } = new() { Dimensions = 12, Epochs = 10, Batch = 8 };

    /// <summary>40 users, 40 dramas and 20 people; users watch three dramas of their own parity among the first 30, and every drama has two people of its.</summary>
    private static EmbeddingGraph TwoTastes()
    {
        var random = new Random(5);
        List<(int, int)> edges = [];
        for (var user = 0; user < 40; user++)
        {
            for (var n = 0; n < 3; n++) edges.Add((user, 40 + (2 * random.Next(15)) + (user % 2)));
        }
        for (var drama = 0; drama < 40; drama++)
        {
            for (var n = 0; n < 2; n++) edges.Add((40 + drama, 80 + (2 * random.Next(10)) + (drama % 2)));
        }
        return Graphs.Typed([("user", 40), ("drama", 40), ("person", 20)], [.. edges]);
    }

    private static EmbeddingGraph Drawn(int seed)
    {
        var random = new Random(seed);
        List<(int, int)> edges = [];
        for (var n = 0; n < 40; n++) edges.Add((random.Next(8), 8 + random.Next(12)));
        for (var n = 0; n < 25; n++) edges.Add((8 + random.Next(12), 20 + random.Next(9)));
        for (var n = 0; n < 3; n++) edges.Add((8 + random.Next(12), 8 + random.Next(12)));
        return Graphs.Typed([("user", 8), ("drama", 12), ("person", 6), ("genre", 3)], [.. edges]);
    }

    private static bool[] DrawnHidden(EmbeddingGraph graph, Random random) => [.. Enumerable.Range(0, graph.Count).Select(node => graph.TypeOf(node) == 1 && random.Next(3) == 0)];

    private static float[] DrawnValues(EmbeddingGraph graph, Random random) => [.. Enumerable.Range(0, graph.Count * Width).Select(_ => random.NextSingle() - 0.5f)];

    private static double Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var sum = 0.0;
        for (var n = 0; n < a.Length; n++) sum += (double)a[n] * b[n];
        return sum;
    }

    /// <summary>The first number of each node's vector.</summary>
    private static void Near(double[] expected, float[] rows)
    {
        for (var node = 0; node < expected.Length; node++) Assert.Equal(expected[node], rows[node * Width], 1e-5);
    }
}
