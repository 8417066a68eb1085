using CsCheck;
using GraphRec.Core;
using GraphRec.Graph;
using GraphRec.Recommend;
using Xunit;

namespace GraphRec.Tests.Recommend;

public sealed class SimilarPipelineTests
{
    private static readonly Drama[] Dramas =
    [
        World.Drama("asked") with { Genres = ["Crime"], Tags = ["food"] }, World.Drama("both") with { Genres = ["Crime"], Tags = ["food"] },
        World.Drama("genre") with { Genres = ["Crime"] }, World.Drama("none") with { Genres = ["Comedy"] }, World.Drama("sequel") with { Follows = "asked" }, World.Drama("third") with { Follows = "sequel" },
    ];

    private static readonly Credit[] Credits = [new("asked", "p", CreditRole.Director, 1), new("both", "p", CreditRole.Director, 1)];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void What_shares_more_comes_first_and_what_shares_nothing_not_at_all()
    {
        var items = Ask(World.Export(Dramas, Credits), null);
        Assert.Equal(["both", "sequel", "genre"], items.Select(i => i.Drama.Id));
        Assert.Equal(100, items[0].MatchPercent);
        Assert.Equal("The next season", items[1].Reason.Text);
        Assert.Equal("Both Crime", items[2].Reason.Text);
        Assert.All(items, i => Assert.Equal(i.Score, i.Ledger.Sum(c => c.Value), 1e-9));
        Assert.All(items, i => Assert.All(i.Reason.Paths, p => Assert.Equal(("asked", i.Drama.Id), (p.Nodes[0].Node.Id, p.Nodes[^1].Node.Id))));
    }

    [Fact]
    public void Popularity_makes_nothing_similar()
    {
        string[] popular = ["none", "genre"];
        var fans = Enumerable.Range(0, 9).Select(u => World.Edge(EdgeType.Watched, popular[u % 2], user: $"u{u}"));
        var (before, after) = (Ask(World.Export(Dramas, Credits), null), Ask(World.Export(Dramas, Credits, fans), null));
        Assert.Equal(before.Select(i => i.Drama.Id), after.Select(i => i.Drama.Id));
        Assert.Equal(["genres"], after.Single(i => i.Drama.Id == "genre").Ledger.Select(c => c.Source));
    }

    [Fact]
    public void A_viewer_is_shown_only_what_they_may_be_shown()
    {
        Assert.Equal(["sequel", "genre"], For(World.Edge(EdgeType.Watched, "both", 1)));
        Assert.Equal(["sequel", "genre"], For(World.Mute(NodeKind.Drama, "both")));
        Assert.Equal(["sequel"], For(World.Mute(NodeKind.Genre, "Crime")));
        Assert.Equal(["sequel", "genre"], For(World.Mute(NodeKind.Person, "p")));
        Assert.Equal(["sequel", "genre"], For(World.Edge(EdgeType.Skipped, "both", 1, 3)));
        Assert.Equal(["both", "sequel", "genre"], For(World.Edge(EdgeType.Clicked, "both")));

        static IEnumerable<string> For(BehaviourEdge edge) => Ask(World.Export(Dramas, Credits, [edge]), World.Viewer).Select(i => i.Drama.Id);
    }

    [Fact]
    public void An_unknown_drama_is_an_error_that_names_it() =>
        Assert.Contains("'nothing'", Assert.Throws<InvalidInputException>(() => Recommender(World.Export(Dramas)).Similar("nothing", 5, null, Cancel)).Message);

    [Fact]
    public void Answers_are_whole_on_any_graph() => World.Towns.Sample(export =>
    {
        var recommender = Recommender(export);
        foreach (var drama in export.Dramas)
        {
            var items = recommender.Similar(drama.Id, 10, null, Cancel);
            Assert.InRange(items.Count, 0, 10);
            Assert.DoesNotContain(items, i => i.Drama.Id == drama.Id);
            Assert.Equal(items.OrderByDescending(i => i.Score).ThenBy(i => i.Drama.Id, StringComparer.Ordinal).Select(i => i.Drama.Id), items.Select(i => i.Drama.Id));
            foreach (var item in items)
            {
                Assert.Equal(item.Score, item.Ledger.Sum(c => c.Value), 1e-9);
                Assert.NotEmpty(item.Reason.Paths);
                Assert.All(item.Reason.Paths, p => Assert.Equal((drama.Id, item.Drama.Id), (p.Nodes[0].Node.Id, p.Nodes[^1].Node.Id)));
            }
        }
    }, iter: 20);

    private static IReadOnlyList<Recommendation> Ask(GraphExport export, string? viewer) => Recommender(export).Similar("asked", 10, viewer, Cancel);

    private static Recommender Recommender(GraphExport export) => new(new LiveGraph(export), Recipe.Default, World.Clock);
}
