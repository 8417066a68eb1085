using CsCheck;
using GraphRec.Graph;
using GraphRec.Graph.Kernels;
using Xunit;

namespace GraphRec.Tests.Graph;

public sealed class ThreeHopWalkTests
{
    private static readonly Gen<WalkParameters> Parameters =
        Gen.Select(Gen.Float[0, 1.5f], Gen.Float[0, 1.5f], Gen.OneOf(Gen.Const(0f), Gen.Float[0, 1]), Gen.Float[0, 1])
            .Select((alpha, item, beta, seed) => new WalkParameters(alpha, item, beta, seed));

    [Fact]
    public void Tiny_graph_has_the_expected_value_on_every_node()
    {
        // Degrees: users 2, 3, 1; dramas 2, 2, 2, 0. From drama 0: half to each of users 0 and 1, who spread over 2 and 3.
        var scores = Score(Sample.Tiny, new WalkParameters(), new WeightedItem(0, 1));
        Near([5f / 12, 5f / 12, 2f / 12, 0], scores);
        Assert.Equal(1, scores.Sum(), 1e-6f);
    }

    [Fact]
    public void Each_exponent_acts_on_its_own_hop()
    {
        var seed = new WeightedItem(0, 1);
        Near([2, 2, 1, 0], Score(Sample.Tiny, new WalkParameters(0, 0, 0), seed)); // paths
        Near([1, 1, .5f, 0], Score(Sample.Tiny, new WalkParameters(0, 1, 0), seed)); // paths / deg(drama 0)
        Near([5f / 6, 5f / 6, 1f / 3, 0], Score(Sample.Tiny, new WalkParameters(1, 0, 0), seed)); // paths / deg(user)
        Near([1, 1, .5f, 0], Score(Sample.Tiny, new WalkParameters(0, 0, 1), seed)); // paths / deg(destination)
    }

    [Fact]
    public void Negative_seeds_take_score_away_and_scores_add_to_what_is_there()
    {
        var scores = new ScoreAccumulator(4);
        scores.Add(3, 7);
        ThreeHopWalk.Score(Sample.Tiny, [new WeightedItem(0, 1), new WeightedItem(1, -1)], new WalkParameters(), scores);
        Near([0, 0, 0, 7], Dense(scores));
        ThreeHopWalk.Score(Sample.Tiny, [new WeightedItem(2, -6)], new WalkParameters(), scores);
        Near([-1, -1, -4, 7], Dense(scores));
    }

    [Fact]
    public void Score_equals_the_obvious_version() =>
        Gen.Select(Sample.Relations, Parameters, Gen.Select(Gen.Int[0, 1000], Gen.Float[-2, 2]).Array[0, 8]).Sample((g, p, drawn) =>
        {
            var seeds = drawn.Select(s => new WeightedItem(s.Item1 % g.ItemCount, s.Item2)).ToArray();
            var expected = new double[g.ItemCount];
            var magnitude = new double[g.ItemCount]; // seeds of both signs cancel: the error is relative to what was added
            foreach (var s in seeds)
            {
                for (var b = 0; b < g.ItemCount; b++)
                {
                    expected[b] += s.Weight * Walk(g, s.Item, b, p);
                    magnitude[b] += Math.Abs(s.Weight) * Walk(g, s.Item, b, p);
                }
            }
            var actual = Score(g, p, seeds);
            for (var b = 0; b < g.ItemCount; b++) Assert.Equal(expected[b], actual[b], 1e-6 + (1e-5 * magnitude[b]));
        });

    [Fact]
    public void Contributions_of_the_seeds_sum_to_the_score() =>
        Gen.Select(Sample.Relations, Parameters, Gen.Select(Gen.Int[0, 1000], Gen.Float[0, 2]).Array[1, 8]).Sample((g, p, drawn) =>
        {
            var seeds = drawn.Select(s => new WeightedItem(s.Item1 % g.ItemCount, s.Item2)).ToArray();
            var weights = new WalkWeights(g, p);
            var scores = Score(g, p, seeds);
            for (var b = 0; b < g.ItemCount; b++)
            {
                var sum = seeds.Sum(s => (double)s.Weight * ThreeHopWalk.Contribution(g, s.Item, b, weights));
                Assert.Equal(sum, scores[b], 1e-6 + (1e-5 * sum));
            }
        });

    [Fact]
    public void Index_rows_are_the_largest_entries_of_W() =>
        Gen.Select(Sample.Relations, Parameters, Gen.Int[0, 10]).Sample((g, p, k) =>
        {
            var index = Index(g, p, k, 1);
            for (var a = 0; a < g.ItemCount; a++)
            {
                var row = Enumerable.Range(0, g.ItemCount).Select(b => b == a ? 0 : Walk(g, a, b, p)).ToArray();
                CheckTop(row, index.Of(a), index.Scores(a), k);
                for (var i = 0; i < index.Of(a).Length; i++)
                {
                    var common = g.UsersOf(a).ToArray().Intersect(g.UsersOf(index.Of(a)[i]).ToArray()).Count();
                    Assert.Equal(common, index.Counts(a)[i]);
                }
            }
        });

