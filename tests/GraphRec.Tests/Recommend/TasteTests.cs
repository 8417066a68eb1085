using GraphRec.Core;
using GraphRec.Graph;
using GraphRec.Graph.Kernels;
using GraphRec.Recommend;
using Xunit;

namespace GraphRec.Tests.Recommend;

public sealed class TasteTests
{
    private static readonly GraphSnapshot Snapshot = World.Snapshot(World.Export(
        "abcdef".Select(c => World.Drama($"{c}") with { Genres = ["Crime"], Tags = ["food"] }), [new Credit("a", "p", CreditRole.Actor, 1)]));

    [Theory]
    [InlineData(EdgeType.Watched, 1, 0, 1, 0.5)]
    [InlineData(EdgeType.Watched, 0.9, 0, 1, 0.5)]
    [InlineData(EdgeType.Watched, 0.899, 0, 1, 0.3)]
    [InlineData(EdgeType.Watched, 0.4, 0, 1, 0.3)]
    [InlineData(EdgeType.Watched, 0.399, 45, 1, 0.15)]
    [InlineData(EdgeType.Watched, 0.399, 45.01, 1, -0.1)]
    [InlineData(EdgeType.Rated, 10, 0, 1, 0.8)]
    [InlineData(EdgeType.Rated, 5.5, 0, 1, 0)]
    [InlineData(EdgeType.Rated, 1, 0, 1, -0.8)]
    [InlineData(EdgeType.Reviewed, 10, 0, 1, 0.3)]
    [InlineData(EdgeType.Reviewed, 0, 0, 1, 0)]
    [InlineData(EdgeType.Watchlisted, 1, 0, 1, 0.25)]
    [InlineData(EdgeType.Clicked, 1, 0, 1, 0.05)]
    [InlineData(EdgeType.Clicked, 1, 0, 9, 0.2)]
    [InlineData(EdgeType.Skipped, 1, 0, 1, -0.2)]
    [InlineData(EdgeType.Skipped, 1, 0, 9, -0.6)]
    [InlineData(EdgeType.Muted, 1, 0, 1, 0)]
    public void Every_edge_has_its_part(EdgeType type, double value, double daysAgo, int times, double part) =>
        Assert.Equal(part, Taste.Part(World.Edge(type, "a", value, daysAgo, times), World.Now), 1e-12);

    [Theory]
    [InlineData(0, 1)]
    [InlineData(240, 0.65)] // 0.3 + 0.7 / 2
    [InlineData(480, 0.475)] // 0.3 + 0.7 / 4
    [InlineData(24_000, 0.3)]
    [InlineData(-5, 1)] // a device's clock ahead of ours
    public void An_old_favourite_keeps_a_floor(double daysAgo, double decay) =>
        Assert.Equal(decay, Taste.Decay(World.Now.AddDays(-daysAgo), World.Now, 240), 1e-12);

    [Fact]
    public void Seeds_are_the_decayed_sums_of_their_parts()
    {
        var user = Context(World.Edge(EdgeType.Watched, "a", 1, 240), World.Edge(EdgeType.Rated, "a", 10), World.Edge(EdgeType.Skipped, "b"), World.Edge(EdgeType.Reviewed, "c", 0));
        Assert.Equal([new WeightedItem(0, 0.5f * 0.65f + 0.8f), new WeightedItem(1, -0.2f)], user.Seeds);
        Assert.Equal([0.8, 0.325], user.PartsOf(0).Select(p => Math.Round(p.Weight, 12)));
        Assert.Equal([EdgeType.Rated, EdgeType.Watched], user.PartsOf(0).Select(p => p.Edge.Type));
        Assert.Empty(user.PartsOf(2));
        Assert.False(user.IsCold);
        Assert.True(Context(World.Edge(EdgeType.Skipped, "b"), World.Edge(EdgeType.Rated, "a", 2)).IsCold);
    }

    [Fact]
    public void Of_too_many_seeds_the_strongest_stay_in_index_order()
    {
        var user = World.Context(Snapshot, Recipe.Default with { MaxSeeds = 2 }, null,
            World.Edge(EdgeType.Rated, "d", 1), World.Edge(EdgeType.Clicked, "a"), World.Edge(EdgeType.Watched, "b", 1));
        Assert.Equal([1, 3], user.Seeds.Select(s => s.Item));
    }

    [Fact]
    public void Seen_finished_and_in_progress_are_told_apart()
    {
        var user = Context(World.Edge(EdgeType.Watched, "a", 0.9), World.Edge(EdgeType.Watched, "b", 0.899, 45), World.Edge(EdgeType.Watched, "c", 0.5, 45.01),
            World.Edge(EdgeType.Rated, "d", 3), World.Edge(EdgeType.Watched, "e", 0.2), World.Edge(EdgeType.Reviewed, "e", 0), World.Edge(EdgeType.Clicked, "f"));
        Assert.Equal([true, true, true, true, true, false], Enumerable.Range(0, 6).Select(user.HasSeen));
        Assert.Equal([true, false, false, true, true, false], Enumerable.Range(0, 6).Select(user.HasFinished));
        Assert.Equal([1], user.InProgress);
    }

    [Fact]
    public void A_watch_of_nothing_is_seen_but_not_in_progress()
    {
        var user = Context(World.Edge(EdgeType.Watched, "a", 0));
        Assert.True(user.HasSeen(0));
        Assert.Empty(user.InProgress);
    }

    [Fact]
    public void The_watchlist_holds_what_is_not_watched_newest_first()
    {
        var user = Context(World.Edge(EdgeType.Watchlisted, "a", 1, 9), World.Edge(EdgeType.Watchlisted, "b", 1, 2), World.Edge(EdgeType.Watchlisted, "c", 1, 5), World.Edge(EdgeType.Watched, "b", 0.1));
        Assert.Equal([2, 0], user.Watchlist);
    }

    [Fact]
    public void Mutes_and_skips_are_noted_and_what_is_not_in_the_graph_counts_for_nothing()
    {
        var user = Context(World.Mute(NodeKind.Drama, "b"), World.Mute(NodeKind.Person, "p"), World.Mute(NodeKind.Genre, "Crime"), World.Mute(NodeKind.Tag, "food"),
            World.Mute(NodeKind.Person, "nobody"), World.Edge(EdgeType.Rated, "gone", 10), World.Edge(EdgeType.Skipped, "c", 1, 3));
        Assert.Equal([1], user.MutedDramas);
        Assert.All([user.MutedPeople, user.MutedGenres, user.MutedTags], m => Assert.Equal([0], m));
        Assert.Equal(World.Now.AddDays(-3), user.SkippedAt(2));
        Assert.Null(user.SkippedAt(1));
        Assert.Equal([2], user.Seeds.Select(s => s.Item));
    }

    [Fact]
    public void The_region_asked_for_goes_before_the_one_known()
    {
        var snapshot = World.Snapshot(World.Export([World.Drama("a")], null, [World.Edge(EdgeType.Clicked, "a")]) with { Regions = new Dictionary<string, string> { [World.Viewer] = "KR" } });
        Assert.Equal("KR", World.Context(snapshot, recipe: null, region: null).Region);
        Assert.Equal("US", World.Context(snapshot, recipe: null, region: "US").Region);
        Assert.Null(Context().Region);
    }

    private static UserContext Context(params BehaviourEdge[] edges) => World.Context(Snapshot, null, null, edges);
}
