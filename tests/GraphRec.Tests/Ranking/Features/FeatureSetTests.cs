using GraphRec.Core;
using GraphRec.Graph;
using GraphRec.Ranking;
using GraphRec.Ranking.Features;
using GraphRec.Recommend;
using GraphRec.Recommend.Sources;
using GraphRec.Tests.Recommend;
using Xunit;

namespace GraphRec.Tests.Ranking.Features;

/// <summary>The columns of the ranker on a graph that one can work out by hand.</summary>
public sealed class FeatureSetTests
{
    private static readonly FeatureSet Features = new(SourceNames.All);

    // The viewer liked "goblin" 10 days ago and "train" 300 days ago, and dropped "slow".
    private static readonly GraphExport Town = World.Export(
        [
            World.Drama("goblin") with { Genres = ["fantasy", "romance"], Tags = ["immortal"], Networks = ["tvN"], Country = "KR", Episodes = 15, DurationMinutes = 63, AiredFrom = new DateOnly(2016, 12, 2) },
            World.Drama("train") with { Genres = ["thriller"], Networks = ["OCN"], Country = "KR", Episodes = 15, DurationMinutes = 63 },
            World.Drama("slow") with { Genres = ["documentary"], Country = "JP" },
            World.Drama("kin") with { Genres = ["fantasy"], Tags = ["immortal"], Networks = ["tvN"], Country = "KR", Episodes = 31, DurationMinutes = 63, AiredFrom = DateOnly.FromDateTime(World.Now.UtcDateTime).AddDays(-731) },
            World.Drama("other") with { Genres = ["documentary"], Country = "JP", Year = null },
            World.Drama("goblin-2") with { Genres = ["fantasy", "romance"], Country = "KR", Follows = "goblin" },
        ],
        [
            new Credit("goblin", "gong-yoo", CreditRole.Actor, 1), new Credit("train", "gong-yoo", CreditRole.Actor, 1), new Credit("kin", "gong-yoo", CreditRole.Actor, 1),
            new Credit("goblin", "lee-eung-bok", CreditRole.Director, 1), new Credit("kin", "lee-eung-bok", CreditRole.Director, 1),
        ],
        [
            World.Edge(EdgeType.Rated, "goblin", 10, daysAgo: 10), World.Edge(EdgeType.Watched, "train", 1, daysAgo: 300), World.Edge(EdgeType.Watched, "slow", 0.1, daysAgo: 100),
            .. Enumerable.Range(0, 8).SelectMany(n => new[] { World.Edge(EdgeType.Rated, "goblin", 9, daysAgo: 3, user: $"v{n}"), World.Edge(EdgeType.Rated, "kin", 7, daysAgo: 3, user: $"v{n}") }),
            World.Edge(EdgeType.Watched, "other", 0.5, daysAgo: 1, user: "v1"),
        ]);

    [Theory]
    [InlineData("actors.likedPaths", "kin", 2)]
    [InlineData("directors.likedPaths", "kin", 1)]
    [InlineData("genres.likedPaths", "kin", 1)]
    [InlineData("genres.likedPaths", "other", 0)]
    [InlineData("tags.likedPaths", "kin", 1)]
    [InlineData("networks.likedPaths", "kin", 1)]
    [InlineData("networks.likedPaths", "goblin-2", 0)]
    [InlineData("habits.country", "kin", 1)]
    [InlineData("habits.country", "other", 0)]
    [InlineData("length.episodes", "kin", 5)]
    [InlineData("length.episodesAgainstHabit", "kin", 1)]
    [InlineData("length.minutesAgainstHabit", "kin", 0)]
    [InlineData("length.episodes", "other", 0)]
    [InlineData("interest.daysSince", "goblin-2", 3650)]
    [InlineData("popularity.viewers", "other", 1)]
    [InlineData("trending.viewers", "other", 1)]
    [InlineData("trending.share", "other", 1)]
    [InlineData("trending.viewers", "kin", 0)]
    [InlineData("freshness.known", "other", 0)]
    [InlineData("season.follows", "goblin-2", 1)]
    [InlineData("season.isFollowed", "goblin-2", 0)]
    [InlineData("context.hour", "kin", 12)]
    [InlineData("context.weekend", "kin", 1)]
    [InlineData("history.seeds", "kin", 2)]
    [InlineData("exposure.times", "kin", 0)]
    [InlineData("exposure.daysSince", "kin", 365)]
    [InlineData("coWatch.daysSinceSeed", "kin", 10)]
    [InlineData("coWatch.daysSinceSeed", "goblin-2", 3650)]
    [InlineData("coWatch.links", "kin", 1)]
    [InlineData("genres.last", "goblin-2", 1)]
    [InlineData("genres.last", "kin", 0.5)]
    [InlineData("nextSeason.score", "goblin-2", 1)]
    [InlineData("nextSeason.rank", "goblin-2", 0)]
    [InlineData("nextSeason.rank", "kin", 1)]
    public void A_column_is_what_one_works_out_by_hand(string feature, string drama, double expected) => Assert.Equal(expected, Value(feature, drama), 1e-3);

