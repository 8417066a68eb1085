using CsCheck;
using GraphRec.Core;
using GraphRec.Graph;
using GraphRec.Graph.Kernels;
using Xunit;

namespace GraphRec.Tests.Graph;

public sealed class TrendingTests
{
    private static readonly Gen<EdgeEntry[]> Edges =
        Gen.Select(Gen.Int[0, 5], Gen.Int[0, 3], Gen.Int[0, 100]).Select((user, drama, at) => new EdgeEntry(user, drama, 1, at)).Array[0, 30];

    [Fact]
    public void Tiny_graph_has_the_expected_value_on_every_node()
    {
        var watched = Watched(new(0, 0, 1, 100), new(1, 0, 1, 90), new(0, 1, 1, 80), new(2, 1, 1, 79), new(1, 2, 1, 101));
        var scores = new double[4];
        Trending.Decayed(watched, new TrendingWindow(80, 100, 10), scores);
        Assert.Equal([1.5, .25, 0, 0], scores);
        var counts = new int[4];
        Trending.Popularity(watched, 80, 100, counts);
        Assert.Equal([2, 1, 0, 0], counts);
        Trending.Popularity(watched, counts);
        Assert.Equal([2, 2, 1, 0], counts);
        Trending.Decayed(watched, new TrendingWindow(0, 200, double.PositiveInfinity), scores);
        Assert.Equal([2, 2, 1, 0], scores);
    }

    [Fact]
    public void Regions_hold_their_own_viewers_and_sum_to_the_whole() => Gen.Select(Edges, Gen.Int[-1, 2].Array[6], Gen.Int[0, 60]).Sample((edges, regions, since) =>
    {
        var watched = Watched(edges);
        var window = new TrendingWindow(since, since + 30, 7.5);
        var (byRegion, overall) = (new double[3 * 4], new double[4]);
        Array.Fill(byRegion, 99); // what was there before must not matter
        Array.Fill(overall, 99);
        Trending.DecayedByRegion(watched, window, regions, 3, byRegion);
        Trending.Decayed(watched, window, overall);
        var last = edges.GroupBy(e => (e.From, e.To)).Select(g => g.Last()).ToArray();
        for (var drama = 0; drama < 4; drama++)
        {
            for (var region = 0; region < 3; region++)
            {
                var expected = last.Where(e => e.To == drama && regions[e.From] == region).Sum(e => Obvious(e.Minutes, since));
                Assert.Equal(expected, byRegion[(region * 4) + drama], 1e-9);
            }
            Assert.Equal(last.Where(e => e.To == drama).Sum(e => Obvious(e.Minutes, since)), overall[drama], 1e-9);
        }
    });

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    public void A_half_life_not_above_zero_is_refused(double halfLife) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Trending.Decayed(Watched(), new TrendingWindow(0, 1, halfLife), new double[4]));

    [Fact]
    public void A_relation_without_times_is_refused()
    {
        var untimed = Adjacency.Build(EdgeType.Watched, NodeKind.Drama, 1, 4, [new EdgeEntry(0, 0)]);
        Assert.Throws<ArgumentException>(() => Trending.Decayed(untimed, new TrendingWindow(0, 1, 1), new double[4]));
    }

    private static double Obvious(int at, int since) => at < since || at > since + 30 ? 0 : Math.Pow(.5, (since + 30 - at) / 7.5);

    private static Adjacency Watched(params EdgeEntry[] edges) =>
        Adjacency.Build(EdgeType.Watched, NodeKind.Drama, 6, 4, [.. edges], values: true, times: true);
}
