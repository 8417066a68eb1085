using GraphRec.Core;
using Microsoft.Data.Sqlite;

namespace GraphRec.Storage.Embedded;

/// <summary>
/// <see cref="IGraphExport"/> on SQLite. Every id, name and label is one string however often it occurs: 150,000 edges of
/// a few thousand users and dramas hold a few thousand strings.
/// </summary>
internal sealed class EmbeddedGraphExport(ReaderPool readers) : IGraphExport
{
    public Task<GraphVersion> VersionAsync(CancellationToken cancel = default)
    {
        cancel.ThrowIfCancellationRequested();
        return Task.FromResult(readers.Read("graph version", Version));
    }

    public Task<GraphExport> ReadAsync(CancellationToken cancel = default) => Task.Run(
        () => readers.ReadAtOnce("read graph", session =>
        {
            var strings = new Interner();
            var version = Version(session);
            var dramas = Dramas(session, strings, cancel);
            var people = People(session, strings, cancel);
            var credits = Credits(session, strings, cancel);
            return new GraphExport(version, dramas, people, credits, Behaviour(session, strings, cancel)) { Regions = Regions(session, strings) };
        }), cancel);

    // One statement, so that both numbers are of the same state.
    private static GraphVersion Version(SqlSession session)
    {
        using var row = session.Prepare(
            """
            SELECT sum(value) FILTER (WHERE key = 'catalog_revision'), sum(value) FILTER (WHERE key = 'applied_through') FROM meta
            """).Query();
        row.Read();
        return new GraphVersion(row.GetInt64(0), row.GetInt64(1));
    }

    private static List<Drama> Dramas(SqlSession session, Interner strings, CancellationToken cancel)
    {
        var lists = new Dictionary<string, List<string>?[]>(StringComparer.Ordinal);
        for (var i = 0; i < CatalogRows.Lists.Length; i++)
        {
            cancel.ThrowIfCancellationRequested();
            using var row = session.Prepare(CatalogRows.Lists[i].ScanSql).Query();
            while (row.Read())
            {
                var id = strings.Of(row.GetString(0));
                if (!lists.TryGetValue(id, out var own)) lists[id] = own = new List<string>?[CatalogRows.Lists.Length];
                (own[i] ??= []).Add(strings.Of(row.GetString(1)));
            }
        }
        var dramas = new List<Drama>(lists.Count);
        var none = new List<string>?[CatalogRows.Lists.Length];
        using var drama = session.Prepare(CatalogRows.SelectDramas + " ORDER BY d.id").Query();
        while (drama.Read()) dramas.Add(CatalogRows.Drama(drama, lists.GetValueOrDefault(drama.GetString(0)) ?? none, strings.Of));
        return Ordered(dramas, static (a, b) => string.CompareOrdinal(a.Id, b.Id));
    }

    private static List<Person> People(SqlSession session, Interner strings, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        var people = new List<Person>();
        using var row = session.Prepare("SELECT id, name, native_name FROM person ORDER BY id").Query();
        while (row.Read()) people.Add(new Person(strings.Of(row.GetString(0)), row.GetString(1), row.Text(2)));
        return Ordered(people, static (a, b) => string.CompareOrdinal(a.Id, b.Id));
    }

    private static List<Credit> Credits(SqlSession session, Interner strings, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        var credits = new List<Credit>();
        using var row = session.Prepare(CatalogRows.SelectCredits).Query();
        while (row.Read()) credits.Add(CatalogRows.Credit(row, strings.Of));
        return Ordered(credits, CatalogRows.CreditOrder);
    }

    private static List<BehaviourEdge> Behaviour(SqlSession session, Interner strings, CancellationToken cancel)
    {
        var edges = new List<BehaviourEdge>();
        using var row = session.Prepare(
            "SELECT user_id, type, target_kind, target_id, value, first_at, last_at, times FROM behaviour").Query();
        while (row.Read())
        {
            if ((edges.Count & 0xFFF) == 0) cancel.ThrowIfCancellationRequested();
            edges.Add(Edge(row, strings));
        }
        return Ordered(edges, static (a, b) =>
        {
            var by = string.CompareOrdinal(a.UserId, b.UserId);
            if (by == 0) by = a.Type.CompareTo(b.Type);
            if (by == 0) by = a.Target.Kind.CompareTo(b.Target.Kind);
            return by != 0 ? by : string.CompareOrdinal(a.Target.Id, b.Target.Id);
        });
    }

    private static Dictionary<string, string> Regions(SqlSession session, Interner strings)
    {
        var regions = new Dictionary<string, string>(StringComparer.Ordinal);
        using var row = session.Prepare("SELECT user_id, region FROM viewer").Query();
        while (row.Read()) regions.Add(strings.Of(row.GetString(0)), strings.Of(row.GetString(1)));
        return regions;
    }

    private static BehaviourEdge Edge(SqliteDataReader row, Interner strings) => new(
        strings.Of(row.GetString(0)), Names.Edge(row.GetString(1)), new NodeRef(Names.Node(row.GetString(2)), strings.Of(row.GetString(3))),
        row.GetDouble(4), row.Time(5), row.Time(6), row.GetInt32(7));

    /// <summary>
    /// SQLite orders text by its UTF-8 bytes, .NET's ordinal order by UTF-16 units; they differ beyond the basic plane.
    /// </summary>
    private static List<T> Ordered<T>(List<T> items, Comparison<T> order)
    {
        for (var i = 1; i < items.Count; i++)
        {
            if (order(items[i - 1], items[i]) <= 0) continue;
            items.Sort(order);
            break;
        }
        return items;
    }

    private sealed class Interner
    {
        private readonly Dictionary<string, string> _known = new(StringComparer.Ordinal);

        public string Of(string text)
        {
            if (_known.TryGetValue(text, out var known)) return known;
            _known.Add(text, text);
            return text;
        }
    }
}
