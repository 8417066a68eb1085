using GraphQL.Types;
using GraphRec.Core;
using GraphRec.Graph;
using GraphRec.Recommend;
using GraphRec.Recommend.Curation;

namespace GraphRec.Api.Schema;

/// <summary>The source of root fields, which read nothing from it.</summary>
internal sealed class Root
{
    public static Root Value { get; } = new();
}

internal sealed class QueryType : RecordType<Root>
{
    private const int Rows = HomePipeline.Rows;
    private const int ItemsPerRow = HomePipeline.ItemsPerRow;
    private const int First = 20;
    private const int SampleSize = 200;

    public QueryType() : base("Query", "What can be asked.")
    {
        AddRecommendations();
        AddLookups();
        AddCuration();
    }

    private void AddRecommendations()
    {
        Add(new ObjectField<Root, HomePage>("home", "A viewer's page of rows. A viewer who has done nothing yet gets a page too.", typeof(HomePageType), false, Home)
            { Bounds = [("rows", Rows), ("itemsPerRow", ItemsPerRow)], Fetching = HomeAsync })
            .With<NonNullGraphType<IdGraphType>>("userId", "The viewer: 1 to 200 characters.")
            .With<IntGraphType>("rows", $"How many rows at most: 1 to {Check.MaxRows}.", Rows)
            .With<IntGraphType>("itemsPerRow", $"How many dramas a row has at most: 1 to {Check.MaxItemsPerRow}.", ItemsPerRow)
            .With<ContextInputType>("context", "The circumstances of the request.");
        Add(new ObjectField<Root, RecommendationPage>("recommendations", "A viewer's ranked list, in slices.", typeof(ConnectionType), false, Recommendations)
            { Bounds = [("first", First)], Fetching = RecommendationsAsync })
            .With<NonNullGraphType<IdGraphType>>("userId", "The viewer: 1 to 200 characters.")
            .With<IntGraphType>("first", $"How many at most: 1 to {Check.MaxFirst}.", First)
            .With<StringGraphType>("after", "The cursor to go on behind; the top when left out.")
            .With<ListGraphType<NonNullGraphType<IdGraphType>>>("exclude", $"Ids of dramas to leave out: {Check.MaxListed} at most.")
            .With<DramaFilterType>("filter", "Which dramas to answer with.")
            .With<ContextInputType>("context", "The circumstances of the request.");
        Add(new ObjectListField<Root, Recommendation>("similarDramas", "Dramas like one drama, best first.", typeof(RecommendationType), Similar)
            { SizedBy = "first", Bounds = [("first", First)], Fetching = SimilarAsync })
            .With<NonNullGraphType<IdGraphType>>("dramaId", "The drama; it must be in the catalogue.")
            .With<IntGraphType>("first", $"How many at most: 1 to {Check.MaxFirst}.", First)
            .With<IdGraphType>("userId", "Answers only with what this viewer may be shown; with everything when left out.");
        Add(new ObjectField<Root, Explanation>("explain", "Why a drama is, or is not, recommended to a viewer.", typeof(ExplanationType), false,
            static (Root _, in FieldCall call) => call.Request.Services.Recommender.Explain(call.Id("userId"), call.Id("dramaId"), call.Request.Cancel))
            { Fetching = static call => call.Request.Services.Recommender.ExplainAsync(call.Id("userId"), call.Id("dramaId"), call.Request.Cancel) })
            .With<NonNullGraphType<IdGraphType>>("userId", "The viewer: 1 to 200 characters.")
            .With<NonNullGraphType<IdGraphType>>("dramaId", "The drama; it must be in the catalogue.");
    }

