using GraphRec.Core;
using GraphRec.Graph;
using GraphRec.Recommend;
using Xunit;

namespace GraphRec.Tests.Recommend;

public sealed class EligibilityTests
{
    private static readonly Drama A = World.Drama("a") with { Genres = ["Crime"], Tags = ["food"], Networks = ["tvN"], Country = "KR", Episodes = 16 };
    private static readonly Drama Z = World.Drama("z");
    private static readonly Credit[] Credits = [new("a", "actor", CreditRole.Actor, 1), new("a", "director", CreditRole.Director, 1), new("a", "writer", CreditRole.Writer, 1), new("z", "other", CreditRole.Actor, 1)];

    [Fact]
    public void Nothing_speaks_against_a_plain_drama() => Assert.Equal(Ineligible.No, Of(A));

    [Theory]
    [InlineData(EdgeType.Watched, 0.01, Ineligible.Seen)]
    [InlineData(EdgeType.Rated, 9, Ineligible.Seen)]
    [InlineData(EdgeType.Reviewed, 0, Ineligible.Seen)]
    [InlineData(EdgeType.Clicked, 1, Ineligible.No)]
    [InlineData(EdgeType.Watchlisted, 1, Ineligible.No)]
    public void What_was_seen_is_not_shown_again(EdgeType type, double value, Ineligible expected) =>
        Assert.Equal(expected, Of(A, edges: [World.Edge(type, "a", value)]));

    [Theory]
    [InlineData(NodeKind.Drama, "a")]
    [InlineData(NodeKind.Person, "actor")]
    [InlineData(NodeKind.Person, "director")]
    [InlineData(NodeKind.Person, "writer")]
    [InlineData(NodeKind.Genre, "Crime")]
    [InlineData(NodeKind.Tag, "food")]
    public void A_mute_hides_everything_it_is_about_and_nothing_else(NodeKind kind, string id)
    {
        Assert.Equal(Ineligible.Muted, Of(A, edges: [World.Mute(kind, id)]));
        Assert.Equal(Ineligible.No, Of(Z, edges: [World.Mute(kind, id)]));
    }

    [Theory]
    [InlineData("2026-11-01", null, Ineligible.No)]
    [InlineData("2026-11-02", null, Ineligible.NotAired)]
    [InlineData(null, 2026, Ineligible.No)]
    [InlineData(null, 2027, Ineligible.NotAired)]
    [InlineData("2026-10-01", 2027, Ineligible.No)] // the day says more than the year
    [InlineData(null, null, Ineligible.No)]
    public void What_has_not_aired_waits(string? from, int? year, Ineligible expected) =>
        Assert.Equal(expected, Of(A with { AiredFrom = from is null ? null : DateOnly.Parse(from), Year = year }));

    [Theory]
    [InlineData("KR", Ineligible.No)]
    [InlineData("US", Ineligible.NotInRegion)]
    [InlineData(null, Ineligible.No)] // nobody knows where they are
    public void Regions_are_kept(string? region, Ineligible expected)
    {
        Assert.Equal(expected, Of(A with { Regions = ["KR", "JP"] }, region));
        Assert.Equal(Ineligible.No, Of(A, region));
    }

    [Fact]
    public void The_earlier_season_comes_first()
    {
        var second = A with { Follows = "z" };
        Assert.Equal(Ineligible.EarlierSeasonFirst, Of(second));
        Assert.Equal(Ineligible.EarlierSeasonFirst, Of(second, edges: [World.Edge(EdgeType.Watched, "z", 0.8)]));
        Assert.Equal(Ineligible.No, Of(second, edges: [World.Edge(EdgeType.Watched, "z", 0.9)]));
        Assert.Equal(Ineligible.No, Of(second, edges: [World.Edge(EdgeType.Rated, "z", 4)]));
        Assert.Equal(Ineligible.No, Of(A with { Follows = "gone" }));
        Assert.Equal(Ineligible.No, Of(A with { Follows = "a" }));
    }

    [Theory]
    [InlineData(29.9, Ineligible.Skipped)]
    [InlineData(30, Ineligible.No)]
    public void What_was_skipped_rests_for_thirty_days(double daysAgo, Ineligible expected) =>
        Assert.Equal(expected, Of(A, edges: [World.Edge(EdgeType.Skipped, "a", 1, daysAgo)]));

    [Fact]
    public void The_request_may_exclude()
    {
        Assert.Equal(Ineligible.Excluded, Of(A, excluded: "a"));
        Assert.Equal(Ineligible.No, Of(A, excluded: "z"));
    }

    public static TheoryData<DramaFilter, bool> Filters => new()
    {
        { new DramaFilter(), true },
        { new DramaFilter { Genres = ["Romance", "Crime"] }, true },
        { new DramaFilter { Genres = ["Romance"] }, false },
        { new DramaFilter { Tags = ["food"] }, true },
        { new DramaFilter { Tags = ["revenge"] }, false },
        { new DramaFilter { Networks = ["tvN"] }, true },
        { new DramaFilter { Networks = ["JTBC"] }, false },
        { new DramaFilter { Countries = ["KR"] }, true },
        { new DramaFilter { Countries = ["JP"] }, false },
        { new DramaFilter { People = ["writer"] }, true },
        { new DramaFilter { People = ["director", "nobody"] }, true },
        { new DramaFilter { People = ["other"] }, false },
        { new DramaFilter { YearFrom = 2020, YearTo = 2020 }, true },
        { new DramaFilter { YearFrom = 2021 }, false },
        { new DramaFilter { YearTo = 2019 }, false },
        { new DramaFilter { MaxEpisodes = 16 }, true },
        { new DramaFilter { MaxEpisodes = 15 }, false },
        { new DramaFilter { Genres = ["Crime"], Countries = ["JP"] }, false },
    };

