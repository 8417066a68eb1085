using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using GraphRec.Core;
using GraphRec.Graph;

namespace GraphRec.Api.Schema;

/// <summary>A person's part in a drama, seen from either.</summary>
internal sealed record CreditLine(Person Person, Drama Drama, CreditRole Role, Credit? Known);

/// <summary>A genre by name and dense index.</summary>
internal sealed record GenreNode(int Index, string Name);

/// <summary>The catalogue's relations, read from one snapshot.</summary>
internal sealed class Catalogue
{
    private static readonly ConditionalWeakTable<GraphSnapshot, Catalogue> Cache = [];
    private static readonly (EdgeType Type, CreditRole Role)[] Roles =
        [(EdgeType.ActedIn, CreditRole.Actor), (EdgeType.Directed, CreditRole.Director), (EdgeType.Wrote, CreditRole.Writer)];

    private readonly GraphSnapshot _snapshot;
    private readonly GenreNode[] _genres;

    /// <summary>Sorting the two thousand dramas of a genre took 0.3 ms; a page names its genres a hundred times.</summary>
    private readonly ConcurrentDictionary<int, Drama[]> _dramasOfGenre = new();

    private Catalogue(GraphSnapshot snapshot)
    {
        _snapshot = snapshot;
        var names = snapshot.Graph.Nodes(NodeKind.Genre);
        _genres = new GenreNode[names.Count];
        for (var i = 0; i < _genres.Length; i++) _genres[i] = new GenreNode(i, names[i]);
    }

    public static Catalogue Of(GraphSnapshot snapshot) => Cache.GetValue(snapshot, static s => new Catalogue(s));

    public GenreNode? FindGenre(string name) => _snapshot.Graph.Nodes(NodeKind.Genre).Find(name) is >= 0 and var i ? _genres[i] : null;

    public IReadOnlyList<GenreNode> GenresOf(Drama drama)
    {
        var genres = new List<GenreNode>(drama.Genres.Count);
        foreach (var name in drama.Genres)
            if (FindGenre(name) is { } genre) genres.Add(genre);
        return genres;
    }

    public int DramaCount(GenreNode genre) => _snapshot.Graph[EdgeType.HasGenre].ReverseDegree(genre.Index);

    /// <summary>Dramas of the genre, those most viewers engaged with first.</summary>
    public IReadOnlyList<Drama> DramasOf(GenreNode genre, int first) => First(_dramasOfGenre.GetOrAdd(genre.Index, SortedDramas), first);

    /// <summary>The actors in billing order; those of one place, or without one, by id.</summary>
    public IReadOnlyList<CreditLine> CastOf(Drama drama, int first)
    {
        var index = _snapshot.Graph.Nodes(NodeKind.Drama).Find(drama.Id);
        if (index < 0) return [];
        var acted = _snapshot.Graph[EdgeType.ActedIn];
        var people = acted.Sources(index).ToArray();
        var order = new (double Place, int Person)[people.Length];
        for (var i = 0; i < people.Length; i++) order[i] = (acted.Value(people[i], acted.Find(people[i], index)), people[i]);
        Array.Sort(order, people);
        var cast = new CreditLine[Math.Min(first, people.Length)];
        for (var i = 0; i < cast.Length; i++)
            cast[i] = new CreditLine(_snapshot.People[people[i]], drama, CreditRole.Actor, _snapshot.ActorCredit(people[i], index));
        return cast;
    }

    /// <summary>The people who directed or wrote it, by id.</summary>
    public IReadOnlyList<Person> PeopleOf(Drama drama, EdgeType type)
    {
        var index = _snapshot.Graph.Nodes(NodeKind.Drama).Find(drama.Id);
        if (index < 0) return [];
        var sources = _snapshot.Graph[type].Sources(index);
        var people = new Person[sources.Length];
        for (var i = 0; i < people.Length; i++) people[i] = _snapshot.People[sources[i]];
        return people;
    }

    /// <summary>What follows the drama: the earliest of what names it as its predecessor.</summary>
    public Drama? NextSeason(Drama drama)
    {
        var index = _snapshot.Graph.Nodes(NodeKind.Drama).Find(drama.Id);
        if (index < 0) return null;
        Drama? next = null;
        foreach (var source in _snapshot.Graph[EdgeType.Follows].Sources(index))
        {
            var candidate = _snapshot.Dramas[source];
            if (next is null || Released(candidate) < Released(next)) next = candidate;
        }
        return next;
    }

    /// <summary>A person's credits, newest drama first.</summary>
    public IReadOnlyList<CreditLine> CreditsOf(Person person, int first)
    {
        var index = _snapshot.Graph.Nodes(NodeKind.Person).Find(person.Id);
        if (index < 0) return [];
        var credits = new List<CreditLine>();
        foreach (var (type, role) in Roles)
            foreach (var drama in _snapshot.Graph[type].Targets(index))
                credits.Add(new CreditLine(person, _snapshot.Dramas[drama], role, role == CreditRole.Actor ? _snapshot.ActorCredit(index, drama) : null));
        credits.Sort(static (a, b) => Newest(a.Drama, b.Drama) is not 0 and var order ? order : a.Role.CompareTo(b.Role));
        return First(credits, first);
    }

    /// <summary>The dramas a person has any credit in, newest first.</summary>
    public IReadOnlyList<Drama> DramasOf(Person person, int first)
    {
        var dramas = new List<Drama>();
        foreach (var credit in CreditsOf(person, int.MaxValue))
            if (dramas.Count == 0 || dramas[^1] != credit.Drama) dramas.Add(credit.Drama);
        return First(dramas, first);
    }

    private static int Newest(Drama a, Drama b) =>
        Released(b).CompareTo(Released(a)) is not 0 and var order ? order : string.CompareOrdinal(a.Id, b.Id);

    private static DateOnly Released(Drama drama) => drama.Released ?? DateOnly.MinValue;

    private static IReadOnlyList<TItem> First<TItem>(IReadOnlyList<TItem> items, int first)
    {
        if (items.Count <= first) return items;
        var taken = new TItem[first];
        for (var i = 0; i < first; i++) taken[i] = items[i];
        return taken;
    }

    private Drama[] SortedDramas(int genre)
    {
        var indices = _snapshot.Graph[EdgeType.HasGenre].Sources(genre).ToArray();
        Array.Sort(indices, (a, b) => _snapshot.Engaged.ItemDegree(b).CompareTo(_snapshot.Engaged.ItemDegree(a)) is not 0 and var order ? order : a.CompareTo(b));
        return Array.ConvertAll(indices, i => _snapshot.Dramas[i]);
    }
}
