using GraphRec.Core;
using GraphRec.Graph;
using GraphRec.Recommend;
using GraphRec.Recommend.Sources;
using Xunit;

namespace GraphRec.EndToEnd.Reasons;

public sealed class SeedFaithfulnessTests(SeedData data) : FaithfulnessTests(data), IClassFixture<SeedData>;

public sealed class MovieLensFaithfulnessTests(MovieLensData data) : FaithfulnessTests(data), IClassFixture<MovieLensData>;

/// <summary>
/// Are the cited edges why the drama stands where it stands? They are taken out of the graph, and the drama must fall; as
/// many random edges of the same viewer are taken out, and it must fall clearly less often (deletion test, as in DeYoung
/// et al., "ERASER", ACL 2020, "comprehensiveness").
/// </summary>
/// <remarks>
/// Two things that would flatter the figure are kept out: dramas whose edges are taken away do not come back as
/// candidates (they would push everything down by one), and standing still or rising both count as not fallen.
/// </remarks>
public abstract class FaithfulnessTests(RealData data)
{
    private const int Samples = 500;

    [Fact]
    public void Taking_the_cited_edges_away_lowers_the_rank()
    {
        if (data.Missing is { } why) Assert.Skip(why);
        var (cited, random, count) = (0, 0, 0);
        var chance = new Random(7);
        foreach (var (viewer, item) in Sample())
        {
            var before = RankWithout(viewer, item.Drama.Id, []);
            var edges = item.Reason.Paths.SelectMany(p => p.Edges).Where(e => e.Type != EdgeType.CoWatched)
                .Select(e => (e.Type, e.From, e.To)).ToHashSet();
            if (RankWithout(viewer, item.Drama.Id, edges) > before) cited++;
            var own = data.Graph.State.HistoryOf(viewer).Edges.Select(e => (e.Type, new NodeRef(NodeKind.User, viewer), e.Target)).ToArray();
            chance.Shuffle(own);
            if (RankWithout(viewer, item.Drama.Id, own.Take(edges.Count).ToHashSet()) > before) random++;
            count++;
        }
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{count} recommendations: cited edges removed, rank falls in {100.0 * cited / count:0.0} %; as many random edges of the viewer removed, in {100.0 * random / count:0.0} %");
        Assert.Equal(Samples, count);
        Assert.True(cited >= 0.9 * count, $"the rank falls in only {cited} of {count}");
        Assert.True(random <= cited - 0.1 * count, $"random removal lowers {random} of {count}, cited removal {cited}");
    }

    /// <summary>Recommendations that cite paths, spread over viewers and over their lists; the same ones every time.</summary>
    private IEnumerable<(string Viewer, Recommendation Item)> Sample()
    {
        var chance = new Random(11);
        var taken = 0;
        foreach (var viewer in data.Viewers(400))
        {
            var page = data.Recommender.Recommend(viewer, 20, 0, [], new DramaFilter(), RequestContext.None, TestContext.Current.CancellationToken);
            var items = page.Items.Where(i => i.Reason.Paths.Count > 0).ToArray();
            chance.Shuffle(items);
            foreach (var item in items.Take(2))
            {
                if (taken++ == Samples) yield break;
                yield return (viewer, item);
            }
        }
    }

    /// <summary>The drama's rank in the graph without some edges; worse than any rank when it is no longer eligible.</summary>
    private int RankWithout(string viewer, string drama, HashSet<(EdgeType Type, NodeRef From, NodeRef To)> edges)
    {
        var snapshot = data.Graph.State.Snapshot;
        var history = data.Graph.State.HistoryOf(viewer);
        var user = new NodeRef(NodeKind.User, viewer);
        var rest = UserHistory.Of(history.Edges.Where(e => !edges.Contains((e.Type, user, e.Target))));
        var thinned = edges.Count == 0 ? snapshot : snapshot.Without(edges);
        var seen = history.Edges.Where(e => e.Type is EdgeType.Watched or EdgeType.Rated or EdgeType.Reviewed)
            .Select(e => snapshot.Graph.Nodes(NodeKind.Drama).Find(e.Target.Id)).ToHashSet();
        var context = new UserContext(viewer, rest, thinned, Recipe.Default, RequestContext.None, data.Now);
        using var list = new RankPipeline(Recipe.Default, new TrendingCache(Recipe.Default.TrendingDays)).Rank(context, thinned, seen);
        return list.RankOf(snapshot.Graph.Nodes(NodeKind.Drama).Find(drama)) ?? int.MaxValue;
    }
}
