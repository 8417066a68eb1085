using System.Diagnostics.CodeAnalysis;
using GraphRec.Core;

namespace GraphRec.Storage.Neo4j;

/// <summary>What one slice says. Filled by one caller, then only read.</summary>
internal interface ISliceFacts
{
    GraphIssues Issues { get; }

    /// <summary>How many rows there were.</summary>
    int Count { get; }

    void Add(Row row);

    /// <summary>Told that there are no more rows. False when they are those of the earlier reading, in whatever order.</summary>
    bool Complete();
}

/// <summary>
/// The facts of a slice, of <typeparamref name="T"/> a row. A slice that is read again and again is told by the digests of
/// its rows: a row that the earlier reading had is not read a second time, which is most of what a reading costs here.
/// </summary>
/// <param name="again">Whether the slice is read again and again.</param>
/// <param name="earlier">The earlier reading; null when there was none.</param>
internal abstract class SliceFacts<T>(bool again, SliceFacts<T>? earlier) : ISliceFacts
{
    private readonly Dictionary<UInt128, T> _rows = again ? new(earlier?._rows.Count ?? 0) : [];
    private SliceFacts<T>? _earlier = earlier;
    private UInt128 _digests;

    public GraphIssues Issues { get; } = new();
    public int Count { get; private set; }

    public void Add(Row row)
    {
        Count++;
        if (!again)
        {
            if (TryRead(row, out var once)) Take(once);
            return;
        }
        var digest = row.Digest;
        // Their sum does not depend on their order; and unlike an exclusive or, not two equal rows are like none.
        _digests += digest;
        if (_earlier is null || !_earlier._rows.TryGetValue(digest, out var fact))
        {
            var issues = Issues.Count;
            if (!TryRead(row, out fact)) return;
            // Of which something is to be told is read each time, so that it is told each time.
            if (Issues.Count == issues) _rows[digest] = fact;
        }
        else
        {
            _rows[digest] = fact;
        }
        Take(fact);
    }

    public bool Complete()
    {
        var same = _earlier is { } earlier && earlier._digests == _digests && earlier.Count == Count;
        // What is read again and again must not keep all that was ever read.
        _earlier = null;
        return !same;
    }

    /// <summary>What a row says; false when it says nothing. Tells of what is wrong with it.</summary>
    protected abstract bool TryRead(Row row, [MaybeNullWhen(false)] out T fact);

    /// <summary>Takes in what a row says. Tells of what is wrong with it beside others.</summary>
    protected abstract void Take(T fact);
}

/// <summary>The dramas' own properties, by id.</summary>
internal sealed class DramaFacts(StringPool strings, bool again, DramaFacts? earlier) : SliceFacts<Drama>(again, earlier)
{
    public Dictionary<string, Drama> ById { get; } = new(StringComparer.Ordinal);

    protected override bool TryRead(Row row, [MaybeNullWhen(false)] out Drama fact)
    {
        fact = null;
        if (strings.Key(row[0].Property("id")) is not { } id)
        {
            Issues.AddNodeWithoutKey("Drama", "id", row[0]);
            return false;
        }
        if (CatalogFacts.Drama(id, row[0], Issues) is not { } drama)
        {
            Issues.Add(GraphIssues.Stub, $"Drama {id}", "give it a title, or remove what names it; until then it is in no row");
            return false;
        }
        fact = drama with { Country = Pooled(drama.Country), Type = Pooled(drama.Type), ContentRating = Pooled(drama.ContentRating) };
        return true;
    }

    protected override void Take(Drama fact)
    {
        if (!ById.TryAdd(fact.Id, fact)) Issues.Add(GraphIssues.SameKey, $"Drama {fact.Id}", "remove one of the dramas with this id; the first that is read counts");
    }

    private string? Pooled(string? text) => text is null ? null : strings.Of(text);
}

/// <summary>The people, by id.</summary>
internal sealed class PersonFacts(StringPool strings, bool again, PersonFacts? earlier) : SliceFacts<Person>(again, earlier)
{
    public Dictionary<string, Person> ById { get; } = new(StringComparer.Ordinal);

