using GraphRec.Core;
using GraphRec.Graph;
using GraphRec.Recommend;
using GraphRec.Recommend.Sources;

namespace GraphRec.Benchmarks;

/// <summary>How often a drama falls in rank when edges are taken away.</summary>
/// <param name="Samples">Recommendations that were tried.</param>
/// <param name="Cited">Fell when the edges that its reason cites were taken away.</param>
/// <param name="Random">Fell when as many random edges of the same viewer were taken away.</param>
public sealed record FaithfulnessResult(int Samples, int Cited, int Random)
{
    public override string ToString() =>
        $"{Samples} recommendations: cited edges removed, rank falls in {100.0 * Cited / Samples:0.0} %; as many random edges of the viewer removed, in {100.0 * Random / Samples:0.0} %";
}

/// <summary>
/// Are the cited edges why a drama stands where it stands? They are taken out of the graph, and it must fall; as many
/// random edges of the same viewer are taken out, and it must fall clearly less often (deletion test, DeYoung et al.,
/// "ERASER", ACL 2020, "comprehensiveness").
/// </summary>
/// <remarks>
/// Two things that would flatter the figure are kept out: dramas whose edges are taken away do not come back as
/// candidates (they would push everything down by one), and standing still or rising both count as not fallen.
/// Random edges are drawn among those that say something of the viewer's taste; CO_WATCHED is other viewers' doing, and
/// stays, and so does what a model was trained on.
/// </remarks>
public sealed class Faithfulness(LiveGraph graph, Recipe recipe, DateTimeOffset now, TrainedLists? trained = null)
{
    private readonly Recommender _recommender = new(graph, recipe, new StoppedClock(now), trained: trained);
    private readonly RankPipeline _pipeline = new(recipe, new TrendingCache(recipe.TrendingDays), trained: trained);

    public FaithfulnessResult Run(IEnumerable<string> viewers, int samples, CancellationToken cancel)
    {
        var (cited, random, count) = (0, 0, 0);
        var chance = new Random(7);
        foreach (var (viewer, item) in Sample(viewers, samples, cancel))
        {
            var before = RankWithout(viewer, item.Drama.Id, []);
            var edges = item.Reason.Paths.SelectMany(p => p.Edges).Where(e => e.Type != EdgeType.CoWatched)
                .Select(e => (e.Type, e.From, e.To)).ToHashSet();
            if (RankWithout(viewer, item.Drama.Id, edges) > before) cited++;
            var own = graph.State.HistoryOf(viewer).Edges.Where(e => Taste.Part(e, now) != 0)
                .Select(e => (e.Type, new NodeRef(NodeKind.User, viewer), e.Target)).ToArray();
            chance.Shuffle(own);
            if (RankWithout(viewer, item.Drama.Id, own.Take(edges.Count).ToHashSet()) > before) random++;
            count++;
        }
        return new FaithfulnessResult(count, cited, random);
    }

    /// <summary>Recommendations that cite paths, spread over viewers and over their lists; the same ones every time.</summary>
    private IEnumerable<(string Viewer, Recommendation Item)> Sample(IEnumerable<string> viewers, int samples, CancellationToken cancel)
    {
        var chance = new Random(11);
        var taken = 0;
        foreach (var viewer in viewers)
        {
            var page = _recommender.Recommend(viewer, 20, 0, [], new DramaFilter(), RequestContext.None, cancel);
            var items = page.Items.Where(i => i.Reason.Paths.Count > 0).ToArray();
            chance.Shuffle(items);
            foreach (var item in items.Take(2))
            {
                if (taken++ == samples) yield break;
                yield return (viewer, item);
            }
        }
    }

    /// <summary>The drama's rank in the graph without some edges; worse than any rank when it is no longer eligible.</summary>
    private int RankWithout(string viewer, string drama, HashSet<(EdgeType Type, NodeRef From, NodeRef To)> edges)
    {
        var snapshot = graph.State.Snapshot;
        var history = graph.State.HistoryOf(viewer);
        var user = new NodeRef(NodeKind.User, viewer);
        var rest = UserHistory.Of(history.Edges.Where(e => !edges.Contains((e.Type, user, e.Target))));
        var thinned = edges.Count == 0 ? snapshot : snapshot.Without(edges);
        var seen = history.Edges.Where(e => e.Type is EdgeType.Watched or EdgeType.Rated or EdgeType.Reviewed)
            .Select(e => snapshot.Graph.Nodes(NodeKind.Drama).Find(e.Target.Id)).ToHashSet();
        var context = new UserContext(viewer, rest, thinned, recipe, RequestContext.None, now);
        using var list = _pipeline.Rank(context, thinned, seen);
        return list.RankOf(snapshot.Graph.Nodes(NodeKind.Drama).Find(drama)) ?? int.MaxValue;
    }

    private sealed class StoppedClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
