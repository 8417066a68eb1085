using Microsoft.Data.Sqlite;

namespace GraphRec.Storage.Embedded;

/// <summary>
/// One connection and its prepared statements, which live as long as it does. Used by one thread at a time.
/// </summary>
internal sealed class SqlSession : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, SqlStatement> _statements = new(StringComparer.Ordinal);

    private SqlSession(SqliteConnection connection) => _connection = connection;

    /// <summary>Opens the file; a writing session creates it.</summary>
    public static SqlSession Open(string file, bool readOnly, int cacheMegabytes)
    {
        // Pooling is off because the prepared statements are pooled with the connection, by ReaderPool.
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = file,
            Mode = readOnly ? SqliteOpenMode.ReadOnly : SqliteOpenMode.ReadWriteCreate,
            Pooling = false,
            DefaultTimeout = 10,
        }.ConnectionString);
        var session = new SqlSession(connection);
        try
        {
            connection.Open();
            session.Execute($"PRAGMA cache_size = -{cacheMegabytes * 1024}; PRAGMA temp_store = MEMORY");
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>The prepared statement with this text; parameters are named $1, $2, ….</summary>
    public SqlStatement Prepare(string sql)
    {
        if (_statements.TryGetValue(sql, out var known)) return known;
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        return _statements[sql] = new SqlStatement(command);
    }

    /// <summary>Runs a text once, without keeping it prepared.</summary>
    public void Execute(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>The single integer a text answers; 0 for none.</summary>
    public long Scalar(string sql, params ReadOnlySpan<object?> values)
    {
        using var reader = Prepare(sql).Bind(values).Query();
        return reader.Read() && !reader.IsDBNull(0) ? reader.GetInt64(0) : 0;
    }

    public void Dispose()
    {
        foreach (var statement in _statements.Values) statement.Dispose();
        _connection.Dispose();
    }
}

/// <summary>A prepared statement.</summary>
internal sealed class SqlStatement(SqliteCommand command) : IDisposable
{
    /// <summary>Sets $1, $2, … to the values; null is NULL.</summary>
    public SqlStatement Bind(params ReadOnlySpan<object?> values)
    {
        for (var i = command.Parameters.Count; i < values.Length; i++)
            command.Parameters.Add(new SqliteParameter { ParameterName = "$" + (i + 1) });
        for (var i = 0; i < values.Length; i++) command.Parameters[i].Value = values[i] ?? DBNull.Value;
        return this;
    }

    /// <summary>Runs it and returns how many rows changed.</summary>
    public int Run() => command.ExecuteNonQuery();

    public SqliteDataReader Query() => command.ExecuteReader();

    public void Dispose() => command.Dispose();
}

/// <summary>Reads of columns that may be NULL.</summary>
internal static class SqlColumns
{
    public static string? Text(this SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    public static int? Int(this SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt32(column);

    /// <summary>A time, stored as milliseconds since 1970 UTC.</summary>
    public static DateTimeOffset Time(this SqliteDataReader row, int column) =>
        DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(column));
}
