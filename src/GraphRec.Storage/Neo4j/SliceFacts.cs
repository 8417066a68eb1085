using System.Text.Json;
using GraphRec.Core;

namespace GraphRec.Storage.Neo4j;

/// <summary>The dramas' own properties, by id.</summary>
internal sealed class DramaFacts(StringPool strings) : ISliceFacts
{
    public Dictionary<string, Drama> ById { get; } = new(StringComparer.Ordinal);
    public GraphIssues Issues { get; } = new();

    public void Add(Row row)
    {
        if (strings.Key(row[0].Property("id")) is not { } id)
        {
            Issues.AddNodeWithoutKey("Drama", "id", row[0]);
            return;
        }
        if (CatalogFacts.Drama(id, row[0], Issues) is not { } drama)
        {
            Issues.Add(GraphIssues.Stub, $"Drama {id}", "give it a title, or remove what names it; until then it is in no row");
            return;
        }
        drama = drama with { Country = Pooled(drama.Country), Type = Pooled(drama.Type), ContentRating = Pooled(drama.ContentRating) };
        if (!ById.TryAdd(id, drama)) Issues.Add(GraphIssues.SameKey, $"Drama {id}", "remove one of the dramas with this id; the first that is read counts");
    }

    public bool Same(ISliceFacts earlier) => earlier is DramaFacts other && CatalogSlices.Same(ById, other.ById, CatalogFacts.Same) && Issues.Same(other.Issues);

    private string? Pooled(string? text) => text is null ? null : strings.Of(text);
}

/// <summary>The people, by id.</summary>
internal sealed class PersonFacts(StringPool strings) : ISliceFacts
{
    public Dictionary<string, Person> ById { get; } = new(StringComparer.Ordinal);
    public GraphIssues Issues { get; } = new();

    public void Add(Row row)
    {
        if (strings.Key(row[0].Property("id")) is not { } id)
        {
            Issues.AddNodeWithoutKey("Person", "id", row[0]);
            return;
        }
        if (CatalogFacts.Person(id, row[0], Issues) is not { } person)
        {
            Issues.Add(GraphIssues.Stub, $"Person {id}", "give them a name, or remove what names them; until then their credits count for nothing");
            return;
        }
        if (!ById.TryAdd(id, person)) Issues.Add(GraphIssues.SameKey, $"Person {id}", "remove one of the people with this id; the first that is read counts");
    }

    public bool Same(ISliceFacts earlier) =>
        earlier is PersonFacts other && CatalogSlices.Same(ById, other.ById, static (a, b) => a == b) && Issues.Same(other.Issues);
}

/// <summary>The dramas' genres, tags or networks: the place of each name in the drama's list.</summary>
internal sealed class ListFacts : ISliceFacts
{
    private readonly EdgeType _type;
    private readonly StringPool _strings;
    private readonly Dictionary<(string Drama, string Name), int> _places = [];
    private readonly Lazy<Dictionary<string, string[]>> _byDrama;

    public ListFacts(EdgeType type, StringPool strings)
    {
        (_type, _strings) = (type, strings);
        _byDrama = new(() => _places.GroupBy(place => place.Key.Drama, place => (place.Value, place.Key.Name), StringComparer.Ordinal)
            .ToDictionary(list => list.Key, list => CatalogFacts.InOrder([.. list]), StringComparer.Ordinal));
    }

    /// <summary>The names in order, by drama id. Asked for when all rows are there.</summary>
    public Dictionary<string, string[]> ByDrama => _byDrama.Value;
    public GraphIssues Issues { get; } = new();

    public void Add(Row row)
    {
        // A drama without its key is told of by its own slice.
        if (_strings.Key(row[0]) is not { } drama) return;
        if (_strings.Key(row[1]) is not { } name)
        {
            Issues.Add(GraphIssues.NoKey, $"({drama})-[{_type.Name()}]->({_type.To()})", $"give the {_type.To()} a name, a text, or remove it; until then it is nothing to anybody");
            return;
        }
        var place = CatalogFacts.Place(drama, _type, name, row[2], Issues);
        if (_places.TryAdd((drama, name), place)) return;
        Issues.AddParallel(drama, _type.Name(), name);
        _places[(drama, name)] = Math.Min(place, _places[(drama, name)]);
    }

    public bool Same(ISliceFacts earlier) => earlier is ListFacts other && CatalogSlices.Same(_places, other._places, static (a, b) => a == b) && Issues.Same(other.Issues);
}

/// <summary>What each drama is the next season of.</summary>
internal sealed class FollowsFacts(StringPool strings) : ISliceFacts
{
    public Dictionary<string, string> ByDrama { get; } = new(StringComparer.Ordinal);
    public GraphIssues Issues { get; } = new();

    public void Add(Row row)
    {
        if (strings.Key(row[0]) is not { } drama || strings.Key(row[1]) is not { } earlier) return;
        if (ByDrama.TryAdd(drama, earlier)) return;
        var other = ByDrama[drama];
        if (other == earlier)
        {
            Issues.AddParallel(drama, EdgeType.Follows.Name(), earlier);
            return;
        }
        var (first, second) = string.CompareOrdinal(other, earlier) < 0 ? (other, earlier) : (earlier, other);
        Issues.Add(GraphIssues.TwoEarlier, $"({drama})-[FOLLOWS]->({second})", $"remove it, or the one to {first}, which counts because it comes first by id");
        ByDrama[drama] = first;
    }

    public bool Same(ISliceFacts earlier) =>
        earlier is FollowsFacts other && CatalogSlices.Same(ByDrama, other.ByDrama, static (a, b) => a == b) && Issues.Same(other.Issues);
}

/// <summary>The credits of one role.</summary>
internal sealed class CreditFacts(CreditRole role, StringPool strings) : ISliceFacts
{
    private readonly Dictionary<(string Drama, string Person), Credit> _credits = [];

    public IEnumerable<Credit> All => _credits.Values;
    public GraphIssues Issues { get; } = new();

    public void Add(Row row)
    {
        // A drama or person without its key is told of by its own slice.
        if (strings.Key(row[0]) is not { } drama || strings.Key(row[1]) is not { } person) return;
        var credit = CatalogFacts.Credit(drama, person, role, row[2], Issues);
        if (credit.Billing is { } billing) credit = credit with { Billing = strings.Of(billing) };
        if (_credits.TryAdd((drama, person), credit)) return;
        Issues.AddParallel(person, CatalogFacts.EdgeOf(role), drama);
        _credits[(drama, person)] = CatalogFacts.First(_credits[(drama, person)], credit);
    }

    public bool Same(ISliceFacts earlier) => earlier is CreditFacts other && CatalogSlices.Same(_credits, other._credits, static (a, b) => a == b) && Issues.Same(other.Issues);
}
