using GraphRec.Core;
using GraphRec.Recommend.Sources;
using Xunit;

namespace GraphRec.Tests.Recommend;

public sealed class TrendingCacheTests
{
    // The hour after World.Now is 13:00. One watch at it, one a half-life (3.5 days) before, one at the window's edge, one outside.
    private static readonly GraphExport Export = World.Export(
        [World.Drama("a"), World.Drama("b"), World.Drama("c")], null,
        [World.Edge(EdgeType.Watched, "a", 1, -0.5 / 24, user: "u1"), World.Edge(EdgeType.Watched, "a", 1, 3.5 - (0.5 / 24), user: "u2"), World.Edge(EdgeType.Watched, "b", 1, 7 - (0.5 / 24), user: "u3"), World.Edge(EdgeType.Watched, "c", 1, 7.1, user: "u4")])
        with { Regions = new Dictionary<string, string> { ["u2"] = "KR" } };

    [Fact]
    public void One_table_per_hour_and_snapshot()
    {
        var (cache, one, other) = (new TrendingCache(7), World.Snapshot(Export), World.Snapshot(Export));
        var table = cache.At(one, World.Now);
        Assert.Same(table, cache.At(one, World.Now.AddMinutes(29).AddSeconds(59)));
        Assert.Same(table, cache.At(one, World.Now.AddMinutes(-30)));
        Assert.Same(table, cache.At(one, World.Now.ToOffset(TimeSpan.FromMinutes(345))));
        var next = cache.At(one, World.Now.AddMinutes(30));
        Assert.NotSame(table, next);
        Assert.Same(table, cache.At(one, World.Now));
        Assert.NotSame(table, cache.At(other, World.Now));
        // The old snapshot's tables are gone with it.
        Assert.NotSame(table, cache.At(one, World.Now));
    }

    [Fact]
    public void Eight_hours_are_kept()
    {
        var (cache, snapshot) = (new TrendingCache(7), World.Snapshot(Export));
        var tables = Enumerable.Range(0, 9).Select(h => cache.At(snapshot, World.Now.AddHours(h))).ToArray();
        Assert.Same(tables[1], cache.At(snapshot, World.Now.AddHours(1)));
        Assert.NotSame(tables[0], cache.At(snapshot, World.Now));
    }

    [Fact]
    public void A_table_says_what_was_watched_and_by_how_many()
    {
        var table = new TrendingCache(7).At(World.Snapshot(Export), World.Now);
        Assert.Equal([0, 1], table.Dramas);
        Assert.Equal([1.5, 0.25, 0], Enumerable.Range(0, 3).Select(d => table.Score(d, null)));
        Assert.Equal([2, 0.25, 0], Enumerable.Range(0, 3).Select(d => table.Score(d, "KR")));
        Assert.Equal(1.5, table.Score(0, "US"));
        Assert.Equal([2, 1, 0], table.Viewers);
    }

    [Fact]
    public async Task Many_at_once_build_one_table()
    {
        var (cache, snapshot) = (new TrendingCache(7), World.Snapshot(Export));
        var tables = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => Task.Run(() => cache.At(snapshot, World.Now), TestContext.Current.CancellationToken)));
        Assert.Single(tables.Distinct());
    }
}