    private void AddLookups()
    {
        ObjectOrNull<Drama, DramaType>("drama", "A drama by its id; null when there is none.",
            static (Root _, in FieldCall call) => call.Request.State.Snapshot.FindDrama(call.Id("id")))
            .With<NonNullGraphType<IdGraphType>>("id", "The drama's id.");
        ObjectOrNull<Person, PersonType>("person", "A person by their id; null when there is none.",
            static (Root _, in FieldCall call) => call.Request.State.Snapshot.FindPerson(call.Id("id")))
            .With<NonNullGraphType<IdGraphType>>("id", "The person's id.");
        ObjectOrNull<GenreNode, GenreType>("genre", "A genre by its name; null when there is none.",
            static (Root _, in FieldCall call) => call.Request.Catalogue.FindGenre(call.Id("name")))
            .With<NonNullGraphType<StringGraphType>>("name", "The genre's name, spelled as in the catalogue.");
        ObjectOrNull<ViewerNode, UserType>("user", "A viewer by their id. One who has done nothing yet is answered too, with known false.",
            static (Root _, in FieldCall call) => new ViewerNode(call.Id("id"), call.Request.State.Knows(call.Id("id"))))
            .With<NonNullGraphType<IdGraphType>>("id", "The viewer's id.");
        Add(new ObjectField<Root, GraphFacts>("graph", "The graph that answers come from.", typeof(GraphInfoType), false,
            static (Root _, in FieldCall call) => new GraphFacts(call.Request.Services.Options.Backend, call.Request.State, call.Request.Services.Graph.OverlayCount, call.Request.Services.Recommender.StoreAway)));
    }

    private void AddCuration()
    {
        Add(new ObjectField<Root, GraphSnapshot>("curation", "What curators need to know of the graph in serving.", typeof(CurationType), false,
            static (Root _, in FieldCall call) => call.Request.State.Snapshot));
        Add(new AsyncField<CurationPreview>("curationPreview",
            "What an edit of one edge of the catalogue would do to home pages, before it is made. It makes the default page of a sample of viewers with and without the edit: those whose ids have the smallest hashes, which is chance and the same for every edit. Nothing is stored or recorded as shown.",
            typeof(CurationPreviewType), PreviewAsync))
            .With<NonNullGraphType<EdgeChangeType>>("change", "Whether to add or remove the edge.")
            .With<NonNullGraphType<EdgeInputType>>("edge", "The edge.")
            .With<IntGraphType>("sampleSize", $"How many viewers at most: 1 to {Check.MaxSample}. Each takes about 6 ms.", SampleSize);
    }

    private static Task<CurationPreview> PreviewAsync(FieldCall call) => call.Request.Services.Recommender.PreviewAsync(
        (EdgeChange)call.Argument("change")!, EdgeInputType.Read((IDictionary<string, object?>)call.Argument("edge")!),
        call.Int("sampleSize", SampleSize, 1, Check.MaxSample), call.Request.Cancel);

    private static HomePage Home(Root root, in FieldCall call)
    {
        var services = call.Request.Services;
        var (start, asked) = (services.Clock.GetTimestamp(), HomeArguments.Of(call));
        var page = services.Recommender.Home(asked.UserId, asked.Rows, asked.ItemsPerRow, asked.Context, call.Request.Cancel);
        services.Metrics.Home(services.Clock.GetElapsedTime(start), page.Degraded);
        return page;
    }

    private static async Task<HomePage> HomeAsync(FieldCall call)
    {
        var services = call.Request.Services;
        var (start, asked) = (services.Clock.GetTimestamp(), HomeArguments.Of(call));
        var page = await services.Recommender.HomeAsync(asked.UserId, asked.Rows, asked.ItemsPerRow, asked.Context, call.Request.Cancel).ConfigureAwait(false);
        services.Metrics.Home(services.Clock.GetElapsedTime(start), page.Degraded);
        return page;
    }

    private static RecommendationPage Recommendations(Root root, in FieldCall call)
    {
        var asked = ListArguments.Of(call);
        return call.Request.Services.Recommender.Recommend(asked.UserId, asked.First, asked.Offset, asked.Exclude, asked.Filter, asked.Context, call.Request.Cancel);
    }

    private static Task<RecommendationPage> RecommendationsAsync(FieldCall call)
    {
        var asked = ListArguments.Of(call);
        return call.Request.Services.Recommender.RecommendAsync(asked.UserId, asked.First, asked.Offset, asked.Exclude, asked.Filter, asked.Context, call.Request.Cancel);
    }

    private static IReadOnlyList<Recommendation> Similar(Root root, in FieldCall call)
    {
        var (dramaId, first, userId) = SimilarArguments(call);
        return call.Request.Services.Recommender.Similar(dramaId, first, userId, call.Request.Cancel);
    }

    private static Task<IReadOnlyList<Recommendation>> SimilarAsync(FieldCall call)
    {
        var (dramaId, first, userId) = SimilarArguments(call);
        return call.Request.Services.Recommender.SimilarAsync(dramaId, first, userId, call.Request.Cancel);
    }