    [Fact]
    public void Rates_are_those_of_the_snapshot()
    {
        // Eight ratings of 7, drawn to the mean of all (goblin 10 and eight nines, kin eight sevens: 138 / 17) as if by five more.
        Assert.Equal((8 * 7 + 5 * (138 / 17.0)) / 13, Value("ratings.mean", "kin"), 1e-3);
        Assert.Equal(731 / 365.25, Value("freshness.years", "kin"), 1e-3);
        Assert.Equal(Math.Log2(9), Value("popularity.viewers", "kin"), 1e-3);
    }

    [Fact]
    public void What_the_viewer_did_with_a_drama_short_of_watching_it_is_counted()
    {
        var town = Town with { Behaviour = [.. Town.Behaviour, World.Edge(EdgeType.Clicked, "other", daysAgo: 2, times: 3), World.Edge(EdgeType.Watchlisted, "kin", daysAgo: 40)] };
        Assert.Equal((3, 2), (Value("interest.clicks", "other", from: town), Value("interest.daysSince", "other", from: town)));
        Assert.Equal((1, 40), (Value("interest.watchlisted", "kin", from: town), Value("interest.daysSince", "kin", from: town)));
    }

    [Fact]
    public void What_was_shown_is_counted()
    {
        var shown = new Dictionary<string, Exposed> { ["kin"] = new(4, World.Now.AddDays(-2)), ["nowhere"] = new(9, World.Now) };
        Assert.Equal((4, 2), (Value("exposure.times", "kin", shown), Value("exposure.daysSince", "kin", shown)));
    }

    [Fact]
    public void There_are_at_least_thirty_each_with_a_name_of_its_own_and_a_group_that_people_read()
    {
        Assert.True(Features.Count >= 30);
        Assert.Equal(Features.Count, Features.Features.DistinctBy(f => f.Name).Count());
        Assert.Equal(SourceNames.All, Features.Groups.Take(Features.SourceCount));
        Assert.Equal(Features.Groups.Count, Features.Groups.Distinct().Count());
        Assert.Equal("linear.score", Assert.Single(Features.Features, f => Features.GroupOf(Features.Features.ToList().IndexOf(f)) < 0).Name);
    }

    [Fact]
    public void Another_list_of_sources_has_another_fingerprint()
    {
        Assert.Equal(Features.Fingerprint, new FeatureSet([.. SourceNames.All]).Fingerprint);
        Assert.NotEqual(Features.Fingerprint, new FeatureSet([.. SourceNames.All.SkipLast(1)]).Fingerprint);
        Assert.NotEqual(Features.Fingerprint, new FeatureSet([.. SourceNames.All.Reverse()]).Fingerprint);
    }

    [Fact]
    public void All_values_are_finite_on_any_graph()
    {
        for (var seed = 0; seed < 60; seed++)
        {
            using var list = Rank(World.Random(seed, 60, 120), null);
            Assert.DoesNotContain(list.Matrix.Values.ToArray(), value => !float.IsFinite(value));
        }
    }

    private static float Value(string feature, string drama, Dictionary<string, Exposed>? shown = null, GraphExport? from = null)
    {
        using var list = Rank(from ?? Town, shown);
        var row = list.Matrix.RowOf(list.Snapshot.Index(drama));
        Assert.True(row >= 0, $"{drama} is no candidate");
        return list.Matrix.Row(row)[Features.Features.ToList().FindIndex(f => f.Name == feature)];
    }

    private static RankedList Rank(GraphExport export, Dictionary<string, Exposed>? shown)
    {
        var snapshot = World.Snapshot(export);
        var history = UserHistory.Of([.. export.Behaviour.Where(edge => edge.UserId == World.Viewer)]);
        var user = new UserContext(World.Viewer, history, snapshot, Recipe.Default, RequestContext.None, World.Now) { Exposures = shown };
        return new RankPipeline(Recipe.Default, new TrendingCache(7)).Rank(user, snapshot);
    }
}
