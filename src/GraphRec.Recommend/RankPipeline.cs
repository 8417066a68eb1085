using GraphRec.Core;
using GraphRec.Graph;
using GraphRec.Ranking;
using GraphRec.Recommend.Sources;

namespace GraphRec.Recommend;

/// <summary>
/// Steps 1 to 7 of the read line: context, candidates, merge, eligibility, features, ranker, re-ranking. One list comes
/// out, from which every row takes its dramas, so that a drama has one score, one rank and one reason.
/// </summary>
public sealed class RankPipeline
{
    private readonly Workspace.Pool _pool = new();
    private readonly ICandidateSource[] _sources;
    private readonly LinearRanker _ranker;

    public RankPipeline(Recipe recipe, TrendingCache trending)
    {
        Recipe = recipe;
        _sources = CandidateSources.All(trending);
        _ranker = new LinearRanker(_sources.Select(s => recipe.Sources.GetValueOrDefault(s.Name)).ToArray());
    }

    public Recipe Recipe { get; }
    public IReadOnlyList<ICandidateSource> Sources => _sources;

    /// <summary>
    /// Ranks everything the viewer may be shown. Dispose of the result when the answer is made: it owns the buffers.
    /// </summary>
    public RankedList Rank(UserContext user, GraphSnapshot snapshot, IReadOnlySet<int>? excluded = null, DramaFilter? filter = null, CancellationToken cancel = default)
    {
        var workspace = _pool.Rent(snapshot.Dramas.Length, _sources.Length);
        for (var s = 0; s < _sources.Length; s++) _sources[s].Score(user, snapshot, workspace.Scores[s]);
        cancel.ThrowIfCancellationRequested();
        var eligibility = new Eligibility(snapshot, user, Recipe, excluded ?? new HashSet<int>(), new CompiledFilter(snapshot, filter));
        for (var d = 0; d < snapshot.Dramas.Length; d++) workspace.Eligible[d] = eligibility.Of(d);
        cancel.ThrowIfCancellationRequested();
        var list = new RankedList(user, snapshot, workspace, eligibility, new RankModel(Recipe, _ranker, _sources), _pool);
        list.Order();
        return list;
    }
}

/// <summary>What turns raw source scores into a served score: one request's recipe, ranker and sources.</summary>
public sealed record RankModel(Recipe Recipe, LinearRanker Ranker, IReadOnlyList<ICandidateSource> Sources);
