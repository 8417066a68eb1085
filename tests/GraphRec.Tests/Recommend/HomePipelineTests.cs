using CsCheck;
using GraphRec.Core;
using GraphRec.Graph;
using GraphRec.Recommend;
using Xunit;

namespace GraphRec.Tests.Recommend;

public sealed class HomePipelineTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void Pages_are_whole() => World.Towns.Sample(export =>
    {
        var page = Home(export);
        var items = page.Rows.SelectMany(r => r.Items).ToArray();
        Assert.False(page.Degraded);
        Assert.Equal(items.Length, items.Select(i => i.Drama.Id).Distinct().Count());
        Assert.Equal(Enumerable.Range(0, items.Length), items.Select(i => int.Parse(i.AttributionId[(i.AttributionId.LastIndexOf('-') + 1)..])));
        Assert.InRange(items.Select(i => AttributionId.PageOf(i.AttributionId)).Distinct().Count(), 0, 1);
        Assert.Equal(page.Rows.Count, page.Rows.Select(r => r.Id).Distinct().Count());
        Assert.All(page.Rows, r => Assert.InRange(r.Items.Count, 1, 6));
        foreach (var item in items)
        {
            Assert.Equal(item.Score, item.Ledger.Sum(c => c.Value), 1e-6);
            Assert.InRange(item.MatchPercent, 0, 100);
            Assert.NotEmpty(item.Reason.Text);
            Assert.All(item.Reason.Paths, p => Assert.InRange(p.Share, 0, 1));
            Assert.All(item.Reason.Paths, p => Assert.Equal(item.Drama.Id, p.Nodes[^1].Node.Id));
        }
    }, iter: 150);

    [Fact]
    public void No_answer_names_another_viewer() => World.Towns.Sample(export =>
    {
        var recommender = Recommender(export);
        Assert.False(World.NamesAStranger(World.Print(Home(export))));
        Assert.False(World.NamesAStranger(World.Print(recommender.Recommend(World.Viewer, 50, 0, [], new DramaFilter(), RequestContext.None, Cancel))));
        Assert.False(World.NamesAStranger(World.Print(recommender.Similar("d00", 50, World.Viewer, Cancel))));
        foreach (var drama in export.Dramas) Assert.False(World.NamesAStranger(World.Print(recommender.Explain(World.Viewer, drama.Id, Cancel))));
        Assert.True(World.NamesAStranger(World.Print(export)));
    }, iter: 40);

    [Fact]
    public void Co_watch_is_cited_with_its_true_count_and_never_below_k()
    {
        var (cited, fewest) = (0, int.MaxValue);
        // The same graphs in every run: how much is cited in all is then a number, and not a chance.
        foreach (var seed in Enumerable.Range(0, 60))
        {
            var (export, k) = (World.Random(seed, 60, 120), 2 + (seed % 5));
            var recommender = Recommender(export, Recipe.Default with { MinCoWatchers = k });
            var reasons = recommender.Home(World.Viewer, 20, 6, RequestContext.None, Cancel).Rows.SelectMany(r => r.Items.Select(i => i.Reason).Append(r.Reason))
                .Concat(recommender.Recommend(World.Viewer, 50, 0, [], new DramaFilter(), RequestContext.None, Cancel).Items.Select(i => i.Reason))
                .Concat(export.Dramas.SelectMany(d => recommender.Similar(d.Id, 50, null, Cancel)).Select(i => i.Reason));
            foreach (var edge in reasons.SelectMany(r => r.Paths).SelectMany(p => p.Edges).Where(e => e.Type == EdgeType.CoWatched))
            {
                var common = Fans(export, edge.From.Id).Intersect(Fans(export, edge.To.Id)).Count();
                Assert.Equal($"{common} viewers", edge.Detail);
                Assert.True(common >= k);
                cited++;
                fewest = Math.Min(fewest, common - k);
            }
        }
        Assert.True(cited > 100, $"only {cited} edges cited");
        Assert.Equal(0, fewest);
    }

    [Theory]
    [InlineData(NodeKind.Drama)]
    [InlineData(NodeKind.Person)]
    [InlineData(NodeKind.Genre)]
    [InlineData(NodeKind.Tag)]
    public void A_mute_is_exact(NodeKind kind) => World.Towns.Sample(export =>
    {
        var target = kind switch { NodeKind.Drama => "d02", NodeKind.Person => "person-1", NodeKind.Genre => "Crime", _ => "revenge" };
        var muted = export.Dramas.Where(d => d.Id == target || d.Genres.Contains(target) || d.Tags.Contains(target)).Select(d => d.Id)
            .Concat(export.Credits.Where(c => c.PersonId == target).Select(c => c.DramaId)).ToHashSet();
        var recommender = Recommender(export with { Behaviour = [.. export.Behaviour, World.Mute(kind, target)] });
        var shown = recommender.Home(World.Viewer, 20, 20, RequestContext.None, Cancel).Rows.SelectMany(r => r.Items)
            .Concat(recommender.Recommend(World.Viewer, 100, 0, [], new DramaFilter(), RequestContext.None, Cancel).Items)
            .Concat(export.Dramas.SelectMany(d => recommender.Similar(d.Id, 100, World.Viewer, Cancel)));
        Assert.DoesNotContain(shown, i => muted.Contains(i.Drama.Id));
        // Exact both ways: what is not muted is where it was.
        var before = Recommender(export).Recommend(World.Viewer, 100, 0, [], new DramaFilter(), RequestContext.None, Cancel).Items.Select(i => i.Drama.Id);
        var after = recommender.Recommend(World.Viewer, 100, 0, [], new DramaFilter(), RequestContext.None, Cancel).Items.Select(i => i.Drama.Id);
        Assert.Equal(before.Where(d => !muted.Contains(d)).Order(), after.Order());
    }, iter: 40);

    [Fact]
    public void What_was_started_comes_back_first_unless_it_is_muted_or_may_not_be_shown_there()
    {
        Drama[] dramas = [World.Drama("a"), World.Drama("b") with { Genres = ["Crime"] }, World.Drama("c") with { Regions = ["KR"] }, World.Drama("d")];
        var export = World.Export(dramas, null, [World.Edge(EdgeType.Watched, "a", 0.5, 14), World.Edge(EdgeType.Watched, "b", 0.5, 1), World.Edge(EdgeType.Watched, "c", 0.5, 2)]);
        Assert.Equal(["b", "c", "a"], Continue(export, "KR"));
        Assert.Equal(["b", "a"], Continue(export, "US"));
        Assert.Equal(["c", "a"], Continue(export with { Behaviour = [.. export.Behaviour, World.Mute(NodeKind.Genre, "Crime")] }, "KR"));
        var item = Home(export).Rows.Single(r => r.Kind == RowKind.ContinueWatching).Items.Single(i => i.Drama.Id == "a");
        Assert.Equal((0.5, "You watched 50 %"), (item.Score, item.Reason.Text));

        static IEnumerable<string> Continue(GraphExport export, string region)
        {
            var row = Recommender(export).Home(World.Viewer, 8, 12, new RequestContext(Region: region), Cancel).Rows[0];
            Assert.Equal(RowKind.ContinueWatching, row.Kind);
            return row.Items.Select(i => i.Drama.Id);
        }
    }

    [Fact]
    public void Because_you_watched_counts_the_viewers_of_the_drama_it_names() => World.Towns.Sample(export =>
    {
        foreach (var item in Recommender(export, Recipe.Default with { MinCoWatchers = 2 }).Recommend(World.Viewer, 50, 0, [], new DramaFilter(), RequestContext.None, Cancel).Items)
        {
            if (item.Reason.Kind != ReasonKind.BecauseYouWatched) continue;
            var seed = export.Dramas.Single(d => item.Reason.Text.Split(':')[0].EndsWith($" {d.Title}", StringComparison.Ordinal) || item.Reason.Text.Contains($"Because {d.Title} is on", StringComparison.Ordinal));
            var common = Fans(export, seed.Id).Intersect(Fans(export, item.Drama.Id)).Count();
            Assert.Contains($": {common} viewers who liked it", item.Reason.Text);
        }
    }, iter: 150);

    [Fact]
    public void Because_you_watched_names_the_drama_that_contributed_most()
    {
        // "most" brings a little over half, but over two edges of Ann's; "less" a little under half over one. The largest
        // single path is that of "less", and the sentence would count the viewers of the other.
        string[] dramas = ["goal", "less", "most"];
        var fans = Enumerable.Range(0, 20).SelectMany(u => dramas.Where(d => d != "less" || u < 17).Select(d => World.Edge(EdgeType.Watched, d, user: $"u{u}")));
        var export = World.Export(dramas.Select(World.Drama), null,
            [.. fans, World.Edge(EdgeType.Watched, "most"), World.Edge(EdgeType.Watchlisted, "most"), World.Edge(EdgeType.Rated, "less", 9.5)]);
        var item = Recommender(export).Recommend(World.Viewer, 1, 0, [], new DramaFilter(), RequestContext.None, Cancel).Items.Single();
        Assert.Equal("goal", item.Drama.Id);
        Assert.Equal("Because you watched Title of most: 20 viewers who liked it also liked this", item.Reason.Text);
    }

    [Fact]
    public void A_stranger_gets_a_page_without_claims()
    {
        var page = Recommender(World.Random(3, 60, 120)).Home("nobody", 8, 12, RequestContext.None, Cancel);
        Assert.NotEmpty(page.Rows);
        Assert.All(page.Rows.SelectMany(r => r.Items.Select(i => i.Reason).Append(r.Reason)), r => Assert.Empty(r.Paths));
    }

    [Fact]
    public void Pages_differ_by_everything_they_were_asked_with()
    {
        var recommender = Recommender(World.Random(3, 60, 120));
        string Id(string user, int first, string[] exclude, DramaFilter filter) => AttributionId.PageOf(recommender.Recommend(user, first, 0, exclude, filter, RequestContext.None, Cancel).Items[0].AttributionId);
        string[] ids =
        [
            Id("x", 9, [], new DramaFilter()), Id("y", 9, [], new DramaFilter()), Id("x", 8, [], new DramaFilter()), Id("x", 9, ["d01"], new DramaFilter()),
            Id("x", 9, [], new DramaFilter { Genres = ["Crime"] }), Id("x", 9, [], new DramaFilter { Genres = ["Comedy"] }), Id("x", 9, [], new DramaFilter { Tags = ["food"] }), Id("x", 9, [], new DramaFilter { Countries = ["KR"] }),
        ];
        Assert.Equal(ids.Length, ids.Distinct().Count());
        Assert.Equal(ids[5], Id("x", 9, [], new DramaFilter { Genres = ["Comedy"] }));
        Assert.All(ids, id => Assert.Equal(20, id.Length));
    }

    private static HashSet<string> Fans(GraphExport export, string drama)
    {
        var rated = export.Behaviour.Where(b => b.Type == EdgeType.Rated && b.Target.Id == drama).ToDictionary(b => b.UserId, b => b.Value);
        return export.Behaviour.Where(b => b.Type == EdgeType.Watched && b.Target.Id == drama && b.Value >= 0.4 && !rated.ContainsKey(b.UserId)).Select(b => b.UserId)
            .Concat(rated.Where(r => r.Value >= 6).Select(r => r.Key)).ToHashSet();
    }

    private static Recommender Recommender(GraphExport export, Recipe? recipe = null) => new(new LiveGraph(export), recipe ?? Recipe.Default, World.Clock);

    private static HomePage Home(GraphExport export) => Recommender(export).Home(World.Viewer, 20, 6, RequestContext.None, Cancel);
}
