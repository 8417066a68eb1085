using GraphRec.Core;
using GraphRec.Graph;
using GraphRec.Learning.Evaluation;
using GraphRec.Learning.Models;
using GraphRec.Ranking;
using GraphRec.Ranking.Features;
using GraphRec.Recommend;
using GraphRec.Recommend.Sources;

namespace GraphRec.Learning.Ranking;

/// <summary>The serving pipeline as a model: asked at the moment of the cut, of a graph that ends there.</summary>
public sealed record PipelineModel : IRankingModel
{
    private readonly LiveGraph _graph;
    private readonly HeldOut _held;
    private readonly TrendingCache _trending;
    private readonly TrainedLists? _trained;

    public PipelineModel(HeldOut held, Recipe recipe, TrainedLists? trained)
    {
        var events = held.Split.TrainEvents;
        var regions = events.Where(e => e.Context?.Region is not null).GroupBy(e => e.UserId).ToDictionary(g => g.Key, g => g.Last().Context!.Region!);
        _graph = new LiveGraph(held.Catalogue with { Behaviour = BehaviourFold.All(events), Regions = regions });
        (_held, _trained) = (held, trained);
        Recipe = recipe;
        _trending = new TrendingCache(recipe.TrendingDays);
    }

    public Recipe Recipe { get; init; }

    /// <summary>Who orders the candidates; null for the linear ranker.</summary>
    public LearnedRanker? Learned { get; init; }

    /// <summary>The features of <see cref="RankedList.Matrix"/>.</summary>
    public FeatureSet Features { get; } = new(SourceNames.All);

    /// <summary>Whether the list is re-ranked as it is served, or in order of relevance alone.</summary>
    public bool Served { get; init; } = true;

    public string Name => "pipeline";

    public int ItemCount => _held.Split.Train.Items.Count;

    public IScorer NewScorer() => new UserScorer(ItemCount, Score);

    /// <summary>The list of a viewer, by their number in the split; to be disposed of.</summary>
    public RankedList Rank(int user)
    {
        var (state, id) = (_graph.State, _held.Split.Train.Users[user]);
        var context = new UserContext(id, state.HistoryOf(id), state.Snapshot, Recipe, RequestContext.None, _held.Moment(id));
        return new RankPipeline(Recipe, _trending, trained: _trained, learned: Learned).Rank(context, state.Snapshot);
    }

    private void Score(int user, Span<double> scores)
    {
        using var list = Rank(user);
        for (var d = 0; d < scores.Length; d++) scores[d] = list.IsEligible(d) && !Served ? list.Relevance(d) : double.NegativeInfinity;
        if (!Served) return;
        for (var place = 0; place < list.Window.Length; place++) scores[list.Window[place].Item] = -place;
    }
}
