using GraphRec.Core;
using GraphRec.Storage.Files;

namespace GraphRec.Storage.Embedded;

/// <summary>
/// The embedded store: one SQLite file, <c>graphrec.db</c>, in a directory, written by one process at a time (WAL,
/// <c>synchronous=FULL</c>: what was acknowledged survives a kill and a power cut). Times are kept to the millisecond.
/// </summary>
/// <remarks>
/// The log is written before the graph, so a process killed in between leaves events that the behaviour edges do not
/// hold yet. Whoever opens the store for its graph calls <see cref="CatchUpAsync"/> before using it. Opening does not do
/// so by itself: where the graph lives in another store, folding the log here would be work for nobody.
/// </remarks>
public sealed class EmbeddedStore : IAsyncDisposable
{
    /// <summary>The database's name in its directory.</summary>
    public const string FileName = "graphrec.db";

    private const string LockName = "graphrec.lock";

    private readonly FileStream? _lock;
    private readonly StoreWriter _writer;
    private readonly ReaderPool _readers;
    private bool _disposed;

    private EmbeddedStore(string file, EmbeddedOptions options, FileStream? held, SqlSession? writer)
    {
        File = file;
        _lock = held;
        _writer = new StoreWriter(writer is null ? null : new WriteQueue(writer, options.MaxGroupCommit));
        _readers = new ReaderPool(file, options);
        Catalog = new EmbeddedCatalog(_readers, _writer);
        Events = new EmbeddedEventLog(_readers, _writer);
        Graph = new EmbeddedGraphWriter(_readers, _writer);
        Export = new EmbeddedGraphExport(_readers);
        Loader = new EmbeddedGraphLoader(_writer);
        Impressions = new EmbeddedImpressionLog(_readers, _writer, options.KeepImpressionPages);
        Checkpoints = new EmbeddedImportCheckpoints(_readers, _writer);
        Log = new EmbeddedLogIdentity(_readers, _writer);
    }

    /// <summary>Where the database is.</summary>
    public string File { get; }

    public ICatalog Catalog { get; }
    public IEventLog Events { get; }
    public IGraphWriter Graph { get; }
    public IGraphExport Export { get; }
    public IImpressionLog Impressions { get; }

    /// <summary>Writes what is copied from another store.</summary>
    public IGraphLoader Loader { get; }

    /// <summary>How far imports have come.</summary>
    public IImportCheckpoints Checkpoints { get; }

    /// <summary>Which log <see cref="Events"/> is, and how it is filled again from a copy.</summary>
    internal EmbeddedLogIdentity Log { get; }

    /// <summary>The store that holds the graph of these events; null when that is this one.</summary>
    public Task<string?> GraphElsewhereAsync(CancellationToken cancel = default) => Log.GraphAsync(cancel);

    /// <summary>Which log <see cref="Events"/> is; copies of a log have its id.</summary>
    public Task<string> LogIdAsync(CancellationToken cancel = default) => Log.IdAsync(cancel);

    /// <summary>Opens the store in a directory, which is created when it is missing.</summary>
    /// <exception cref="StorageException">
    /// Another process writes there, the file is not GraphRec's or has a newer format, or it cannot be read; the message
    /// says what to do.
    /// </exception>
    /// <exception cref="InvalidInputException">An option is out of range.</exception>
    public static Task<EmbeddedStore> OpenAsync(string directory, EmbeddedOptions? options = null, CancellationToken cancel = default)
    {
        options ??= new EmbeddedOptions();
        options.Validate();
        ArgumentException.ThrowIfNullOrWhiteSpace(directory);
        return Task.Run(() => options.ReadOnly ? OpenToRead(directory, options) : OpenToWrite(directory, options), cancel);
    }

    /// <summary>
    /// Folds the events that the log holds beyond <see cref="IGraphWriter.AppliedThroughAsync"/> into the graph. Returns
    /// how many there were: 0 after a clean stop.
    /// </summary>
    public Task<long> CatchUpAsync(CancellationToken cancel = default) => EventCatchUp.RunAsync(Events, Graph, cancel);

    /// <summary>
    /// Forgets all behaviour edges and folds the whole log again. Returns how many events were folded. When it is
    /// interrupted, <see cref="CatchUpAsync"/> finishes it.
    /// </summary>
    public async Task<long> ReplayAsync(CancellationToken cancel = default)
    {
        await _writer.RunAsync("replay", session =>
        {
            session.Prepare("DELETE FROM behaviour").Run();
            session.Prepare("DELETE FROM viewer").Run();
            session.Prepare("UPDATE meta SET value = 0 WHERE key = 'applied_through'").Run();
            return 0;
        }, cancel).ConfigureAwait(false);
        return await CatchUpAsync(cancel).ConfigureAwait(false);
    }

    /// <summary>What SQLite finds wrong with the file; empty when it is sound.</summary>
    public Task<IReadOnlyList<string>> CheckIntegrityAsync(CancellationToken cancel = default) => Task.Run(
        () => _readers.Read<IReadOnlyList<string>>("integrity check", session =>
        {
            var found = new List<string>();
            using var rows = session.Prepare("PRAGMA integrity_check").Query();
            while (rows.Read()) found.Add(rows.GetString(0));
            return found is ["ok"] ? [] : found;
        }), cancel);

    /// <summary>Finishes the writes that wait, closes the file and gives the directory free.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed) return;
        _disposed = true;
        // Readers first: the last connection to close is the writer's, which moves the WAL into the file.
        _readers.Dispose();
        await _writer.DisposeAsync().ConfigureAwait(false);
        _lock?.Dispose();
    }

    private static EmbeddedStore OpenToRead(string directory, EmbeddedOptions options)
    {
        var file = Path.Combine(directory, FileName);
        if (!System.IO.File.Exists(file))
            throw new StorageException(SqlErrors.Store, "open", retryable: false, $"there is no {file}; import a catalogue first.");
        SqlErrors.Guard("open", () =>
        {
            using var session = SqlSession.Open(file, readOnly: true, options.CacheMegabytes);
            return EmbeddedSchema.Check(session, file, readOnly: true);
        });
        return new EmbeddedStore(file, options, null, null);
    }

    private static EmbeddedStore OpenToWrite(string directory, EmbeddedOptions options)
    {
        var file = Path.Combine(directory, FileName);
        var held = TakeLock(directory);
        SqlSession? session = null;
        try
        {
            SqlErrors.Guard("open", () =>
            {
                session = SqlSession.Open(file, readOnly: false, options.CacheMegabytes);
                var version = EmbeddedSchema.Check(session, file, readOnly: false);
                session.Execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
                EmbeddedSchema.Migrate(session, version);
                return version;
            });
            return new EmbeddedStore(file, options, held, session);
        }
        catch
        {
            session?.Dispose();
            held.Dispose();
            throw;
        }
    }

    /// <summary>SQLite alone would let two processes write in turns, each blind to what the other has in memory.</summary>
    private static FileStream TakeLock(string directory)
    {
        try
        {
            Directory.CreateDirectory(directory);
            return new FileStream(Path.Combine(directory, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            var inUse = e is IOException and not (DirectoryNotFoundException or PathTooLongException) && Directory.Exists(directory);
            throw new StorageException(SqlErrors.Store, "open", retryable: inUse, inUse
                ? $"another process has {Path.GetFullPath(directory)} open for writing; stop it, or use another directory."
                : $"cannot write in {directory}: {e.Message}", e);
        }
    }
}