    protected override bool TryRead(Row row, [MaybeNullWhen(false)] out Person fact)
    {
        fact = null;
        if (strings.Key(row[0].Property("id")) is not { } id)
        {
            Issues.AddNodeWithoutKey("Person", "id", row[0]);
            return false;
        }
        fact = CatalogFacts.Person(id, row[0], Issues);
        if (fact is null) Issues.Add(GraphIssues.Stub, $"Person {id}", "give them a name, or remove what names them; until then their credits count for nothing");
        return fact is not null;
    }

    protected override void Take(Person fact)
    {
        if (!ById.TryAdd(fact.Id, fact)) Issues.Add(GraphIssues.SameKey, $"Person {fact.Id}", "remove one of the people with this id; the first that is read counts");
    }
}

/// <summary>The dramas' genres, tags or networks: the place of each name in the drama's list.</summary>
internal sealed class ListFacts : SliceFacts<(string Drama, string Name, int Place)>
{
    private readonly EdgeType _type;
    private readonly StringPool _strings;
    private readonly Dictionary<(string Drama, string Name), int> _places = [];
    private readonly Lazy<Dictionary<string, string[]>> _byDrama;

    public ListFacts(EdgeType type, StringPool strings, bool again, ListFacts? earlier) : base(again, earlier)
    {
        (_type, _strings) = (type, strings);
        _byDrama = new(() => _places.GroupBy(place => place.Key.Drama, place => (place.Value, place.Key.Name), StringComparer.Ordinal)
            .ToDictionary(list => list.Key, list => CatalogFacts.InOrder([.. list]), StringComparer.Ordinal));
    }

    /// <summary>The names in order, by drama id. Asked for when all rows are there.</summary>
    public Dictionary<string, string[]> ByDrama => _byDrama.Value;

    protected override bool TryRead(Row row, out (string Drama, string Name, int Place) fact)
    {
        fact = default;
        // A drama without its key is told of by its own slice.
        if (_strings.Key(row[0]) is not { } drama) return false;
        if (_strings.Key(row[1]) is not { } name)
        {
            Issues.Add(GraphIssues.NoKey, $"({drama})-[{_type.Name()}]->({_type.To()})", $"give the {_type.To()} a name, a text, or remove it; until then it is nothing to anybody");
            return false;
        }
        fact = (drama, name, CatalogFacts.Place(drama, _type, name, row[2], Issues));
        return true;
    }

    protected override void Take((string Drama, string Name, int Place) fact)
    {
        var (drama, name, place) = fact;
        if (_places.TryAdd((drama, name), place)) return;
        Issues.AddParallel(drama, _type.Name(), name);
        _places[(drama, name)] = Math.Min(place, _places[(drama, name)]);
    }
}

/// <summary>What each drama is the next season of.</summary>
internal sealed class FollowsFacts(StringPool strings, bool again, FollowsFacts? earlierReading) : SliceFacts<(string Drama, string Earlier)>(again, earlierReading)
{
    public Dictionary<string, string> ByDrama { get; } = new(StringComparer.Ordinal);

    protected override bool TryRead(Row row, out (string Drama, string Earlier) fact)
    {
        (fact, var read) = strings.Key(row[0]) is { } drama && strings.Key(row[1]) is { } earlier ? ((drama, earlier), true) : (default, false);
        return read;
    }

    protected override void Take((string Drama, string Earlier) fact)
    {
        var (drama, earlier) = fact;
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
}

/// <summary>The credits of one role.</summary>
internal sealed class CreditFacts(CreditRole role, StringPool strings, bool again, CreditFacts? earlier) : SliceFacts<Credit>(again, earlier)
{
    private readonly Dictionary<(string Drama, string Person), Credit> _credits = [];

    public IEnumerable<Credit> All => _credits.Values;

    protected override bool TryRead(Row row, [MaybeNullWhen(false)] out Credit fact)
    {
        fact = null;
        // A drama or person without its key is told of by its own slice.
        if (strings.Key(row[0]) is not { } drama || strings.Key(row[1]) is not { } person) return false;
        fact = CatalogFacts.Credit(drama, person, role, row[2], Issues);
        if (fact.Billing is { } billing) fact = fact with { Billing = strings.Of(billing) };
        return true;
    }

    protected override void Take(Credit fact)
    {
        var key = (fact.DramaId, fact.PersonId);
        if (_credits.TryAdd(key, fact)) return;
        Issues.AddParallel(fact.PersonId, CatalogFacts.EdgeOf(role), fact.DramaId);
        _credits[key] = CatalogFacts.First(_credits[key], fact);
    }
}
