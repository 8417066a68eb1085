using System.Diagnostics;
using GraphRec.Core;

namespace GraphRec.Contracts.Neo4j;

/// <summary>
/// Edits the catalogue as people do in Neo4j Browser, at random but by a seed, and says of each edit when it was to be seen.
/// Every edit is of one fact (a drama's property, one credit, …), and what a fact has been is kept. Of each catalogue that
/// is published it is asked where in its history each fact is: it must never go back, and must reach the end.
/// </summary>
public sealed class RandomCurator
{
    private readonly Neo4jServer _server;
    private readonly Random _random;
    private readonly string[] _dramas;
    private readonly string[] _people;
    private readonly string[] _genres;
    private readonly View _seed;
    private readonly List<Credit> _credits;
    private readonly List<string> _created = [];
    private readonly Dictionary<string, Fact> _facts = new(StringComparer.Ordinal);
    private readonly HashSet<Fact> _pending = [];
    private int _edits;

    public RandomCurator(Neo4jServer server, CatalogBatch catalog, int seed)
    {
        (_server, _random) = (server, new Random(seed));
        (_dramas, _people) = ([.. catalog.Dramas.Select(d => d.Id)], [.. catalog.People.Select(p => p.Id)]);
        _seed = new View(catalog);
        _genres = [.. catalog.Dramas.SelectMany(d => d.Genres).Distinct()];
        _credits = [.. catalog.Credits];
    }

    /// <summary>Edits that were not seen yet.</summary>
    public int Unseen
    {
        get
        {
            lock (_facts) return _pending.Sum(fact => fact.History.Count - 1 - fact.Seen);
        }
    }

    /// <summary>Facts that went back to what they were before something that was seen.</summary>
    public List<string> Backwards { get; } = [];

    /// <summary>How often a fact was seen as it never was: half of an edit. Neo4j lets readers see a transaction come in.</summary>
    public int Torn { get; private set; }

    /// <summary>From the answer to the edit until it was seen, in milliseconds; one per edit that was seen.</summary>
    public List<double> Latencies { get; } = [];

    /// <summary>How often each kind of edit was made.</summary>
    public SortedDictionary<string, int> Kinds { get; } = new(StringComparer.Ordinal);

    /// <summary>Makes one edit in the stored graph; returns when Neo4j has committed it.</summary>
    public async Task EditAsync(CancellationToken cancel)
    {
        var (edit, fact, place) = Plan();
        await _server.RowsAsync(edit.Cypher, edit.Parameters, cancel);
        Kinds[edit.Kind] = Kinds.GetValueOrDefault(edit.Kind) + 1;
        lock (_facts)
        {
            fact.History[place] = (edit.After, Stopwatch.GetTimestamp());
            // It may have been seen before its answer came.
            if (fact.Seen >= place) Latencies.Add(0);
        }
    }

    /// <summary>Looks at a catalogue that was published.</summary>
    public void See(CatalogBatch catalog)
    {
        var now = Stopwatch.GetTimestamp();
        var view = new View(catalog);
        lock (_facts)
        {
            foreach (var fact in _pending.ToList())
            {
                var value = fact.Read(view);
                var place = fact.History.FindIndex(fact.Seen, state => state.Value == value);
                if (place < 0)
                {
                    // Between the old edge and the new one there may be none, as there may have been in the seed.
                    var half = (fact.Replaced && string.IsNullOrEmpty(value)) || fact.History.FindLastIndex(fact.Seen, state => state.Value == value) < 0;
                    if (half) Torn++;
                    else Backwards.Add($"{fact.Name} is '{value}' again, after '{fact.History[fact.Seen].Value}'");
                    continue;
                }
                for (var seen = fact.Seen + 1; seen <= place; seen++)
                    if (fact.History[seen].At > 0) Latencies.Add(Stopwatch.GetElapsedTime(fact.History[seen].At, now).TotalMilliseconds);
                fact.Seen = place;
                if (place == fact.History.Count - 1) _pending.Remove(fact);
            }
        }
    }

    /// <summary>The next edit that makes its fact what it was not since it was last seen: else nobody could say which of the two is seen.</summary>
    private (Edit Edit, Fact Fact, int Place) Plan()
    {
        lock (_facts)
        {
            while (true)
            {
                var edit = Next(_edits++);
                if (!_facts.TryGetValue(edit.Fact, out var fact)) _facts[edit.Fact] = fact = new Fact(edit.Fact, edit.Read, edit.Read(_seed), edit.Replaces);
                if (fact.History.FindIndex(fact.Seen, state => state.Value == edit.After) >= 0) continue;
                fact.History.Add((edit.After, 0));
                _pending.Add(fact);
                edit.Planned?.Invoke();
                return (edit, fact, fact.History.Count - 1);
            }
        }
    }

