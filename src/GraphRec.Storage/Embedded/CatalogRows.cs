using System.Globalization;
using GraphRec.Core;
using Microsoft.Data.Sqlite;

namespace GraphRec.Storage.Embedded;

/// <summary>A list of a drama, kept in a table of its own.</summary>
internal sealed record DramaList(string Table, string Column, Func<Drama, IReadOnlyList<string>> Of)
{
    public string DeleteSql { get; } = $"DELETE FROM {Table} WHERE drama_id = $1";
    public string InsertSql { get; } = $"INSERT INTO {Table}(drama_id, position, {Column}) VALUES ($1, $2, $3)";
    public string ScanSql { get; } = $"SELECT drama_id, {Column} FROM {Table} ORDER BY drama_id, position";
}

/// <summary>How catalogue records and rows correspond: shared by the catalogue and the export.</summary>
internal static class CatalogRows
{
    public const string SelectDramas =
        """
        SELECT d.id, title, native_title, country, year, aired_from, aired_to, episodes, duration_minutes, content_rating,
          type, priority, follows_id FROM drama d LEFT JOIN season s ON s.drama_id = d.id
        """;

    public const string SelectCredits = "SELECT drama_id, person_id, role, position, character, billing FROM credit";

    /// <summary>The lists, in the order in which <see cref="ListsOf"/> answers them.</summary>
    public static readonly DramaList[] Lists =
    [
        new("drama_alias", "alias", d => d.Aliases),
        new("drama_region", "region", d => d.Regions),
        new("drama_genre", "genre", d => d.Genres),
        new("drama_tag", "tag", d => d.Tags),
        new("drama_network", "network", d => d.Networks),
    ];

    private static readonly string SelectLists = string.Join(" UNION ALL ", Lists.Select(
        (list, i) => $"SELECT {i} AS list, position, {list.Column} FROM {list.Table} WHERE drama_id = $1")) + " ORDER BY 1, 2";

    /// <summary>By drama, role, order, person; ids ordinal.</summary>
    public static readonly Comparison<Credit> CreditOrder = (a, b) =>
    {
        var by = string.CompareOrdinal(a.DramaId, b.DramaId);
        if (by == 0) by = a.Role.CompareTo(b.Role);
        if (by == 0) by = a.Order.CompareTo(b.Order);
        return by != 0 ? by : string.CompareOrdinal(a.PersonId, b.PersonId);
    };

    public static string Name(CreditRole role) => role switch
    {
        CreditRole.Actor => "actor",
        CreditRole.Director => "director",
        _ => "writer",
    };

    public static string? Day(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    public static Drama? FindDrama(SqlSession session, string id)
    {
        var lists = ListsOf(session, id);
        using var row = session.Prepare(SelectDramas + " WHERE d.id = $1").Bind(id).Query();
        return row.Read() ? Drama(row, lists, static s => s) : null;
    }

    /// <summary>The stored lists of one drama; null where a list is empty.</summary>
    public static List<string>?[] ListsOf(SqlSession session, string dramaId)
    {
        var lists = new List<string>?[Lists.Length];
        using var row = session.Prepare(SelectLists).Bind(dramaId).Query();
        while (row.Read()) (lists[row.GetInt32(0)] ??= []).Add(row.GetString(2));
        return lists;
    }

    /// <summary>A row of <see cref="SelectDramas"/>, with its lists.</summary>
    public static Drama Drama(SqliteDataReader row, IReadOnlyList<string>?[] lists, Func<string, string> intern) => new()
    {
        Id = intern(row.GetString(0)),
        Title = row.GetString(1),
        NativeTitle = row.Text(2),
        Country = row.Text(3) is { } country ? intern(country) : null,
        Year = row.Int(4),
        AiredFrom = Day(row.Text(5)),
        AiredTo = Day(row.Text(6)),
        Episodes = row.Int(7),
        DurationMinutes = row.Int(8),
        ContentRating = row.Text(9) is { } rating ? intern(rating) : null,
        Type = row.Text(10) is { } type ? intern(type) : null,
        Priority = row.GetDouble(11),
        Follows = row.Text(12) is { } follows ? intern(follows) : null,
        Aliases = lists[0] ?? [],
        Regions = lists[1] ?? [],
        Genres = lists[2] ?? [],
        Tags = lists[3] ?? [],
        Networks = lists[4] ?? [],
    };

    /// <summary>A row of <see cref="SelectCredits"/>.</summary>
    public static Credit Credit(SqliteDataReader row, Func<string, string> intern) => new(
        intern(row.GetString(0)), intern(row.GetString(1)), Role(row.GetString(2)), row.GetInt32(3), row.Text(4),
        row.Text(5) is { } billing ? intern(billing) : null);

    private static CreditRole Role(string name) => name switch
    {
        "actor" => CreditRole.Actor,
        "director" => CreditRole.Director,
        _ => CreditRole.Writer,
    };

    private static DateOnly? Day(string? text) =>
        text is null ? null : DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);
}
