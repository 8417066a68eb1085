using System.Globalization;
using System.Text.Json;
using GraphRec.Core;

namespace GraphRec.Storage.Neo4j;

/// <summary>
/// <see cref="ICatalog"/> in Neo4j. A write reads what is stored of its keys, compares, and writes only what differs:
/// writing a batch again costs reads.
/// </summary>
internal sealed class Neo4jCatalog(Neo4jClient client) : ICatalog
{
    // A thousand dramas with their tags take a busy server a second; so no exchange is silent for long.
    private const int RowsPerExchange = 1_000;

    private static readonly CreditRole[] Roles = Enum.GetValues<CreditRole>();

    public Task<int> UpsertAsync(CatalogBatch batch, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (batch.Count == 0) return Task.FromResult(0);
        return client.TransactAsync("catalogue upsert", async transaction =>
        {
            var stored = new Stored();
            await transaction.RunAsync(stored.Reads(batch), stored.Add).ConfigureAwait(false);
            var changed = 0;
            var dramas = Differing(batch.Dramas.Select(Distinct), d => d.Id, stored.Dramas, CatalogFacts.Same, ref changed);
            var people = Differing(batch.People, p => p.Id, stored.People, static (a, b) => a == b, ref changed);
            var credits = Differing(batch.Credits, c => (c.DramaId, c.PersonId, c.Role), stored.Credits, static (a, b) => a == b, ref changed);
            if (changed == 0)
            {
                await transaction.RollbackAsync().ConfigureAwait(false);
                return 0;
            }
            foreach (var statement in Writes(dramas, people, credits, stored)) await transaction.RunAsync([statement], static (_, _) => { }).ConfigureAwait(false);
            await transaction.CommitAsync(Cypher.File("write/catalog-revision").With()).ConfigureAwait(false);
            return changed;
        }, cancel, idempotent: true);
    }

    public async Task<Drama?> FindDramaAsync(string id, CancellationToken cancel = default)
    {
        var found = await client.QueryAsync("find drama", DramasById([id]), Stored.Drama, cancel).ConfigureAwait(false);
        return found.FirstOrDefault();
    }

    public async Task<Person?> FindPersonAsync(string id, CancellationToken cancel = default)
    {
        var found = await client.QueryAsync("find person", PeopleById([id]), Stored.Person, cancel).ConfigureAwait(false);
        return found.FirstOrDefault();
    }

    public async Task<IReadOnlySet<string>> IdsAsync(NodeKind kind, CancellationToken cancel = default)
    {
        var question = Cypher.File(kind switch
        {
            NodeKind.Drama => "read/drama-ids",
            NodeKind.Person => "read/person-ids",
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Dramas and people have ids in the catalogue."),
        }).With();
        // Of what people have written, a key is a text.
        var keys = await client.QueryAsync("ids", question, row => GraphProperties.Key(row[0]), cancel).ConfigureAwait(false);
        return keys.OfType<string>().ToHashSet(StringComparer.Ordinal);
    }

    public async Task<IReadOnlyList<Credit>> CreditsOfAsync(string dramaId, CancellationToken cancel = default)
    {
        var found = await client.QueryAsync("credits of drama", CreditsOf([dramaId]), row => Stored.CreditsIn(row).Values, cancel).ConfigureAwait(false);
        var credits = found.SelectMany(c => c).ToList();
        credits.Sort(CatalogFacts.Compare);
        return credits;
    }

    private static Statement DramasById(IEnumerable<string> ids) => Cypher.File("read/dramas").With(new { ids });

    private static Statement PeopleById(IEnumerable<string> ids) => Cypher.File("read/people").With(new { ids });

    private static Statement CreditsOf(IEnumerable<string> ids) => Cypher.File("read/credits").With(new { ids });

    /// <summary>An edge is there once: a name that a list has twice counts the first time.</summary>
    private static Drama Distinct(Drama d) => d with
    {
        Genres = [.. d.Genres.Distinct(StringComparer.Ordinal)],
        Tags = [.. d.Tags.Distinct(StringComparer.Ordinal)],
        Networks = [.. d.Networks.Distinct(StringComparer.Ordinal)],
    };

    /// <summary>The records that differ from what is stored, the last of each key; <paramref name="changed"/> counts as if each were written by itself.</summary>
    private static List<T> Differing<TKey, T>(IEnumerable<T> records, Func<T, TKey> keyOf, Dictionary<TKey, T> stored, Func<T, T, bool> same, ref int changed)
        where TKey : notnull where T : class
    {
        var now = new Dictionary<TKey, T>();
        foreach (var record in records)
        {
            var key = keyOf(record);
            if ((now.GetValueOrDefault(key) ?? stored.GetValueOrDefault(key)) is { } known && same(known, record)) continue;
            now[key] = record;
            changed++;
        }
        return [.. now.Where(n => stored.GetValueOrDefault(n.Key) is not { } known || !same(known, n.Value)).Select(n => n.Value)];
    }

