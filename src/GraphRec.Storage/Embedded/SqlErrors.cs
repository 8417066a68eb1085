using GraphRec.Core;
using Microsoft.Data.Sqlite;

namespace GraphRec.Storage.Embedded;

/// <summary>The one place where SQLite's exceptions become the product's.</summary>
internal static class SqlErrors
{
    public const string Store = "sqlite";

    private const int Busy = 5, Locked = 6, Full = 13, NotADatabase = 26;

    public static StorageException Wrap(string operation, SqliteException e) => new(
        Store, operation, e.SqliteErrorCode is Busy or Locked or Full,
        e.SqliteErrorCode == NotADatabase ? "the file is not a SQLite database, or is damaged" : e.Message, e);

    /// <summary>Runs the work, with SQLite's exceptions wrapped.</summary>
    public static T Guard<T>(string operation, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (SqliteException e)
        {
            throw Wrap(operation, e);
        }
    }
}