    [Theory]
    [MemberData(nameof(Filters))]
    public void Every_part_of_a_filter_must_hold(DramaFilter filter, bool passes) =>
        Assert.Equal(passes ? Ineligible.No : Ineligible.FilteredOut, Of(A, filter: filter));

    [Fact]
    public void What_is_unknown_passes_no_filter_about_it()
    {
        var unknown = A with { Year = null, Episodes = null, Country = null };
        Assert.Equal(Ineligible.FilteredOut, Of(unknown, filter: new DramaFilter { YearFrom = 1 }));
        Assert.Equal(Ineligible.FilteredOut, Of(unknown, filter: new DramaFilter { YearTo = 9999 }));
        Assert.Equal(Ineligible.FilteredOut, Of(unknown, filter: new DramaFilter { MaxEpisodes = 9999 }));
        Assert.Equal(Ineligible.FilteredOut, Of(unknown, filter: new DramaFilter { Countries = ["KR"] }));
    }

    [Fact]
    public void The_first_reason_is_the_one_given_and_has_a_sentence()
    {
        var drama = A with { Follows = "z", Regions = ["JP"], AiredFrom = new DateOnly(2027, 1, 1) };
        var mute = World.Mute(NodeKind.Drama, "a");
        Assert.Equal(Ineligible.Seen, Of(drama, "US", "a", edges: [World.Edge(EdgeType.Watched, "a"), mute]));
        Assert.Equal(Ineligible.Muted, Of(drama, "US", "a", edges: [mute]));
        Assert.Equal(Ineligible.NotAired, Of(drama, "US", "a"));
        Assert.Equal(Ineligible.NotInRegion, Of(drama with { AiredFrom = null }, "US", "a"));
        Assert.Equal(Ineligible.EarlierSeasonFirst, Of(drama with { AiredFrom = null }, "JP", "a"));
        var (eligibility, index) = Ask(drama with { AiredFrom = null }, "US", null, new DramaFilter(), [World.Edge(EdgeType.Skipped, "a", 1, 2)]);
        Assert.Equal("It is not available in US.", eligibility.Sentence(Ineligible.NotInRegion, index));
        Assert.Equal("It continues Title of z, which you have not finished.", eligibility.Sentence(Ineligible.EarlierSeasonFirst, index));
        Assert.Equal("You skipped it on 2026-10-30; it rests for 30 days.", eligibility.Sentence(Ineligible.Skipped, index));
        Assert.All(Enum.GetValues<Ineligible>(), why => Assert.Equal(why == Ineligible.No, eligibility.Sentence(why, index).Length == 0));
    }

    [Fact]
    public void Filters_come_before_the_cut()
    {
        // 60 popular crime dramas fill the window of 50; the one comedy nobody watched is still the whole answer to its filter.
        var crime = Enumerable.Range(0, 60).Select(i => World.Drama($"crime-{i:00}") with { Genres = ["Crime"] }).ToArray();
        var watched = crime.SelectMany(d => Enumerable.Range(0, 3).Select(u => World.Edge(EdgeType.Watched, d.Id, user: $"u{u}")));
        var graph = new LiveGraph(World.Export([.. crime, World.Drama("comedy") with { Genres = ["Comedy"], Year = 1999 }], null, watched));
        var recommender = new Recommender(graph, Recipe.Default with { Window = 50 }, World.Clock);
        var cancel = TestContext.Current.CancellationToken;
        var all = recommender.Recommend("nobody", 100, 0, [], new DramaFilter(), RequestContext.None, cancel);
        Assert.Equal(50, all.Items.Count);
        Assert.DoesNotContain(all.Items, i => i.Drama.Id == "comedy");
        var filtered = recommender.Recommend("nobody", 100, 0, [], new DramaFilter { Genres = ["Comedy"] }, RequestContext.None, cancel);
        Assert.Equal(["comedy"], filtered.Items.Select(i => i.Drama.Id));
        var excluded = recommender.Recommend("nobody", 100, 0, [.. all.Items.Select(i => i.Drama.Id)], new DramaFilter(), RequestContext.None, cancel);
        Assert.Equal(11, excluded.Items.Count);
    }

    private static Ineligible Of(Drama drama, string? region = null, string? excluded = null, DramaFilter? filter = null, BehaviourEdge[]? edges = null)
    {
        var (eligibility, index) = Ask(drama, region, excluded, filter, edges ?? []);
        return eligibility.Of(index);
    }

    private static (Eligibility, int) Ask(Drama drama, string? region, string? excluded, DramaFilter? filter, BehaviourEdge[] edges)
    {
        var snapshot = World.Snapshot(World.Export(new[] { drama, A, Z }.DistinctBy(d => d.Id), Credits));
        var without = excluded is null ? [] : new HashSet<int> { snapshot.Index(excluded) };
        return (new Eligibility(snapshot, World.Context(snapshot, null, region, edges), Recipe.Default, without, new CompiledFilter(snapshot, filter)), snapshot.Index(drama.Id));
    }
}