    [Fact]
    public void All_users_get_their_best_unseen_items() =>
        Gen.Select(Sample.Relations, Parameters, Gen.Int[0, 10]).Sample((g, p, k) =>
        {
            var called = new int[g.UserCount];
            ThreeHopWalk.ScoreAllUsers(g, p, k, 1, (user, items, scores) =>
            {
                called[user]++;
                var expected = new double[g.ItemCount];
                foreach (var a in g.ItemsOf(user))
                    for (var b = 0; b < g.ItemCount; b++) expected[b] += Math.Pow(g.UserDegree(user), -(double)p.SeedAlpha) * Walk(g, a, b, p);
                foreach (var a in g.ItemsOf(user)) expected[a] = 0;
                CheckTop(expected, items, scores, k);
            });
            Assert.All(called, n => Assert.Equal(1, n));
        });

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void Threads_do_not_change_a_bit(int threads)
    {
        var g = Sample.Large(2);
        var p = new WalkParameters(.925f, .9f, .15f);
        var (lists, others) = (AllUsers(g, p, 1), AllUsers(g, p, threads));
        for (var u = 0; u < g.UserCount; u++)
        {
            Assert.Equal(lists[u].Items, others[u].Items);
            Assert.Equal(lists[u].Scores, others[u].Scores);
        }
        var (one, many) = (Index(g, p, 30, 1), Index(g, p, 30, threads));
        for (var a = 0; a < g.ItemCount; a++)
        {
            Assert.Equal(one.Of(a).ToArray(), many.Of(a).ToArray());
            Assert.Equal(one.Scores(a).ToArray(), many.Scores(a).ToArray());
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Cancelling_stops_between_users(int threads)
    {
        using var source = new CancellationTokenSource();
        var calls = 0;
        Assert.ThrowsAny<OperationCanceledException>(() => ThreeHopWalk.ScoreAllUsers(
            Sample.Large(3), new WalkParameters(), 5, threads,
            (_, _, _) =>
            {
                Interlocked.Increment(ref calls);
                source.Cancel();
            },
            source.Token));
        Assert.InRange(calls, 1, 699);
    }

    private static ItemNeighbours Index(Bipartite g, WalkParameters p, int k, int threads) => ThreeHopWalk.BuildIndex(g, p, k, threads);

    private static (int[] Items, float[] Scores)[] AllUsers(Bipartite g, WalkParameters p, int threads)
    {
        var lists = new (int[], float[])[g.UserCount];
        ThreeHopWalk.ScoreAllUsers(g, p, 20, threads, (user, items, scores) => lists[user] = (items.ToArray(), scores.ToArray()));
        Assert.Contains(lists, l => l.Item1.Length == 20);
        return lists;
    }

    /// <summary>W(a,b) from its definition, in double.</summary>
    private static double Walk(Bipartite g, int a, int b, WalkParameters p)
    {
        var sum = 0.0;
        foreach (var v in g.UsersOf(a))
            if (g.ItemsOf(v).Contains(b)) sum += Math.Pow(g.ItemDegree(a), -(double)p.ItemAlpha) * Math.Pow(g.UserDegree(v), -(double)p.Alpha);
        return sum == 0 ? 0 : sum * Math.Pow(g.ItemDegree(b), -(double)p.Beta);
    }

    /// <summary>That a list is the best of the expected positive scores, where float may order near-equal ones either way.</summary>
    private static void CheckTop(double[] expected, ReadOnlySpan<int> items, ReadOnlySpan<float> scores, int k)
    {
        Assert.Equal(Math.Min(k, expected.Count(e => e > 0)), items.Length);
        for (var i = 0; i < items.Length; i++)
        {
            Assert.Equal(expected[items[i]], scores[i], 1e-5 * expected[items[i]]);
            if (i > 0) Assert.True(scores[i - 1] > scores[i] || (scores[i - 1] == scores[i] && items[i - 1] < items[i]));
        }
        if (items.Length == 0) return;
        var listed = items.ToArray().ToHashSet();
        Assert.Equal(items.Length, listed.Count);
        for (var b = 0; b < expected.Length; b++)
            if (!listed.Contains(b)) Assert.True(expected[b] <= scores[^1] * (1 + 1e-5));
    }

    private static float[] Score(Bipartite g, WalkParameters p, params WeightedItem[] seeds)
    {
        var scores = new ScoreAccumulator(g.ItemCount);
        ThreeHopWalk.Score(g, seeds, p, scores);
        return Dense(scores);
    }

    private static void Near(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], 1e-6f);
    }

    private static float[] Dense(ScoreAccumulator scores) => [.. Enumerable.Range(0, scores.Capacity).Select(i => scores[i])];
}
