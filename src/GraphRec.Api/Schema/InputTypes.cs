using GraphQL.Types;
using GraphRec.Core;
using GraphRec.Recommend;

namespace GraphRec.Api.Schema;

/// <summary>An input type: fields with descriptions, read as a dictionary and turned into a record by its own static method.</summary>
internal abstract class ApiInput : InputObjectGraphType
{
    protected ApiInput(string name, string description) => (Name, Description) = (name, description);

    protected void Add<TGraph>(string name, string description) where TGraph : IGraphType => Field<TGraph>(name).Description(description);

    // The library would build a CLR object by reflection; we read the fields ourselves.
    public override object ParseDictionary(IDictionary<string, object?> value) => value;
}

/// <summary>Reads the fields of an input.</summary>
internal static class ApiInputFields
{
    /// <summary>The field's value; null when it was left out.</summary>
    public static object? At(this IDictionary<string, object?> fields, string name) => fields.TryGetValue(name, out var value) ? value : null;
}

internal sealed class ContextInputType : ApiInput
{
    public ContextInputType() : base("ContextInput", "The circumstances of a request or event. Whatever is left out is unknown.")
    {
        Add<StringGraphType>("device", "What it is watched on, such as tv or phone: 1 to 200 characters.");
        Add<StringGraphType>("region", "Where the viewer is: a country code of two letters, such as KR.");
        Add<TimeType>("at", "Answers as of this time instead of now; of an event, it stands in where the event has no at.");
    }

    public static RequestContext Read(object? value)
    {
        if (value is not IDictionary<string, object?> fields) return RequestContext.None;
        var device = Check.Text(fields.At("device"));
        if (device is not null) Check.Id("device", device);
        return new RequestContext(device, Check.Region(Check.Text(fields.At("region"))), (DateTimeOffset?)fields.At("at"));
    }
}

internal sealed class DramaFilterType : ApiInput
{
    public DramaFilterType() : base("DramaFilter", "Which dramas to answer with: every part given must hold, and of a list one of its values is enough.")
    {
        Add<ListGraphType<NonNullGraphType<StringGraphType>>>("genres", "Names of genres.");
        Add<ListGraphType<NonNullGraphType<StringGraphType>>>("tags", "Names of tags.");
        Add<ListGraphType<NonNullGraphType<StringGraphType>>>("countries", "Countries of origin, two letters each, such as KR.");
        Add<ListGraphType<NonNullGraphType<IdGraphType>>>("people", "Ids of actors, directors or writers.");
        Add<ListGraphType<NonNullGraphType<StringGraphType>>>("networks", "Names of networks or platforms.");
        Add<IntGraphType>("yearFrom", "The earliest year of first airing.");
        Add<IntGraphType>("yearTo", "The latest year of first airing.");
        Add<IntGraphType>("maxEpisodes", "The largest number of episodes.");
    }

    public static DramaFilter Read(object? value)
    {
        if (value is not IDictionary<string, object?> fields) return new DramaFilter();
        var filter = new DramaFilter
        {
            Genres = Check.Ids("filter.genres", fields.At("genres")),
            Tags = Check.Ids("filter.tags", fields.At("tags")),
            Countries = [.. Check.Ids("filter.countries", fields.At("countries")).Select(c => Check.Region(c)!)],
            People = Check.Ids("filter.people", fields.At("people")),
            Networks = Check.Ids("filter.networks", fields.At("networks")),
            YearFrom = (int?)fields.At("yearFrom"),
            YearTo = (int?)fields.At("yearTo"),
            MaxEpisodes = (int?)fields.At("maxEpisodes"),
        };
        if (filter.YearFrom > filter.YearTo) throw Check.Bad($"filter.yearFrom is {filter.YearFrom}, after filter.yearTo, {filter.YearTo}; swap them.");
        if (filter.MaxEpisodes < 1) throw Check.Bad($"filter.maxEpisodes is {filter.MaxEpisodes}; ask for 1 or more.");
        return filter;
    }
}

internal sealed class EventInputType : ApiInput
{
    public EventInputType() : base("EventInput", "One thing that a viewer did.")
    {
        Add<IdGraphType>("id", "Your own id of the event, 1 to 200 characters: the same id is counted once, so that it is safe to send it again. Without one an id is made up, and sending it again counts again.");
        Add<NonNullGraphType<IdGraphType>>("userId", "The viewer: 1 to 200 characters. A new one may be anything.");
        Add<NonNullGraphType<IdGraphType>>("dramaId", "The drama; it must be in the catalogue.");
        Add<NonNullGraphType<EventKindType>>("kind", "What they did.");
        Add<FloatGraphType>("value", "WATCH: the share seen, 0 to 1. RATE and REVIEW: 1 to 10. Not for other kinds.");
        Add<TimeType>("at", "When; now when left out. At most ten minutes in the future.");
        Add<IdGraphType>("attributionId", "The attributionId of the recommendation that led to it.");
        Add<ContextInputType>("context", "Where and on what they did it.");
    }

    /// <summary>The event. Throws what is wrong with the parts that <see cref="EventRules"/> does not see.</summary>
    public static ViewerEvent Read(IDictionary<string, object?> fields, string id, DateTimeOffset now)
    {
        var context = ContextInputType.Read(fields.At("context"));
        var attribution = Check.Text(fields.At("attributionId"));
        if (attribution is not null) Check.Id("attributionId", attribution);
        return new ViewerEvent(
            id, Check.Text(fields["userId"])!, NodeRef.Drama(Check.Text(fields["dramaId"])!), (EventKind)fields["kind"]!,
            (double?)fields.At("value"), (DateTimeOffset?)fields.At("at") ?? context.At ?? now)
        {
            AttributionId = attribution,
            Context = context.Device is null && context.Region is null ? null : new EventContext(context.Device, context.Region),
        };
    }
}
