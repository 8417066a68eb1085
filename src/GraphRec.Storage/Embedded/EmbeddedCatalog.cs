using GraphRec.Core;

namespace GraphRec.Storage.Embedded;

/// <summary><see cref="ICatalog"/> on SQLite.</summary>
internal sealed class EmbeddedCatalog(ReaderPool readers, StoreWriter writer) : ICatalog
{
    // The WHERE of each upsert makes a row that is already so count as unchanged.
    private const string UpsertDrama =
        """
        INSERT INTO drama(id, title, native_title, country, year, aired_from, aired_to, episodes, duration_minutes,
          content_rating, type, priority) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
        ON CONFLICT(id) DO UPDATE SET title = excluded.title, native_title = excluded.native_title,
          country = excluded.country, year = excluded.year, aired_from = excluded.aired_from,
          aired_to = excluded.aired_to, episodes = excluded.episodes, duration_minutes = excluded.duration_minutes,
          content_rating = excluded.content_rating, type = excluded.type, priority = excluded.priority
        WHERE (title, native_title, country, year, aired_from, aired_to, episodes, duration_minutes, content_rating,
          type, priority) IS NOT (excluded.title, excluded.native_title, excluded.country, excluded.year,
          excluded.aired_from, excluded.aired_to, excluded.episodes, excluded.duration_minutes,
          excluded.content_rating, excluded.type, excluded.priority)
        """;

    private const string UpsertPerson =
        """
        INSERT INTO person(id, name, native_name) VALUES ($1, $2, $3)
        ON CONFLICT(id) DO UPDATE SET name = excluded.name, native_name = excluded.native_name
        WHERE (name, native_name) IS NOT (excluded.name, excluded.native_name)
        """;

    private const string UpsertCredit =
        """
        INSERT INTO credit(drama_id, person_id, role, position, character, billing) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT(drama_id, role, person_id) DO UPDATE SET position = excluded.position,
          character = excluded.character, billing = excluded.billing
        WHERE (position, character, billing) IS NOT (excluded.position, excluded.character, excluded.billing)
        """;

    private const string UpsertSeason =
        """
        INSERT INTO season(drama_id, follows_id) VALUES ($1, $2)
        ON CONFLICT(drama_id) DO UPDATE SET follows_id = excluded.follows_id WHERE follows_id <> excluded.follows_id
        """;

    public Task<int> UpsertAsync(CatalogBatch batch, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return writer.RunAsync("catalogue upsert", session =>
        {
            var changed = 0;
            foreach (var drama in batch.Dramas)
            {
                cancel.ThrowIfCancellationRequested();
                if (Write(session, drama)) changed++;
            }
            foreach (var p in batch.People)
                changed += session.Prepare(UpsertPerson).Bind(p.Id, p.Name, p.NativeName).Run();
            foreach (var c in batch.Credits)
            {
                changed += session.Prepare(UpsertCredit)
                    .Bind(c.DramaId, c.PersonId, CatalogRows.Name(c.Role), c.Order, c.Character, c.Billing).Run();
            }
            if (changed > 0) session.Prepare("UPDATE meta SET value = value + 1 WHERE key = 'catalog_revision'").Run();
            return changed;
        }, cancel);
    }

    public Task<Drama?> FindDramaAsync(string id, CancellationToken cancel = default)
    {
        cancel.ThrowIfCancellationRequested();
        return Task.FromResult(readers.ReadAtOnce("find drama", session => CatalogRows.FindDrama(session, id)));
    }

    public Task<Person?> FindPersonAsync(string id, CancellationToken cancel = default)
    {
        cancel.ThrowIfCancellationRequested();
        return Task.FromResult(readers.Read("find person", session =>
        {
            using var row = session.Prepare("SELECT id, name, native_name FROM person WHERE id = $1").Bind(id).Query();
            return row.Read() ? new Person(row.GetString(0), row.GetString(1), row.Text(2)) : null;
        }));
    }

    public Task<IReadOnlySet<string>> IdsAsync(NodeKind kind, CancellationToken cancel = default)
    {
        cancel.ThrowIfCancellationRequested();
        var select = kind switch
        {
            NodeKind.Drama => "SELECT id FROM drama",
            NodeKind.Person => "SELECT id FROM person",
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Dramas and people have ids in the catalogue."),
        };
        return Task.FromResult(readers.Read<IReadOnlySet<string>>("ids", session =>
        {
            var ids = new HashSet<string>(StringComparer.Ordinal);
            using var row = session.Prepare(select).Query();
            while (row.Read()) ids.Add(row.GetString(0));
            return ids;
        }));
    }

    public Task<IReadOnlyList<Credit>> CreditsOfAsync(string dramaId, CancellationToken cancel = default)
    {
        cancel.ThrowIfCancellationRequested();
        return Task.FromResult(readers.Read<IReadOnlyList<Credit>>("credits of drama", session =>
        {
            var credits = new List<Credit>();
            using var row = session.Prepare(CatalogRows.SelectCredits + " WHERE drama_id = $1").Bind(dramaId).Query();
            while (row.Read()) credits.Add(CatalogRows.Credit(row, static s => s));
            credits.Sort(CatalogRows.CreditOrder);
            return credits;
        }));
    }

    /// <summary>Writes a drama with its lists; true when anything was new or differed.</summary>
    private static bool Write(SqlSession session, Drama d)
    {
        var changed = session.Prepare(UpsertDrama).Bind(
            d.Id, d.Title, d.NativeTitle, d.Country, d.Year, CatalogRows.Day(d.AiredFrom), CatalogRows.Day(d.AiredTo),
            d.Episodes, d.DurationMinutes, d.ContentRating, d.Type, d.Priority).Run() > 0;
        changed |= d.Follows is null
            ? session.Prepare("DELETE FROM season WHERE drama_id = $1").Bind(d.Id).Run() > 0
            : session.Prepare(UpsertSeason).Bind(d.Id, d.Follows).Run() > 0;

        var stored = CatalogRows.ListsOf(session, d.Id);
        for (var i = 0; i < CatalogRows.Lists.Length; i++)
        {
            var list = CatalogRows.Lists[i];
            var wanted = list.Of(d);
            if (wanted.SequenceEqual(stored[i] ?? [], StringComparer.Ordinal)) continue;
            changed = true;
            session.Prepare(list.DeleteSql).Bind(d.Id).Run();
            for (var position = 0; position < wanted.Count; position++)
                session.Prepare(list.InsertSql).Bind(d.Id, position, wanted[position]).Run();
        }
        return changed;
    }
}