    private static (string DramaId, int First, string? UserId) SimilarArguments(in FieldCall call)
    {
        var userId = call.Text("userId");
        if (userId is not null) Check.Id("userId", userId);
        return (call.Id("dramaId"), call.Int("first", First, 1, Check.MaxFirst), userId);
    }

    private readonly record struct HomeArguments(string UserId, int Rows, int ItemsPerRow, RequestContext Context)
    {
        public static HomeArguments Of(in FieldCall call) => new(
            call.Id("userId"), call.Int("rows", QueryType.Rows, 1, Check.MaxRows), call.Int("itemsPerRow", QueryType.ItemsPerRow, 1, Check.MaxItemsPerRow),
            ContextInputType.Read(call.Argument("context")));
    }

    private readonly record struct ListArguments(string UserId, int First, int Offset, IReadOnlyList<string> Exclude, DramaFilter Filter, RequestContext Context)
    {
        public static ListArguments Of(in FieldCall call) => new(
            call.Id("userId"), call.Int("first", QueryType.First, 1, Check.MaxFirst), Cursor.Next(call.Text("after")), Check.Ids("exclude", call.Argument("exclude")),
            DramaFilterType.Read(call.Argument("filter")), ContextInputType.Read(call.Argument("context")));
    }
}

internal sealed class MutationType : RecordType<Root>
{
    public MutationType() : base("Mutation", "What can be changed.") =>
        Add(new AsyncField<RecordEventsResult>("recordEvents",
            $"Records what viewers did: 1 to {EventPipeline.MaxBatch} events. The good ones are recorded even when others are bad. Once it answers they are durable, and the next page knows them.",
            typeof(PayloadType), RecordAsync))
            .With<NonNullGraphType<ListGraphType<NonNullGraphType<EventInputType>>>>("events", "The events, in the order they happened.");

    private static async Task<RecordEventsResult> RecordAsync(FieldCall call)
    {
        var services = call.Request.Services;
        var inputs = (IReadOnlyList<object?>)call.Argument("events")!;
        if (inputs.Count is 0 or > EventPipeline.MaxBatch)
            throw Check.Bad($"events holds {inputs.Count} events; send 1 to {EventPipeline.MaxBatch} at a time.");
        var now = services.Clock.GetUtcNow();
        var events = new List<ViewerEvent>(inputs.Count);
        var places = new List<int>(inputs.Count);
        var errors = new List<EventError>();
        for (var i = 0; i < inputs.Count; i++)
        {
            var fields = (IDictionary<string, object?>)inputs[i]!;
            var id = Check.Text(fields.At("id")) ?? Guid.CreateVersion7(now).ToString();
            try
            {
                events.Add(EventInputType.Read(fields, id, now));
                places.Add(i);
            }
            catch (InvalidInputException e)
            {
                errors.Add(new EventError(i, id, e.Code, e.Message));
            }
        }
        var result = await services.Events.RecordAsync(events, call.Request.Cancel).WaitAsync(call.Request.Cancel).ConfigureAwait(false);
        services.Metrics.Events(result);
        foreach (var error in result.Errors) errors.Add(error with { Index = places[error.Index] });
        errors.Sort(static (a, b) => a.Index.CompareTo(b.Index));
        return result with { Errors = errors };
    }
}

internal sealed class PayloadType : RecordType<RecordEventsResult>
{
    public PayloadType() : base("RecordEventsPayload", "What became of a batch of events.")
    {
        Int("accepted", "How many were recorded.", r => r.Accepted);
        Int("duplicates", "How many were recorded before, by their id, and not counted again.", r => r.Duplicates);
        List<EventError, EventErrorType>("errors", "Those that were not recorded, and why.", 5, r => r.Errors);
    }
}

internal sealed class EventErrorType : RecordType<EventError>
{
    public EventErrorType() : base("EventError", "An event that was not recorded.")
    {
        Int("index", "Its place in the batch as sent, from 0.", e => e.Index);
        Id("eventId", "Its id, or the one made up for it.", e => e.EventId);
        Text("code", "What is wrong: BAD_USER_INPUT or NOT_FOUND.", e => e.Code);
        Text("message", "What is wrong and what to change.", e => e.Message);
    }
}