    private static IEnumerable<Statement> Writes(List<Drama> dramas, List<Person> people, List<Credit> credits, Stored stored)
    {
        var follows = dramas.Where(d => d.Follows != stored.Dramas.GetValueOrDefault(d.Id)?.Follows)
            .Select(d => new { d.Id, Follows = d.Follows is null ? Array.Empty<string>() : [d.Follows] });
        return
        [
            .. InParts("write/dramas", dramas.Select(Row)),
            .. InParts("write/people", people.Select(p => new { p.Id, p.Name, p.NativeName })),
            .. List("write/genres", d => d.Genres),
            .. List("write/tags", d => d.Tags),
            .. List("write/networks", d => d.Networks),
            .. InParts("write/follows", follows),
            .. Roles.SelectMany(role => InParts("write/" + CatalogFacts.EdgeOf(role).ToLowerInvariant().Replace('_', '-'), credits.Where(c => c.Role == role).Select(Row))),
        ];

        IEnumerable<Statement> List(string file, Func<Drama, IReadOnlyList<string>> of) => InParts(file, dramas
            .Where(d => !CatalogFacts.Same(of(d), stored.Dramas.GetValueOrDefault(d.Id) is { } known ? of(known) : []))
            .Select(d => new { d.Id, Names = of(d) }));
    }

    private static IEnumerable<Statement> InParts<T>(string file, IEnumerable<T> rows) =>
        rows.Chunk(RowsPerExchange).Select(part => Cypher.File(file).With(new { rows = part }));

    private static object Row(Credit c) =>
        new { Drama = c.DramaId, Person = c.PersonId, Order = c.Order == Credit.NoOrder ? (int?)null : c.Order, c.Character, c.Billing };

    private static object Row(Drama d) => new
    {
        d.Id,
        Properties = new
        {
            d.Title, d.NativeTitle, d.Country, d.Year, AiredFrom = Day(d.AiredFrom), AiredTo = Day(d.AiredTo), d.Episodes, d.DurationMinutes,
            d.ContentRating, d.Type, Aliases = d.Aliases.Count == 0 ? null : d.Aliases, Regions = d.Regions.Count == 0 ? null : d.Regions,
        },
        Priority = d.Priority == 0 ? (double?)null : d.Priority,
    };

    private static string? Day(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>What is stored under the keys of a batch.</summary>
    private sealed class Stored
    {
        // A look-up is not asked for issues: export and doctor tell them.
        private static GraphIssues Unheard => new();

        public Dictionary<string, Drama> Dramas { get; } = new(StringComparer.Ordinal);
        public Dictionary<string, Person> People { get; } = new(StringComparer.Ordinal);
        public Dictionary<(string, string, CreditRole), Credit> Credits { get; } = [];

        public Statement[] Reads(CatalogBatch batch) =>
        [
            Cypher.File("write/lock").With(),
            DramasById(batch.Dramas.Select(d => d.Id).Distinct(StringComparer.Ordinal)),
            PeopleById(batch.People.Select(p => p.Id).Distinct(StringComparer.Ordinal)),
            CreditsOf(batch.Credits.Select(c => c.DramaId).Distinct(StringComparer.Ordinal)),
        ];

        public void Add(int statement, Row row)
        {
            switch (statement)
            {
                case 1 when Drama(row) is { } drama:
                    Dramas[drama.Id] = drama;
                    break;
                case 2 when Person(row) is { } person:
                    People[person.Id] = person;
                    break;
                case 3:
                    foreach (var (key, credit) in CreditsIn(row)) Credits[key] = credit;
                    break;
            }
        }

        /// <summary>A row of read/dramas; null for a stub.</summary>
        public static Drama? Drama(Row row)
        {
            var id = row[0].Property("id").GetString()!;
            return CatalogFacts.Drama(id, row[0], Unheard) is not { } drama ? null : drama with
            {
                Genres = List(id, EdgeType.HasGenre, row[1]),
                Tags = List(id, EdgeType.Tagged, row[2]),
                Networks = List(id, EdgeType.AiredOn, row[3]),
                Follows = row[4].EnumerateArray().Select(GraphProperties.Key).OfType<string>().Order(StringComparer.Ordinal).FirstOrDefault(),
            };
        }

        /// <summary>A row of read/people; null for a stub.</summary>
        public static Person? Person(Row row) => CatalogFacts.Person(row[0].Property("id").GetString()!, row[0], Unheard);

        /// <summary>A row of read/credits.</summary>
        public static Dictionary<(string, string, CreditRole), Credit> CreditsIn(Row row)
        {
            var credits = new Dictionary<(string, string, CreditRole), Credit>();
            foreach (var item in row[1].EnumerateArray())
            {
                if (GraphProperties.Key(item[0]) is not { } person) continue;
                var credit = CatalogFacts.Credit(row.String(0), person, CatalogFacts.Role(item[1].GetString()!), item[2], Unheard);
                var key = (credit.DramaId, person, credit.Role);
                credits[key] = credits.TryGetValue(key, out var parallel) ? CatalogFacts.First(parallel, credit) : credit;
            }
            return credits;
        }

        private static string[] List(string drama, EdgeType type, JsonElement items) => CatalogFacts.InOrder(
        [
            .. from item in items.EnumerateArray()
               let name = GraphProperties.Key(item[0])
               where name is not null
               select (CatalogFacts.Place(drama, type, name, item[1], Unheard), name),
        ]);
    }
}
