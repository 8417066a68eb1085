using GraphRec.Core;
using GraphRec.Graph;
using GraphRec.Ranking;
using GraphRec.Recommend.Reasons;
using GraphRec.Recommend.Sources;

namespace GraphRec.Recommend;

/// <summary>
/// What is like one drama: the same sources, linear ranker and reasons, asked as if that drama were all a viewer had watched and
/// liked. Paths then start at the drama instead of at a viewer. A learned ranker has no part in it: it learned what viewers want next.
/// </summary>
public sealed class SimilarPipeline(RankPipeline pipeline)
{
    /// <summary>Sources that say something about the drama; how popular or new another one is does not make it similar.</summary>
    private static readonly string[] Kin = [SourceNames.Walk, SourceNames.CoWatch, SourceNames.Collaborative, SourceNames.Actors, SourceNames.Directors, SourceNames.Writers, SourceNames.Genres, SourceNames.Tags, SourceNames.NextSeason];

    /// <param name="snapshot">The graph.</param>
    /// <param name="drama">The drama asked about.</param>
    /// <param name="viewer">Who asks; with an empty id nobody does.</param>
    /// <param name="neighbours">The drama's neighbours as fetched from a store; null for the snapshot's.</param>
    /// <param name="first">How many at most.</param>
    /// <param name="pageId">Attribution ids start with it.</param>
    /// <param name="cancel">Stops the work.</param>
    public IReadOnlyList<Recommendation> Answer(
        GraphSnapshot snapshot, int drama, UserContext viewer, NeighbourLists? neighbours, int first, string pageId, CancellationToken cancel)
    {
        var asked = new BehaviourEdge(viewer.UserId, EdgeType.Watched, NodeRef.Drama(snapshot.Dramas[drama].Id), 1, viewer.Now, viewer.Now, 1);
        var asIf = new UserContext(viewer.UserId, UserHistory.Of([asked]), snapshot, pipeline.Recipe, new RequestContext(viewer.Device, viewer.Region), viewer.Now) { Neighbours = neighbours };
        var eligibility = new Eligibility(snapshot, viewer, pipeline.Recipe, new HashSet<int>(), new CompiledFilter(snapshot, null));
        // What the viewer may not see is left out before the top is cut; an anonymous question has no viewer to ask.
        var why = new Ineligible[snapshot.Dramas.Length];
        eligibility.Fill(why);
        var hidden = viewer.UserId.Length == 0 ? new HashSet<int>()
            : Enumerable.Range(0, why.Length).Where(d => why[d] is not (Ineligible.No or Ineligible.EarlierSeasonFirst)).ToHashSet();
        using var list = pipeline.Rank(asIf, snapshot, hidden, linearly: true, cancel: cancel);
        var verifier = new PathVerifier(snapshot, UserHistory.Empty, pipeline.Recipe.MinCoWatchers);
        var paths = new PathFactory(snapshot, asIf);
        var scored = Enumerable.Range(0, snapshot.Dramas.Length).Where(list.IsEligible)
            .Select(d => (Drama: d, Score: KinScore(list, d))).Where(x => x.Score > 0)
            .OrderByDescending(x => x.Score).ThenBy(x => x.Drama);
        var items = new List<Recommendation>(first);
        var best = 0.0;
        foreach (var (candidate, score) in scored)
        {
            if (items.Count == first) break;
            if (ReasonFor(list, paths, verifier, candidate, score) is not { } reason) continue;
            best = Math.Max(best, score);
            items.Add(new Recommendation(snapshot.Dramas[candidate], score, (int)Math.Round(100 * score / best), reason, KinLedger(list, candidate), AttributionId.Of(pageId, items.Count)));
        }
        return items;
    }

    private static IEnumerable<int> KinSources(RankedList list) =>
        Enumerable.Range(0, list.Model.Sources.Count).Where(s => Kin.Contains(list.Model.Sources[s].Name));

    private static double KinScore(RankedList list, int drama) => KinSources(list).Sum(s => list.PartOf(s, drama));

    private static List<Contribution> KinLedger(RankedList list, int drama) =>
        KinSources(list).Select(s => new Contribution(list.Model.Sources[s].Name, list.PartOf(s, drama))).Where(c => c.Value != 0).ToList();

    private static Reason? ReasonFor(RankedList list, PathFactory factory, PathVerifier verifier, int drama, double score)
    {
        foreach (var source in KinSources(list).OrderByDescending(s => list.PartOf(s, drama)).ThenBy(s => s))
        {
            var evidence = new List<Evidence>();
            list.Model.Sources[source].Explain(list.User, list.Snapshot, drama, evidence);
            var usable = evidence.Where(e => e.Raw > 0 && (e.Via != EdgeType.CoWatched || e.Count >= list.Model.Recipe.MinCoWatchers))
                .OrderByDescending(e => e.Raw).ThenBy(e => e.Through).Take(list.Model.Recipe.MaxPaths).ToList();
            var cited = usable.Select(e => factory.Between(drama, e, Math.Clamp(e.Raw * list.RawToScore(source, drama) / score, 0, 1))).Where(verifier.Verify).ToList();
            if (cited.Count > 0) return new Reason(ReasonText.KindOf(list.Model.Sources[source].Name), ReasonText.Between(list, list.Model.Sources[source].Name, usable), cited);
        }
        return null;
    }
}
