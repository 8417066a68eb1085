using GraphRec.Core;

namespace GraphRec.Api.Schema;

internal sealed class DramaType : RecordType<Drama>
{
    public DramaType() : base("Drama", "A drama and the facts known of it.")
    {
        Id("id", "Identifies it.", d => d.Id);
        Text("title", "The title to show.", d => d.Title);
        TextOrNull("nativeTitle", "The title in its own script; null where unknown.", d => d.NativeTitle);
        Texts("aliases", "Other titles it is known by.", 3, d => d.Aliases);
        TextOrNull("country", "Country of origin, two letters (ISO 3166-1), such as KR; null where unknown.", d => d.Country);
        IntOrNull("year", "Year of first airing; null where unknown.", d => d.Year);
        DateOrNull("airedFrom", "Day of the first episode; null where unknown.", d => d.AiredFrom);
        DateOrNull("airedTo", "Day of the last episode; null where unknown or still airing.", d => d.AiredTo);
        IntOrNull("episodes", "Number of episodes; null where unknown.", d => d.Episodes);
        IntOrNull("durationMinutes", "Length of one episode in minutes; null where unknown.", d => d.DurationMinutes);
        TextOrNull("contentRating", "Whom it is suitable for, as its source rates it; null where unknown.", d => d.ContentRating);
        TextOrNull("type", "What it is, such as drama, special or movie; null where unknown.", d => d.Type);
        Add(new ObjectListField<Drama, GenreNode>("genres", "Its genres.", typeof(GenreType),
            (Drama d, in FieldCall call) => call.Request.Catalogue.GenresOf(d)) { AssumedSize = 3 });
        Texts("tags", "Its tags, most characteristic first.", 8, d => d.Tags);
        Texts("networks", "The networks and platforms that aired it.", 2, d => d.Networks);
        FirstOf<CreditLine, CastMemberType>("cast", "Its actors in billing order.", 10,
            (Drama d, in FieldCall call) => call.Request.Catalogue.CastOf(d, First(call, 10)));
        Add(new ObjectListField<Drama, Person>("directors", "Who directed it.", typeof(PersonType),
            (Drama d, in FieldCall call) => call.Request.Catalogue.PeopleOf(d, EdgeType.Directed)) { AssumedSize = 2 });
        Add(new ObjectListField<Drama, Person>("writers", "Who wrote it.", typeof(PersonType),
            (Drama d, in FieldCall call) => call.Request.Catalogue.PeopleOf(d, EdgeType.Wrote)) { AssumedSize = 2 });
        ObjectOrNull<Drama, DramaType>("follows", "The drama this one is the next season of; null where it is none.",
            (Drama d, in FieldCall call) => d.Follows is { } id ? call.Request.State.Snapshot.FindDrama(id) : null);
        ObjectOrNull<Drama, DramaType>("nextSeason", "The drama that is the next season of this one; null where there is none.",
            (Drama d, in FieldCall call) => call.Request.Catalogue.NextSeason(d));
    }

    internal static int First(in FieldCall call, int fallback) => call.Int("first", fallback, 1, Check.MaxFirst);
}

internal sealed class CastMemberType : RecordType<CreditLine>
{
    public CastMemberType() : base("CastMember", "An actor in a drama.")
    {
        Object<Person, PersonType>("person", "The actor.", c => c.Person);
        TextOrNull("character", "Whom they play; null where unknown.", c => c.Known?.Character);
        TextOrNull("billing", "How they are billed: main, support or guest; null where unknown.", c => c.Known?.Billing);
    }
}

internal sealed class PersonType : RecordType<Person>
{
    public PersonType() : base("Person", "An actor, director or writer.")
    {
        Id("id", "Identifies them.", p => p.Id);
        Text("name", "The name to show.", p => p.Name);
        TextOrNull("nativeName", "The name in its own script; null where unknown.", p => p.NativeName);
        FirstOf<Drama, DramaType>("dramas", "The dramas they have a credit in, newest first.", 20,
            (Person p, in FieldCall call) => call.Request.Catalogue.DramasOf(p, DramaType.First(call, 20)));
        FirstOf<CreditLine, PersonCreditType>("credits", "What they did in which drama, newest first.", 20,
            (Person p, in FieldCall call) => call.Request.Catalogue.CreditsOf(p, DramaType.First(call, 20)));
    }
}

internal sealed class PersonCreditType : RecordType<CreditLine>
{
    public PersonCreditType() : base("PersonCredit", "A person's part in one drama.")
    {
        Object<Drama, DramaType>("drama", "The drama.", c => c.Drama);
        Enum<CreditRole, CreditRoleType>("role", "What they did for it.", c => c.Role);
        TextOrNull("character", "Whom they play; null for other roles and where unknown.", c => c.Known?.Character);
        TextOrNull("billing", "How they are billed: main, support or guest; null for other roles and where unknown.", c => c.Known?.Billing);
    }
}

internal sealed class GenreType : RecordType<GenreNode>
{
    public GenreType() : base("Genre", "A genre.")
    {
        Text("name", "Its name, which identifies it.", g => g.Name);
        Add(new CountField("dramaCount", "How many dramas have it.", (GenreNode g, in FieldCall call) => call.Request.Catalogue.DramaCount(g)));
        FirstOf<Drama, DramaType>("dramas", "Its dramas, those watched by most viewers first.", 20,
            (GenreNode g, in FieldCall call) => call.Request.Catalogue.DramasOf(g, DramaType.First(call, 20)));
    }

    /// <summary>A number that is looked up in the request's graph.</summary>
    private sealed class CountField(string name, string description, Resolve<GenreNode, int> get)
        : ApiField(name, description, typeof(GraphQL.Types.IntGraphType), false)
    {
        public override bool Write(Execution.PlanExecutor executor, Execution.PlanField field, object source, in FieldCall call)
        {
            executor.Output.Int(get((GenreNode)source, call));
            return true;
        }

        public override object? Value(object source, in FieldCall call) => get((GenreNode)source, call);
    }
}
