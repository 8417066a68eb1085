using System.Text.Json;
using GraphRec.Core;
using GraphRec.Graph;
using GraphRec.Ranking;
using GraphRec.Recommend.Curation;
using GraphRec.Recommend.Reasons;
using GraphRec.Recommend.Sources;

namespace GraphRec.Recommend;

/// <summary>
/// Answers from the live graph. Every method takes the graph once, so that one answer comes from one version; none that
/// answers a viewer blocks. Those that are not asynchronous answer from the snapshot alone; the others fetch candidates
/// from a store first, where there is one for them, and are the same otherwise.
/// </summary>
public sealed class Recommender
{
    private readonly LiveGraph _graph;
    private readonly TimeProvider _clock;
    private readonly ImpressionRecorder? _impressions;
    private readonly StoreHealth? _store;
    private readonly StoredCandidates? _candidates;
    private readonly Recipe _recipe;
    private readonly TrendingCache _trending;
    private readonly HomePipeline _home;
    private Engine _engine;

    /// <param name="graph">The graph to answer from.</param>
    /// <param name="recipe">What is tuned; <see cref="Recipe.Default"/> if in doubt.</param>
    /// <param name="clock">The time, where a request does not name one.</param>
    /// <param name="impressions">Records what is shown; null to record nothing.</param>
    /// <param name="store">While it says that the store is away, pages say that they are degraded; null for no store to watch.</param>
    /// <param name="candidates">Where candidates come from beside the snapshot; null for the snapshot alone.</param>
    /// <param name="trained">What a trained model says, until <see cref="Use"/> names another; null while there is none.</param>
    /// <param name="learned">The ranker of the same version; null for the linear one.</param>
    public Recommender(
        LiveGraph graph, Recipe recipe, TimeProvider clock, ImpressionRecorder? impressions = null, StoreHealth? store = null, StoredCandidates? candidates = null,
        TrainedLists? trained = null, LearnedRanker? learned = null)
    {
        (_graph, _clock, _impressions, _store, _candidates) = (graph, clock, impressions, store, candidates);
        _recipe = recipe;
        _trending = new TrendingCache(recipe.TrendingDays);
        _home = new HomePipeline(_trending);
        _engine = EngineOf(trained, learned);
    }

    /// <summary>The ranker, the recipe and the trained model that answers come from.</summary>
    public string ModelVersion => Volatile.Read(ref _engine).ModelVersion;

    /// <summary>
    /// Answers that begin from now on come from this trained model and this ranker; null for none. An answer that has begun keeps
    /// those that it began with.
    /// </summary>
    public void Use(TrainedLists? trained, LearnedRanker? learned = null) => Volatile.Write(ref _engine, EngineOf(trained, learned));

    /// <summary>Whether the stored graph is away, so that answers go on from memory, as it was.</summary>
    public bool StoreAway => _store is { Reachable: false };

    /// <summary>Whether the asynchronous methods wait for a store.</summary>
    public bool Fetches => _candidates is not null;

    /// <summary>The viewer's page. An unknown viewer gets the page of someone who has done nothing yet.</summary>
    public HomePage Home(string userId, int rows, int itemsPerRow, RequestContext context, CancellationToken cancel) =>
        Home(Ask(userId, context), rows, itemsPerRow, fellBack: false, cancel);

    /// <inheritdoc cref="Home(string, int, int, RequestContext, CancellationToken)"/>
    public async Task<HomePage> HomeAsync(string userId, int rows, int itemsPerRow, RequestContext context, CancellationToken cancel)
    {
        var asked = Ask(userId, context);
        var fetched = await FetchAsync(asked, cancel).ConfigureAwait(false);
        return Home(asked, rows, itemsPerRow, !fetched, cancel);
    }

    private HomePage Home(Asked asked, int rows, int itemsPerRow, bool fellBack, CancellationToken cancel)
    {
        var (state, engine, user, version) = asked;
        var pageId = AttributionId.Page($"home {rows} {itemsPerRow} {user.Region}", user.UserId, user.Now, version);
        using var list = engine.Pipeline.Rank(user, state.Snapshot, cancel: cancel);
        var (page, degraded) = _home.Compose(list, rows, itemsPerRow, pageId, cancel);
        _impressions?.Record(pageId, user, version, engine.ModelVersion, list, page);
        return new HomePage(user.UserId, page, version, engine.ModelVersion, degraded || fellBack || StoreAway);
    }