    private Edit Next(int number) => _random.Next(13) switch
    {
        0 or 1 => Title(Pick(_dramas), $"Renamed {number}"),
        2 => Property(Pick(_dramas), number),
        3 => Name(Pick(_people), $"Renamed {number}"),
        4 => AddGenre(Pick(_dramas), Pick(_genres), number),
        5 => Tag(Pick(_dramas), number),
        6 => ChangeCredit(_credits[_random.Next(_credits.Count)], number),
        7 => RemoveCredit(_random.Next(_credits.Count)),
        8 => AddCredit(Pick(_dramas), Pick(_people), number),
        9 => AddDrama($"curated-{number}", Pick(_genres), Pick(_people)),
        10 => _created.Count > 0 ? DeleteDrama(_random.Next(_created.Count)) : Title(Pick(_dramas), $"Renamed {number}"),
        11 => Network(Pick(_dramas), number),
        _ => _random.Next(2) == 0 ? Follow(Pick(_dramas), Pick(_dramas)) : RenameGenre(number),
    };

    private static Edit Title(string id, string title) => new(
        "rename a drama", $"title of {id}", view => view.Drama(id)?.Title, "MATCH (d:Drama {id: $id}) SET d.title = $title", new { id, title }, title);

    private static Edit Name(string id, string name) => new(
        "rename a person", $"name of {id}", view => view.Person(id)?.Name, "MATCH (p:Person {id: $id}) SET p.name = $name", new { id, name }, name);

    private static Edit Property(string id, int number) => (number % 4) switch
    {
        0 => new("change a property", $"episodes of {id}", view => view.Drama(id)?.Episodes?.ToString(), "MATCH (d:Drama {id: $id}) SET d.episodes = $number", new { id, number }, $"{number}"),
        1 => new("change a property", $"aliases of {id}", view => string.Join('|', view.Drama(id)?.Aliases ?? []), "MATCH (d:Drama {id: $id}) SET d.aliases = $aliases", new { id, aliases = new[] { $"{number}", "α" } }, $"{number}|α"),
        2 => new("change a property", $"native title of {id}", view => view.Drama(id)?.NativeTitle, "MATCH (d:Drama {id: $id}) SET d.nativeTitle = $native", new { id, native = $"{number}" }, $"{number}"),
        _ => new("remove a property", $"country of {id}", view => view.Drama(id)?.Country, "MATCH (d:Drama {id: $id}) REMOVE d.country", new { id }, null),
    };

    /// <summary>Moves a drama to one genre: the others are removed, in one transaction.</summary>
    private static Edit AddGenre(string id, string genre, int number) => new(
        "move to a genre", $"genres of {id}", view => string.Join('|', view.Drama(id)?.Genres ?? []),
        "MATCH (d:Drama {id: $id}) OPTIONAL MATCH (d)-[old:HAS_GENRE]->() WITH d, collect(old) AS olds FOREACH (o IN olds | DELETE o) "
        + "MERGE (g:Genre {name: $genre}) MERGE (h:Genre {name: $second}) CREATE (d)-[:HAS_GENRE {order: 1}]->(g), (d)-[:HAS_GENRE {order: 2}]->(h)",
        new { id, genre, second = $"curated {number}" }, $"{genre}|curated {number}");

    private static Edit Tag(string id, int number) => new(
        "add or remove a tag", $"tags of {id}", view => string.Join('|', view.Drama(id)?.Tags ?? []),
        "MATCH (d:Drama {id: $id}) OPTIONAL MATCH (d)-[old:TAGGED]->() WITH d, collect(old) AS olds FOREACH (o IN olds | DELETE o) MERGE (t:Tag {name: $tag}) CREATE (d)-[:TAGGED]->(t)",
        new { id, tag = $"curated {number}" }, $"curated {number}");

    private static Edit Network(string id, int number) => new(
        "add a network", $"network of {id}", view => view.Drama(id)?.Networks.LastOrDefault(n => n.StartsWith("curated ", StringComparison.Ordinal)),
        "MATCH (d:Drama {id: $id}) MERGE (n:Network {name: $network}) CREATE (d)-[:AIRED_ON {order: $number}]->(n)", new { id, network = $"curated {number}", number }, $"curated {number}");

    private static Edit ChangeCredit(Credit c, int number) => OfCredit("change a credit", c, "SET r.character = $character", $"role {number}");

    private Edit RemoveCredit(int index)
    {
        var credit = _credits[index];
        return OfCredit("remove a credit", credit, "DELETE r", null) with { Planned = () => _credits.Remove(credit) };
    }

