using CsCheck;
using GraphRec.Graph;
using GraphRec.Graph.Kernels;
using Xunit;

namespace GraphRec.Tests.Graph;

public sealed class CoWatchTests
{
    [Fact]
    public void Tiny_graph_has_the_expected_value_on_every_node()
    {
        var index = Build(Sample.Tiny, new CoWatchParameters(Neighbours: 10, MinCount: 1, Shrinkage: 10));
        // 0 and 1 share users 0 and 1: cosine 2/sqrt(2·2) = 1, shrunk by 2/12. Each shares user 1 with 2: 1/2 · 1/11.
        Row(index, 0, [1, 2], [2f / 12, 1f / 22], [2, 1]);
        Row(index, 1, [0, 2], [2f / 12, 1f / 22], [2, 1]);
        Row(index, 2, [0, 1], [1f / 22, 1f / 22], [1, 1]); // a tie, by index
        Row(index, 3, [], [], []);
    }

    [Fact]
    public void Pairs_below_the_minimum_are_left_out_and_the_plain_cosine_is_shrinkage_0()
    {
        var index = Build(Sample.Tiny, new CoWatchParameters(Neighbours: 1, MinCount: 2, Shrinkage: 0));
        Row(index, 0, [1], [1f], [2]);
        Row(index, 2, [], [], []);
    }

    [Fact]
    public void Equals_the_obvious_version() =>
        Gen.Select(Sample.Relations, Gen.Int[0, 12], Gen.Int[1, 3], Gen.Float[0, 20]).Sample((g, k, min, shrinkage) =>
        {
            var index = Build(g, new CoWatchParameters(k, min, shrinkage));
            for (var a = 0; a < g.ItemCount; a++)
            {
                var expected = Obvious(g, a, min, shrinkage).Take(k).ToArray();
                Assert.Equal(expected.Select(e => e.Item), index.Of(a).ToArray());
                Assert.Equal(expected.Select(e => e.Score), index.Scores(a).ToArray());
                Assert.Equal(expected.Select(e => e.Count), index.Counts(a).ToArray());
            }
        });

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void Threads_do_not_change_a_bit(int threads)
    {
        var g = Sample.Large(1);
        var one = Build(g, new CoWatchParameters(Neighbours: 20), 1);
        var many = Build(g, new CoWatchParameters(Neighbours: 20), threads);
        Assert.True(one.EdgeCount > 1000);
        for (var a = 0; a < g.ItemCount; a++)
        {
            Assert.Equal(one.Of(a).ToArray(), many.Of(a).ToArray());
            Assert.Equal(one.Scores(a).ToArray(), many.Scores(a).ToArray());
            Assert.Equal(one.Counts(a).ToArray(), many.Counts(a).ToArray());
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_cancelled_build_stops(int threads) =>
        Assert.ThrowsAny<OperationCanceledException>(() =>
            CoWatch.Build(Sample.Large(1), new CoWatchParameters(), threads, new CancellationToken(true)));

    [Fact]
    public void Parameters_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Build(Sample.Tiny, new CoWatchParameters(MinCount: 0)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Build(Sample.Tiny, new CoWatchParameters(Neighbours: -1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Build(Sample.Tiny, new CoWatchParameters(Shrinkage: -1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Build(Sample.Tiny, new CoWatchParameters(), 0));
    }

    private static ItemNeighbours Build(Bipartite g, CoWatchParameters p, int threads = 1) => CoWatch.Build(g, p, threads);

    private static IEnumerable<(int Item, float Score, int Count)> Obvious(Bipartite g, int a, int min, double shrinkage)
    {
        var rows = new List<(int Item, float Score, int Count)>();
        for (var b = 0; b < g.ItemCount; b++)
        {
            var n = g.UsersOf(a).ToArray().Intersect(g.UsersOf(b).ToArray()).Count();
            if (b == a || n < min) continue;
            var score = n / Math.Sqrt((double)g.ItemDegree(a) * g.ItemDegree(b)) * (n / (n + (double)(float)shrinkage));
            rows.Add((b, (float)score, n));
        }
        return rows.OrderByDescending(r => r.Score).ThenBy(r => r.Item);
    }

    private static void Row(ItemNeighbours index, int item, int[] neighbours, float[] scores, int[] counts)
    {
        Assert.Equal(neighbours, index.Of(item).ToArray());
        Assert.Equal(counts, index.Counts(item).ToArray());
        for (var i = 0; i < scores.Length; i++) Assert.Equal(scores[i], index.Scores(item)[i], 1e-6f);
    }
}
