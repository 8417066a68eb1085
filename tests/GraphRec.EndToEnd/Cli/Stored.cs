using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Data.Sqlite;

namespace GraphRec.EndToEnd.Cli;

/// <summary>What lies in a data directory, read with SQL and without any of GraphRec's code.</summary>
internal static class Stored
{
    private static readonly string[] Tables =
    [
        "drama", "drama_alias", "drama_region", "drama_genre", "drama_tag", "drama_network", "season", "person", "credit",
        "event", "behaviour", "viewer", "meta",
    ];

    /// <summary>A count and a hash of all rows of every table that an answer can depend on.</summary>
    public static Dictionary<string, string> State(string data) => Tables.ToDictionary(t => t, t =>
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var count = 0;
        foreach (var row in Rows(data, $"SELECT * FROM {t} ORDER BY {(t == "event" ? "sequence" : string.Join(',', Columns(data, t)))}"))
        {
            count++;
            hash.AppendData(Encoding.UTF8.GetBytes(string.Join('\u001f', row) + '\n'));
        }
        return $"{count} {Convert.ToHexStringLower(hash.GetHashAndReset())}";
    });

    public static long Number(string data, string sql) =>
        Rows(data, sql) is [[{ } text]] ? long.Parse(text, CultureInfo.InvariantCulture) : throw new InvalidOperationException($"{sql} has no single answer.");

    public static List<string?[]> Rows(string data, string sql)
    {
        var connection = new SqliteConnectionStringBuilder { DataSource = Path.Combine(data, "graphrec.db"), Mode = SqliteOpenMode.ReadOnly, Pooling = false };
        using var open = new SqliteConnection(connection.ToString());
        open.Open();
        using var command = open.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<string?[]>();
        while (reader.Read())
        {
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? null : Convert.ToString(reader.GetValue(i), CultureInfo.InvariantCulture))]);
        }
        return rows;
    }

    private static IEnumerable<string> Columns(string data, string table) => Rows(data, $"SELECT name FROM pragma_table_info('{table}')").Select(r => r[0]!);
}
