using GraphRec.Core;
using GraphRec.Graph;
using GraphRec.Ranking;
using GraphRec.Ranking.Features;
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
    private readonly RankModel _model;
    private readonly RankModel _linear;

    public RankPipeline(Recipe recipe, TrendingCache trending, int minCoWatchers = 0, TrainedLists? trained = null, LearnedRanker? learned = null)
    {
        Recipe = recipe;
        _sources = CandidateSources.All(trending, minCoWatchers, trained);
        _model = new RankModel(
            recipe, new LinearRanker(WeightsOf(recipe, trained is null)), _sources, new Freshness(recipe.FreshnessHalfLifeDays),
            new FeatureSet([.. _sources.Select(source => source.Name)]), trending, trained, learned);
        _linear = _model with { Learned = null };
    }

    public Recipe Recipe { get; }
    public IReadOnlyList<ICandidateSource> Sources => _sources;

    /// <summary>
    /// Ranks everything the viewer may be shown, with the learned ranker unless it is to be done linearly. Dispose of the result when
    /// the answer is made: it owns the buffers.
    /// </summary>
    public RankedList Rank(
        UserContext user, GraphSnapshot snapshot, IReadOnlySet<int>? excluded = null, DramaFilter? filter = null, bool linearly = false, CancellationToken cancel = default)
    {
        var workspace = _pool.Rent(snapshot.Dramas.Length, _sources.Length);
        for (var s = 0; s < _sources.Length; s++) _sources[s].Score(user, snapshot, workspace.Scores[s]);
        cancel.ThrowIfCancellationRequested();
        var eligibility = new Eligibility(snapshot, user, Recipe, excluded ?? new HashSet<int>(), new CompiledFilter(snapshot, filter));
        eligibility.Fill(workspace.Eligible);
        cancel.ThrowIfCancellationRequested();
        var list = new RankedList(user, snapshot, workspace, eligibility, linearly ? _linear : _model, _pool);
        list.Order();
        return list;
    }

    /// <summary>
    /// In feature order. While no model is trained, its weight is the other sources' in their proportions, so that pages are those
    /// of a recipe that does not know of the source.
    /// </summary>
    private float[] WeightsOf(Recipe recipe, bool untrained)
    {
        var idle = untrained ? recipe.Sources.GetValueOrDefault(SourceNames.Collaborative) : 0;
        return Array.ConvertAll(_sources, s => (untrained && s.Name == SourceNames.Collaborative) || idle >= 1 ? 0 : recipe.Sources.GetValueOrDefault(s.Name) / (1 - idle));
    }
}

/// <summary>What turns raw source scores into a served score.</summary>
public sealed record RankModel(
    Recipe Recipe, LinearRanker Ranker, IReadOnlyList<ICandidateSource> Sources, Freshness Freshness, FeatureSet Features, TrendingCache Trending,
    TrainedLists? Trained, LearnedRanker? Learned = null);

/// <summary>How fresh a release of some age is: 2^(−days / half-life), from a table, because every request asks it of every drama.</summary>
public sealed class Freshness
{
    private const int TableDays = 366 * 80;
    private readonly double _halfLifeDays;
    private readonly double[] _byAge = new double[TableDays];

    public Freshness(double halfLifeDays)
    {
        _halfLifeDays = halfLifeDays;
        for (var age = 0; age < TableDays; age++) _byAge[age] = Compute(age);
    }

    /// <summary>In (0, 1]; 1 before the release.</summary>
    public double AtAge(int days) => days <= 0 ? 1 : days < TableDays ? _byAge[days] : Compute(days);

    private double Compute(int days) => Math.Pow(2, -days / _halfLifeDays);
}
