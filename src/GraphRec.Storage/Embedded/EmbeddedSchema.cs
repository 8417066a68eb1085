using GraphRec.Core;

namespace GraphRec.Storage.Embedded;

/// <summary>
/// The tables, and how an older file is brought forward. <c>PRAGMA user_version</c> says which version a file has. A
/// version that was released is never edited: a change is a new entry in <see cref="Migrations"/>.
/// </summary>
internal static class EmbeddedSchema
{
    /// <summary>"GREC": tells a GraphRec file from any other SQLite file.</summary>
    public const int ApplicationId = 0x47524543;

    /// <summary><c>Migrations[i]</c> brings a file from version i to i + 1.</summary>
    private static readonly string[] Migrations = [Version1, Version2];

    public static int CurrentVersion => Migrations.Length;

    /// <summary>Refuses a file that is not GraphRec's, or that a newer GraphRec wrote.</summary>
    public static int Check(SqlSession session, string file, bool readOnly)
    {
        var version = (int)session.Scalar("PRAGMA user_version");
        var application = (int)session.Scalar("PRAGMA application_id");
        var empty = session.Scalar("SELECT count(*) FROM sqlite_schema") == 0;
        if (application != ApplicationId && !(empty && application == 0 && version == 0))
            throw Refuse($"{file} is a SQLite file of another program; choose another directory.");
        if (version > CurrentVersion)
        {
            throw Refuse($"{file} has format {version}, but this GraphRec knows formats up to {CurrentVersion}; "
                + "use the newer GraphRec that wrote it.");
        }
        if (readOnly && version < CurrentVersion)
            throw Refuse($"{file} has the older format {version}; open it once for writing, which brings it to {CurrentVersion}.");
        return version;
    }

    /// <summary>Brings the file to the current version, each step all or nothing.</summary>
    public static void Migrate(SqlSession session, int from)
    {
        for (var version = from; version < CurrentVersion; version++)
        {
            session.Execute($"BEGIN IMMEDIATE; {Migrations[version]}; PRAGMA application_id = {ApplicationId}; "
                + $"PRAGMA user_version = {version + 1}; COMMIT");
        }
    }

    private static StorageException Refuse(string message) => new(SqlErrors.Store, "open", retryable: false, message);

    /// <summary>
    /// Times are integers: milliseconds since 1970 UTC. Behaviour and catalogue are plain columns, so that a reason can
    /// be checked by hand with SQL. Lists keep their order in <c>position</c>. There is no index for questions by person
    /// or by drama: the in-process graph answers those. With such indexes and batches of 2,000, folding
    /// 150,000 events took 8.7 s; without them and with batches of 5,000 it took 3.9 s (2026-11, two busy cores).
    /// </summary>
    private const string Version1 =
        """
        CREATE TABLE meta(key TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
        INSERT INTO meta VALUES ('catalog_revision', 0), ('applied_through', 0);

        CREATE TABLE drama(
          id TEXT PRIMARY KEY, title TEXT NOT NULL, native_title TEXT, country TEXT, year INTEGER, aired_from TEXT,
          aired_to TEXT, episodes INTEGER, duration_minutes INTEGER, content_rating TEXT, type TEXT,
          priority REAL NOT NULL) WITHOUT ROWID;
        CREATE TABLE drama_alias(drama_id TEXT, position INTEGER, alias TEXT NOT NULL, PRIMARY KEY(drama_id, position)) WITHOUT ROWID;
        CREATE TABLE drama_region(drama_id TEXT, position INTEGER, region TEXT NOT NULL, PRIMARY KEY(drama_id, position)) WITHOUT ROWID;
        CREATE TABLE drama_genre(drama_id TEXT, position INTEGER, genre TEXT NOT NULL, PRIMARY KEY(drama_id, position)) WITHOUT ROWID;
        CREATE TABLE drama_tag(drama_id TEXT, position INTEGER, tag TEXT NOT NULL, PRIMARY KEY(drama_id, position)) WITHOUT ROWID;
        CREATE TABLE drama_network(drama_id TEXT, position INTEGER, network TEXT NOT NULL, PRIMARY KEY(drama_id, position)) WITHOUT ROWID;
        CREATE TABLE season(drama_id TEXT PRIMARY KEY, follows_id TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE person(id TEXT PRIMARY KEY, name TEXT NOT NULL, native_name TEXT) WITHOUT ROWID;
        CREATE TABLE credit(
          drama_id TEXT, person_id TEXT, role TEXT CHECK(role IN ('actor', 'director', 'writer')),
          position INTEGER NOT NULL, character TEXT, billing TEXT, PRIMARY KEY(drama_id, role, person_id)) WITHOUT ROWID;

        CREATE TABLE event(
          sequence INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, user_id TEXT NOT NULL, kind TEXT NOT NULL,
          target_kind TEXT NOT NULL, target_id TEXT NOT NULL, value REAL, at INTEGER NOT NULL,
          attribution_id TEXT, device TEXT, region TEXT, has_context INTEGER NOT NULL);
        CREATE TABLE behaviour(
          user_id TEXT, type TEXT, target_kind TEXT, target_id TEXT, value REAL NOT NULL, first_at INTEGER NOT NULL,
          last_at INTEGER NOT NULL, times INTEGER NOT NULL, PRIMARY KEY(user_id, type, target_kind, target_id)) WITHOUT ROWID;
        CREATE TABLE viewer(user_id TEXT PRIMARY KEY, region TEXT NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID;

        CREATE TABLE impression(
          position INTEGER PRIMARY KEY, page_id TEXT NOT NULL UNIQUE, user_id TEXT NOT NULL, at INTEGER NOT NULL, body BLOB NOT NULL);
        CREATE TABLE import_checkpoint(
          file TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, line INTEGER NOT NULL, complete INTEGER NOT NULL,
          accepted INTEGER NOT NULL, rejected INTEGER NOT NULL) WITHOUT ROWID;
        """;

    /// <summary>
    /// Which log this is, so that one of its copies is never taken for another log; and, where the graph of its events
    /// lives in another store, in which.
    /// </summary>
    private const string Version2 =
        """
        CREATE TABLE log(id TEXT NOT NULL, graph TEXT);
        INSERT INTO log(id) VALUES (lower(hex(randomblob(16))));
        """;
}