    private Edit AddCredit(string drama, string person, int number)
    {
        var credit = new Credit(drama, person, CreditRole.Actor, number);
        return new(
            "add a credit", $"ACTED_IN {person} {drama}", view => view.Character(credit),
            "MATCH (d:Drama {id: $drama}), (p:Person {id: $person}) MERGE (p)-[r:ACTED_IN]->(d) SET r.character = $character",
            new { drama, person, character = $"role {number}" }, $"role {number}")
        {
            Planned = () =>
            {
                if (!_credits.Any(c => (c.DramaId, c.PersonId, c.Role) == (drama, person, CreditRole.Actor))) _credits.Add(credit);
            },
        };
    }

    private static Edit OfCredit(string kind, Credit c, string change, string? character) => new(
        kind, $"{c.Edge.Name()} {c.PersonId} {c.DramaId}", view => view.Character(c),
        // A type cannot be a parameter.
        $"MATCH (d:Drama {{id: $drama}})<-[r:{c.Edge.Name()}]-(p:Person {{id: $person}}) {change}", new { drama = c.DramaId, person = c.PersonId, character }, character);

    private Edit AddDrama(string id, string genre, string person) => new(
            "add a drama", $"drama {id}", view => view.Drama(id)?.Id,
            "MATCH (g:Genre {name: $genre}), (p:Person {id: $person}) CREATE (d:Drama {id: $id, title: 'Curated'}) CREATE (d)-[:HAS_GENRE]->(g), (p)-[:ACTED_IN]->(d)", new { id, genre, person }, id)
    {
        Planned = () => _created.Add(id),
    };

    private Edit DeleteDrama(int index)
    {
        var id = _created[index];
        return new("delete a drama", $"drama {id}", view => view.Drama(id)?.Id, "MATCH (d:Drama {id: $id}) DETACH DELETE d", new { id }, null) { Planned = () => _created.Remove(id) };
    }

    private static Edit Follow(string id, string earlier) => new(
        "link seasons", $"follows of {id}", view => view.Drama(id)?.Follows,
        "MATCH (d:Drama {id: $id}), (e:Drama {id: $earlier}) OPTIONAL MATCH (d)-[old:FOLLOWS]->() WITH d, e, collect(old) AS olds FOREACH (o IN olds | DELETE o) CREATE (d)-[:FOLLOWS]->(e)",
        new { id, earlier }, earlier);

    /// <summary>Renames a genre of this curator, which one or two dramas have (a new one when there is none).</summary>
    private static Edit RenameGenre(int number) => new(
        "rename a genre", "genre of the curator", view => view.Genre("renamed "),
        "MERGE (d:Drama {id: 'renamed-genre'}) ON CREATE SET d.title = 'Of a genre' MERGE (d)-[:HAS_GENRE]->(g:Genre) SET g.name = $name", new { name = $"renamed {number}" }, $"renamed {number}");

    private string Pick(string[] ids) => ids[_random.Next(ids.Length)];

    private sealed record Edit(string Kind, string Fact, Func<View, string?> Read, string Cypher, object Parameters, string? After)
    {
        /// <summary>Whether the edit takes edges away and adds others.</summary>
        public bool Replaces => Kind is "move to a genre" or "add or remove a tag" or "link seasons";

        /// <summary>What the curator notes when the edit is taken.</summary>
        public Action? Planned { get; init; }
    }

    /// <summary>What can be edited, what it has been (and when Neo4j had committed that), and which of it was seen last.</summary>
    private sealed class Fact(string name, Func<View, string?> read, string? before, bool replaced)
    {
        public string Name { get; } = name;
        public Func<View, string?> Read { get; } = read;
        public List<(string? Value, long At)> History { get; } = [(before, 0)];
        public int Seen { get; set; }
        public bool Replaced { get; } = replaced;
    }

    /// <summary>A catalogue, by id.</summary>
    private sealed class View(CatalogBatch catalog)
    {
        private readonly Dictionary<string, Drama> _dramas = catalog.Dramas.ToDictionary(d => d.Id);
        private readonly Dictionary<string, Person> _people = catalog.People.ToDictionary(p => p.Id);
        private readonly Dictionary<(string, string, CreditRole), Credit> _credits = catalog.Credits.ToDictionary(c => (c.DramaId, c.PersonId, c.Role));

        public Drama? Drama(string id) => _dramas.GetValueOrDefault(id);

        public Person? Person(string id) => _people.GetValueOrDefault(id);

        /// <summary>What the credit's edge says; null where there is none.</summary>
        public string? Character(Credit c) => _credits.GetValueOrDefault((c.DramaId, c.PersonId, c.Role)) is { } credit ? credit.Character ?? "" : null;

        public string? Genre(string prefix) => _dramas.GetValueOrDefault("renamed-genre")?.Genres.FirstOrDefault(g => g.StartsWith(prefix, StringComparison.Ordinal));
    }
}
