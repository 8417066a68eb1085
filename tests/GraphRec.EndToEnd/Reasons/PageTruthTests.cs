using GraphRec.Core;
using GraphRec.Ranking;
using GraphRec.Recommend;
using Xunit;

namespace GraphRec.EndToEnd.Reasons;

public sealed class SeedPageTests(SeedData data) : PageTruthTests(data);

[Trait("data", "MovieLens")]
public sealed class MovieLensPageTests(MovieLensData data) : PageTruthTests(data);

/// <summary>What every page must keep to, checked for 200 viewers against the database file.</summary>
public abstract class PageTruthTests(RealData data)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void Every_edge_of_every_reason_is_in_the_stored_graph()
    {
        SkipWithoutData();
        using var stored = new StoredGraph(data.Database);
        var (paths, withPaths, items) = (0, 0, 0);
        foreach (var page in data.Pages)
        {
            Assert.False(page.Degraded, $"{page.UserId}: a path did not verify");
            foreach (var reason in page.Rows.Select(r => r.Reason).Concat(page.Rows.SelectMany(r => r.Items).Select(i => i.Reason)))
            {
                foreach (var path in reason.Paths)
                {
                    Assert.Null(stored.Problem(path));
                    Assert.InRange(path.Share, 0, 1);
                    if (path.Nodes[0].Node.Kind == NodeKind.User) Assert.Equal(page.UserId, path.Nodes[0].Node.Id);
                    paths++;
                }
            }
            items += page.Rows.Sum(r => r.Items.Count);
            withPaths += page.Rows.Sum(r => r.Items.Count(i => i.Reason.Paths.Count > 0));
        }
        TestContext.Current.TestOutputHelper!.WriteLine($"{items} recommendations, {withPaths} of them with {paths} paths in all (rows' included): every edge is stored");
        Assert.True(withPaths > items / 2, $"only {withPaths} of {items} have a path");
    }

    [Fact]
    public void Reasons_about_the_viewer_have_paths_that_end_at_the_drama()
    {
        SkipWithoutData();
        ReasonKind[] personal = [ReasonKind.BecauseYouWatched, ReasonKind.SimilarTaste, ReasonKind.SharedActor, ReasonKind.SharedDirector, ReasonKind.SharedWriter,
            ReasonKind.SharedGenre, ReasonKind.SharedTag, ReasonKind.NextSeason, ReasonKind.ContinueWatching, ReasonKind.OnWatchlist];
        foreach (var item in data.Pages.SelectMany(p => p.Rows).SelectMany(r => r.Items))
        {
            Assert.Equal(personal.Contains(item.Reason.Kind), item.Reason.Paths.Count > 0);
            Assert.All(item.Reason.Paths, p => Assert.Equal(item.Drama.Id, p.Nodes[^1].Node.Id));
        }
    }

    [Fact]
    public void Ledgers_sum_to_the_score()
    {
        SkipWithoutData();
        foreach (var item in data.Pages.SelectMany(p => p.Rows).SelectMany(r => r.Items))
            Assert.Equal(item.Score, item.Ledger.Sum(c => c.Value), 1e-6);
    }

    [Fact]
    public void The_trained_model_speaks_for_much_of_what_is_shown()
    {
        SkipWithoutData();
        var shown = data.Pages.SelectMany(p => p.Rows).SelectMany(r => r.Items).ToList();
        var spoken = shown.Count(item => item.Ledger.Any(c => c is { Source: SourceNames.Collaborative, Value: > 0 }));
        TestContext.Current.TestOutputHelper!.WriteLine($"it adds to the score of {spoken} of {shown.Count}");
        Assert.InRange(spoken, shown.Count / 10, shown.Count);
    }

    [Fact]
    public void Nothing_is_shown_twice_and_nothing_that_was_seen_or_comes_too_early()
    {
        SkipWithoutData();
        using var stored = new StoredGraph(data.Database);
        foreach (var page in data.Pages)
        {
            var shown = page.Rows.SelectMany(r => r.Items.Select(i => (r.Kind, i.Drama))).ToList();
            Assert.Equal(shown.Count, shown.Select(s => s.Drama.Id).Distinct().Count());
            var seen = stored.SeenBy(page.UserId);
            foreach (var (kind, drama) in shown)
            {
                if (kind == RowKind.ContinueWatching)
                {
                    Assert.Contains(drama.Id, seen);
                    Assert.False(stored.HasFinished(page.UserId, drama.Id));
                    continue;
                }
                Assert.DoesNotContain(drama.Id, seen);
                Assert.True(drama.Released is null || drama.Released.Value.Year <= data.Now.Year);
                Assert.True(drama.AiredFrom is null || drama.AiredFrom <= DateOnly.FromDateTime(data.Now.UtcDateTime));
                if (stored.EarlierSeason(drama.Id) is { } earlier) Assert.True(stored.HasFinished(page.UserId, earlier), $"{drama.Id} before {earlier}");
            }
        }
    }

    [Fact]
    public void Rows_are_full_named_and_about_what_they_say()
    {
        SkipWithoutData();
        using var stored = new StoredGraph(data.Database);
        foreach (var page in data.Pages)
        {
            Assert.InRange(page.Rows.Count, 3, 8);
            Assert.Equal(page.Rows.Count, page.Rows.Select(r => r.Id).Distinct().Count());
            foreach (var row in page.Rows)
            {
                Assert.NotEmpty(row.Items);
                Assert.NotEmpty(row.Title);
                Assert.NotEmpty(row.Reason.Text);
                if (row.Kind != RowKind.BecauseYouWatched) continue;
                var seed = row.Reason.Paths[0].Nodes[1].Node.Id;
                Assert.All(row.Items, i => Assert.True(stored.CommonViewers(seed, i.Drama.Id) >= 5));
            }
        }
    }

    [Fact]
    public void The_same_graph_and_clock_give_the_same_page()
    {
        SkipWithoutData();
        var again = new Recommender(new Graph.LiveGraph(data.Export), Recipe.Default, new FixedTime(data.Now), trained: data.Trained);
        foreach (var page in data.Pages) Assert.Equal(Print(page), Print(Page(again, page.UserId)));
    }

    [Fact]
    public void Explain_agrees_with_the_page()
    {
        SkipWithoutData();
        foreach (var viewer in data.Viewers(20))
        {
            foreach (var item in Page(data.Recommender, viewer).Rows.Where(r => r.Kind is not (RowKind.ContinueWatching or RowKind.Watchlist or RowKind.Trending)).SelectMany(r => r.Items))
            {
                var explanation = data.Recommender.Explain(viewer, item.Drama.Id, Cancel);
                Assert.Equal(item.Score, explanation.Score);
                Assert.Equal(item.Reason.Text, explanation.Reasons[0].Text);
                Assert.Equal(item.Ledger, explanation.Ledger);
            }
        }
    }

    [Fact]
    public void Cold_viewers_get_a_page_without_claims_about_them()
    {
        SkipWithoutData();
        var page = Page(data.Recommender, "nobody-knows-me");
        Assert.True(page.Rows.Count >= 3);
        Assert.All(page.Rows.SelectMany(r => r.Items), i => Assert.Empty(i.Reason.Paths));
        if (page.Rows.FirstOrDefault(r => r.Kind == RowKind.Trending) is { } trending)
            Assert.Matches("^Trending this week: [0-9]+ viewers$", trending.Items[0].Reason.Text);
        Assert.All(page.Rows, r => Assert.DoesNotContain("you liked", r.Reason.Text, StringComparison.OrdinalIgnoreCase));
    }

    private void SkipWithoutData()
    {
        if (data.Missing is { } why) Assert.Skip(why);
    }

    private static HomePage Page(Recommender recommender, string viewer) => recommender.Home(viewer, 8, 12, RequestContext.None, Cancel);

    private static string Print(HomePage page) => System.Text.Json.JsonSerializer.Serialize(page);

    private sealed class FixedTime(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