    /// <summary>The ranked list from rank <paramref name="offset"/> on.</summary>
    public RecommendationPage Recommend(string userId, int first, int offset, IReadOnlyList<string> exclude, DramaFilter filter, RequestContext context, CancellationToken cancel) =>
        Recommend(Ask(userId, context), first, offset, exclude, filter, fellBack: false, cancel);

    /// <inheritdoc cref="Recommend(string, int, int, IReadOnlyList{string}, DramaFilter, RequestContext, CancellationToken)"/>
    public async Task<RecommendationPage> RecommendAsync(
        string userId, int first, int offset, IReadOnlyList<string> exclude, DramaFilter filter, RequestContext context, CancellationToken cancel)
    {
        var asked = Ask(userId, context);
        var fetched = await FetchAsync(asked, cancel).ConfigureAwait(false);
        return Recommend(asked, first, offset, exclude, filter, !fetched, cancel);
    }

    private RecommendationPage Recommend(Asked asked, int first, int offset, IReadOnlyList<string> exclude, DramaFilter filter, bool fellBack, CancellationToken cancel)
    {
        var (state, engine, user, version) = asked;
        var pageId = AttributionId.Page($"recommendations {first} {offset} {string.Join(',', exclude)} {JsonSerializer.Serialize(filter)} {user.Region}", user.UserId, user.Now, version);
        // An excluded id that is not there excludes nothing: it may have left the catalogue since the client saw it.
        var excluded = exclude.Select(state.Snapshot.Graph.Nodes(NodeKind.Drama).Find).ToHashSet();
        using var list = engine.Pipeline.Rank(user, state.Snapshot, excluded, filter, cancel: cancel);
        var explainer = new Explainer(list, _trending);
        var items = new List<Recommendation>(first);
        int[] shown = [.. list.Window.ToArray().Skip(offset).Take(first).Select(item => item.Item)];
        list.Explain(shown);
        for (var i = 0; i < shown.Length; i++)
            items.Add(HomePipeline.Recommend(list, explainer, shown[i], explainer.Best(shown[i]), AttributionId.Of(pageId, i)));
        _impressions?.Record(pageId, user, version, engine.ModelVersion, list, "LIST", items);
        return new RecommendationPage(items, offset, offset + first < list.Window.Length, version, explainer.Unverified > 0 || list.FellBack || fellBack || StoreAway);
    }

    /// <summary>What is like a drama; with a viewer, only what they may be shown.</summary>
    /// <exception cref="InvalidInputException">The drama does not exist.</exception>
    public IReadOnlyList<Recommendation> Similar(string dramaId, int first, string? userId, CancellationToken cancel)
    {
        var asked = Ask(userId ?? "", RequestContext.None);
        return Similar(asked, DramaOf(asked.State.Snapshot, dramaId), null, first, cancel);
    }

    /// <inheritdoc cref="Similar(string, int, string?, CancellationToken)"/>
    public async Task<IReadOnlyList<Recommendation>> SimilarAsync(string dramaId, int first, string? userId, CancellationToken cancel)
    {
        var asked = Ask(userId ?? "", RequestContext.None);
        var drama = DramaOf(asked.State.Snapshot, dramaId);
        var neighbours = _candidates is null ? null : await _candidates.FetchAsync(asked.State.Snapshot, [drama], cancel).ConfigureAwait(false);
        return Similar(asked, drama, neighbours, first, cancel);
    }

    private IReadOnlyList<Recommendation> Similar(Asked asked, int drama, NeighbourLists? neighbours, int first, CancellationToken cancel)
    {
        var (state, engine, user, version) = asked;
        var pageId = AttributionId.Page($"similar {state.Snapshot.Dramas[drama].Id} {first}", user.UserId, user.Now, version);
        return new SimilarPipeline(engine.Pipeline).Answer(state.Snapshot, drama, user, neighbours, first, pageId, cancel);
    }

    /// <summary>Why the drama is, or is not, recommended to the viewer.</summary>
    /// <exception cref="InvalidInputException">The drama does not exist.</exception>
    public Explanation Explain(string userId, string dramaId, CancellationToken cancel)
    {
        var asked = Ask(userId, RequestContext.None);
        return Explain(asked, DramaOf(asked.State.Snapshot, dramaId), cancel);
    }

