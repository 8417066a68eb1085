using System.Text.Json;
using GraphRec.Core;
using GraphRec.Graph;
using GraphRec.Ranking;
using GraphRec.Recommend.Reasons;
using GraphRec.Recommend.Sources;

namespace GraphRec.Recommend;

/// <summary>
/// Answers from the live graph. Every method takes the graph once, so that one answer comes from one version; none of
/// them blocks or waits.
/// </summary>
public sealed class Recommender
{
    private readonly LiveGraph _graph;
    private readonly TimeProvider _clock;
    private readonly ImpressionRecorder? _impressions;
    private readonly StoreHealth? _store;
    private readonly TrendingCache _trending;
    private readonly RankPipeline _pipeline;
    private readonly HomePipeline _home;

    /// <param name="graph">The graph to answer from.</param>
    /// <param name="recipe">What is tuned; <see cref="Recipe.Default"/> if in doubt.</param>
    /// <param name="clock">The time, where a request does not name one.</param>
    /// <param name="impressions">Records what is shown; null to record nothing.</param>
    /// <param name="store">While it says that the store is away, pages say that they are degraded; null for no store to watch.</param>
    public Recommender(LiveGraph graph, Recipe recipe, TimeProvider clock, ImpressionRecorder? impressions = null, StoreHealth? store = null)
    {
        (_graph, _clock, _impressions, _store) = (graph, clock, impressions, store);
        _trending = new TrendingCache(recipe.TrendingDays);
        _pipeline = new RankPipeline(recipe, _trending);
        _home = new HomePipeline(_trending);
        ModelVersion = $"{LinearRanker.Version}/{recipe.Name}";
    }

    /// <summary>The ranker and the recipe that answers come from.</summary>
    public string ModelVersion { get; }

    /// <summary>The viewer's page. An unknown viewer gets the page of someone who has done nothing yet.</summary>
    public HomePage Home(string userId, int rows, int itemsPerRow, RequestContext context, CancellationToken cancel)
    {
        var state = _graph.State;
        var (user, version) = ContextOf(state, userId, context);
        var pageId = AttributionId.Page($"home {rows} {itemsPerRow} {user.Region}", userId, user.Now, version);
        using var list = _pipeline.Rank(user, state.Snapshot, cancel: cancel);
        var (page, degraded) = _home.Compose(list, rows, itemsPerRow, pageId, cancel);
        _impressions?.Record(pageId, user, version, ModelVersion, list, page);
        return new HomePage(userId, page, version, ModelVersion, degraded || _store is { Reachable: false });
    }

    /// <summary>The ranked list from rank <paramref name="offset"/> on.</summary>
    public RecommendationPage Recommend(string userId, int first, int offset, IReadOnlyList<string> exclude, DramaFilter filter, RequestContext context, CancellationToken cancel)
    {
        var state = _graph.State;
        var (user, version) = ContextOf(state, userId, context);
        var pageId = AttributionId.Page($"recommendations {first} {offset} {string.Join(',', exclude)} {JsonSerializer.Serialize(filter)} {user.Region}", userId, user.Now, version);
        // An excluded id that is not there excludes nothing: it may have left the catalogue since the client saw it.
        var excluded = exclude.Select(state.Snapshot.Graph.Nodes(NodeKind.Drama).Find).ToHashSet();
        using var list = _pipeline.Rank(user, state.Snapshot, excluded, filter, cancel);
        var explainer = new Explainer(list, _trending);
        var items = new List<Recommendation>(first);
        for (var i = offset; i < Math.Min(offset + first, list.Window.Length); i++)
        {
            var drama = list.Window[i].Item;
            items.Add(HomePipeline.Recommend(list, explainer, drama, explainer.Best(drama), AttributionId.Of(pageId, i - offset)));
        }
        _impressions?.Record(pageId, user, version, ModelVersion, list, "LIST", items);
        return new RecommendationPage(items, offset, offset + first < list.Window.Length, version);
    }

    /// <summary>What is like a drama; with a viewer, only what they may be shown.</summary>
    /// <exception cref="InvalidInputException">The drama does not exist.</exception>
    public IReadOnlyList<Recommendation> Similar(string dramaId, int first, string? userId, CancellationToken cancel)
    {
        var state = _graph.State;
        var drama = DramaOf(state.Snapshot, dramaId);
        var (user, version) = ContextOf(state, userId ?? "", RequestContext.None);
        var pageId = AttributionId.Page($"similar {dramaId} {first}", userId ?? "", user.Now, version);
        return new SimilarPipeline(_pipeline).Answer(state.Snapshot, drama, user, first, pageId, cancel);
    }

    /// <summary>Why the drama is, or is not, recommended to the viewer.</summary>
    /// <exception cref="InvalidInputException">The drama does not exist.</exception>
    public Explanation Explain(string userId, string dramaId, CancellationToken cancel)
    {
        var state = _graph.State;
        var drama = DramaOf(state.Snapshot, dramaId);
        using var list = _pipeline.Rank(ContextOf(state, userId, RequestContext.None).User, state.Snapshot, cancel: cancel);
        var facts = state.Snapshot.Dramas[drama];
        var why = list.Why(drama);
        if (why != Ineligible.No) return new Explanation(facts, false, null, null, [], [], [list.Eligibility.Sentence(why, drama)]);
        var rank = list.RankOf(drama)!.Value;
        var recommended = rank <= list.Window.Length;
        var reasons = new Explainer(list, _trending).All(drama);
        string[] whyNot = recommended ? [] : [$"It ranks {rank}; pages go down to rank {list.Window.Length}.", WhyLow(list, drama)];
        return new Explanation(facts, recommended, rank, list.ScoreOf(drama), reasons, list.Ledger(drama), whyNot);
    }

    private static string WhyLow(RankedList list, int drama)
    {
        var relevance = list.Relevance(drama);
        return relevance <= 0
            ? "Nothing you watched or rated leads to it."
            : $"What you watched leads to it, but with {relevance:P0} of the strength of your best match.";
    }

    private (UserContext User, string Version) ContextOf(GraphState state, string userId, RequestContext context)
    {
        var (history, version) = state.Read(userId);
        return (new UserContext(userId, history, state.Snapshot, _pipeline.Recipe, context, context.At ?? _clock.GetUtcNow()), version.ToString());
    }

    private static int DramaOf(GraphSnapshot snapshot, string dramaId) =>
        snapshot.Graph.Nodes(NodeKind.Drama).Find(dramaId) is >= 0 and var index
            ? index
            : throw new InvalidInputException(ErrorCodes.NotFound, $"There is no drama with id '{dramaId}'. Ids are those of the catalogue and look like 'my-mister-2018'.");
}
