using GraphRec.Core;
using GraphRec.Graph;
using GraphRec.Recommend;
using Xunit;

namespace GraphRec.Tests.Recommend;

/// <summary>What a curator may do wrong: all of it is listed, and none of it breaks serving.</summary>
public sealed class InvalidEditTests
{
    private static readonly GraphExport Good = World.Random(11, 60, 120);

    private static readonly GraphExport Broken = Good with
    {
        Dramas =
        [
            .. Good.Dramas.Select((d, i) => i switch
            {
                0 => d with { Follows = d.Id },
                1 => d with { Follows = Good.Dramas[2].Id },
                2 => d with { Follows = Good.Dramas[1].Id },
                3 => d with { Follows = "no-such-season" },
                4 => d with { Genres = [], Tags = [], Networks = [] },
                5 => d with { Title = "", Genres = ["", "Crime", "Crime"] },
                _ => d,
            }),
        ],
        Credits =
        [
            .. Good.Credits, new Credit(Good.Dramas[6].Id, "nobody", CreditRole.Actor, 1, "Kim Shin"), new Credit("no-such-drama", "person-1", CreditRole.Actor, 1, null, "main"),
            new Credit(Good.Dramas[7].Id, "second-1", CreditRole.Director, Credit.NoOrder), new Credit(Good.Dramas[7].Id, "second-2", CreditRole.Director, Credit.NoOrder),
        ],
        People = [.. Good.People, new Person("second-1", "Twin"), new Person("second-2", "twin")],
        Behaviour =
        [
            .. Good.Behaviour, World.Edge(EdgeType.Watched, "no-such-drama"), World.Edge(EdgeType.Watchlisted, "no-such-drama"), World.Mute(NodeKind.Person, "nobody"),
            World.Mute(NodeKind.Genre, "no such genre"), World.Mute(NodeKind.Tag, "no such tag"), World.Mute(NodeKind.Drama, "no-such-drama"),
        ],
        Issues = [new GraphIssue("stub", "no-such-drama", "give it a title")],
    };

    [Fact]
    public void Each_is_listed()
    {
        var counts = new GraphSnapshot(Broken, 1).Issues.CountBy(i => i.Kind).ToDictionary();
        Assert.Equal((9, 2, 1, 1), (counts[Doctor.DanglingEdge], counts[Doctor.SeasonCycle], counts[Doctor.SecondDirector], counts["stub"]));
        Assert.True(counts[Doctor.NoGenre] >= 1);
        Assert.Equal(1, counts[Doctor.DuplicatePerson]);
    }

    [Fact]
    public void Pages_are_served_from_a_graph_with_all_of_them()
    {
        var cancel = TestContext.Current.CancellationToken;
        var graph = new LiveGraph(Good);
        Assert.True(graph.ReplaceCatalog(Broken.Catalog, 2, Broken.Issues, cancel: cancel));
        foreach (var served in (LiveGraph[])[graph, new LiveGraph(Broken)])
        {
            var recommender = new Recommender(served, Recipe.Default, World.Clock);
            var pages = 0;
            foreach (var user in Broken.Behaviour.Select(b => b.UserId).Distinct().Append("nobody"))
            {
                var page = recommender.Home(user, 30, 50, RequestContext.None, cancel);
                Assert.False(page.Degraded);
                Assert.NotEmpty(page.Rows);
                pages++;
                foreach (var drama in served.State.Snapshot.Dramas) recommender.Explain(user, drama.Id, cancel);
            }
            Assert.True(pages > 10);
        }
    }
}