    /// <inheritdoc cref="Explain(string, string, CancellationToken)"/>
    public async Task<Explanation> ExplainAsync(string userId, string dramaId, CancellationToken cancel)
    {
        var asked = Ask(userId, RequestContext.None);
        var drama = DramaOf(asked.State.Snapshot, dramaId);
        await FetchAsync(asked, cancel).ConfigureAwait(false);
        return Explain(asked, drama, cancel);
    }

    private Explanation Explain(Asked asked, int drama, CancellationToken cancel)
    {
        var state = asked.State;
        using var list = asked.Engine.Pipeline.Rank(asked.User, state.Snapshot, cancel: cancel);
        var facts = state.Snapshot.Dramas[drama];
        var why = list.Why(drama);
        if (why != Ineligible.No) return new Explanation(facts, false, null, null, [], [], [list.Eligibility.Sentence(why, drama)]);
        var rank = list.RankOf(drama)!.Value;
        var recommended = rank <= list.Window.Length;
        var reasons = new Explainer(list, _trending).All(drama);
        string[] whyNot = recommended ? [] : [$"It ranks {rank}; pages go down to rank {list.Window.Length}.", WhyLow(list, drama)];
        return new Explanation(facts, recommended, rank, list.ScoreOf(drama), reasons, list.Ledger(drama), whyNot);
    }

    /// <summary>
    /// What an edit of the catalogue would do to the home pages of a sample of viewers, before it is made. The one answer
    /// that may wait: previews are made one after the other.
    /// </summary>
    /// <exception cref="InvalidInputException">The edit cannot be made; the message says what to change.</exception>
    public Task<CurationPreview> PreviewAsync(EdgeChange change, CatalogEdge edge, int sampleSize, CancellationToken cancel) =>
        Volatile.Read(ref _engine).Previews.PreviewAsync(_graph.State, change, edge, sampleSize, _clock.GetUtcNow(), cancel);

    private static string WhyLow(RankedList list, int drama)
    {
        var relevance = list.Relevance(drama);
        return relevance <= 0
            ? "Nothing you watched or rated leads to it."
            : $"What you watched leads to it, but with {relevance:P0} of the strength of your best match.";
    }

    private Asked Ask(string userId, RequestContext context)
    {
        var state = _graph.State;
        var (history, version) = state.Read(userId);
        return new Asked(state, Volatile.Read(ref _engine), new UserContext(userId, history, state.Snapshot, _recipe, context, context.At ?? _clock.GetUtcNow()) { Exposures = _impressions?.Shown.Of(userId) }, version.ToString());
    }

    /// <summary>Fetches the neighbours of the viewer's seeds; false when the snapshot's must do instead of them.</summary>
    private async ValueTask<bool> FetchAsync(Asked asked, CancellationToken cancel)
    {
        var (user, snapshot) = (asked.User, asked.State.Snapshot);
        if (_candidates is null || user.Seeds.Length == 0) return true;
        user.Neighbours = await _candidates.FetchAsync(snapshot, Array.ConvertAll(user.Seeds, s => s.Item), cancel).ConfigureAwait(false);
        return user.Neighbours is not null;
    }

    private static int DramaOf(GraphSnapshot snapshot, string dramaId) =>
        snapshot.Graph.Nodes(NodeKind.Drama).Find(dramaId) is >= 0 and var index
            ? index
            : throw new InvalidInputException(ErrorCodes.NotFound, $"There is no drama with id '{dramaId}'. Ids are those of the catalogue and look like 'my-mister-2018'.");

    private Engine EngineOf(TrainedLists? trained, LearnedRanker? learned) => new(
        new RankPipeline(_recipe, _trending, _candidates is null ? 0 : _recipe.MinCoWatchers, trained, learned),
        new CurationPreviewer(_recipe, trained, learned),
        $"{(learned is null ? LinearRanker.Version : LearnedRanker.Version)}/{_recipe.Name}{(trained is null ? "" : "/" + trained.Version)}");

    /// <summary>The graph and the model as they were when the request came, who asks, and the version an answer names.</summary>
    private readonly record struct Asked(GraphState State, Engine Engine, UserContext User, string Version);

    /// <summary>What depends on the trained model: swapped as one.</summary>
    private sealed record Engine(RankPipeline Pipeline, CurationPreviewer Previews, string ModelVersion);
}
