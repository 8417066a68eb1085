using GraphRec.Core;

namespace GraphRec.Storage.Neo4j;

/// <summary>Which Cypher the server speaks, where one text does not do for all: schema, and how to see that something was committed.</summary>
internal enum Neo4jDialect
{
    /// <summary>3.x.</summary>
    V3,

    /// <summary>4.4 and later.</summary>
    V4,
}

/// <summary>
/// The client: runs Cypher files with parameters over the HTTP interface that the server has. For any number of callers
/// at once. What it has committed, it sees in what it runs next, also on a cluster.
/// </summary>
/// <remarks>
/// Failures that pass are tried again (<see cref="Neo4jRetry"/>): of the transaction nothing is left then, and it is run from
/// its start. One failure is not like the others: the commit was sent, and its answer was lost. Then it is run again only
/// when that does no harm: when its statements only read (<see cref="Cypher.OnlyReads"/>), or when the caller says that
/// they are idempotent: run twice, they leave what they leave when run once. Else the caller is told, and decides.
/// </remarks>
internal sealed class Neo4jClient : IDisposable
{
    public const string Store = "neo4j";

    private readonly Neo4jTransport _transport;
    private readonly INeo4jEndpoint _endpoint;
    private readonly Neo4jRetry _retry;

    /// <summary>
    /// One transaction that may write at a time. They wait for one another anyway, for the graph's lock; but each that waits in
    /// the server holds one of its few threads (six on two cores), and when all of them wait, the one that has the lock cannot
    /// reach the server any more to commit. Neo4j 3.1 then stands still for ever.
    /// </summary>
    private readonly SemaphoreSlim _writing = new(1, 1);

    private Neo4jClient(Neo4jTransport transport, INeo4jEndpoint endpoint, Neo4jRetry retry, string version)
    {
        (_transport, _endpoint, _retry, ServerVersion) = (transport, endpoint, retry, version);
        Dialect = version.StartsWith("3.", StringComparison.Ordinal) ? Neo4jDialect.V3 : Neo4jDialect.V4;
    }

    /// <summary>What the server says it is, such as "3.1.1".</summary>
    public string ServerVersion { get; }

    public Neo4jDialect Dialect { get; }

    /// <summary>Finds out which interface the server has.</summary>
    /// <exception cref="InvalidInputException">An option is wrong.</exception>
    /// <exception cref="StorageException">It cannot be reached, or is no Neo4j that GraphRec can use.</exception>
    public static async Task<Neo4jClient> ConnectAsync(Neo4jOptions options, CancellationToken cancel = default)
    {
        options.Validate();
        var transport = new Neo4jTransport(options);
        try
        {
            var bookmarks = new Neo4jBookmarks();
            var retry = new Neo4jRetry(options, bookmarks);
            var (endpoint, version) = await GuardAsync(
                "connect", () => retry.RunAsync(_ => Neo4jDiscovery.FindAsync(transport, options, bookmarks, cancel), static _ => true, cancel)).ConfigureAwait(false);
            return new Neo4jClient(transport, endpoint, retry, version);
        }
        catch
        {
            transport.Dispose();
            throw;
        }
    }

    /// <summary>Runs statements in one transaction and tells of every row.</summary>
    /// <param name="operation">What is done, for messages.</param>
    /// <param name="statements">The statements, in order.</param>
    /// <param name="onRow">Told of every row as it arrives.</param>
    /// <param name="cancel">Ends the transaction, also at the server.</param>
    /// <param name="idempotent">Whether the statements may run a second time when the answer to their commit is lost.</param>
    /// <param name="onRestart">
    /// Told that they are run again, and that the rows told of so far count for nothing. Without it they are run again only
    /// while no row was told of.
    /// </param>
    /// <exception cref="StorageException">
    /// One failed; none has had an effect, unless they are not idempotent and the answer to their commit was lost. What was told
    /// counts for nothing.
    /// </exception>
    public Task RunAsync(
        string operation, IReadOnlyList<Statement> statements, RowHandler onRow, CancellationToken cancel, bool idempotent = false, Action? onRestart = null)
    {
        var told = false;
        RowHandler tell = (statement, row) =>
        {
            told = true;
            onRow(statement, row);
        };
        return AtOnceAsync(operation, statements, tell, () => !told || onRestart is not null, Restart, idempotent, cancel);

        void Restart()
        {
            if (told) onRestart!();
            told = false;
        }
    }

    /// <summary>Runs one statement in a transaction of its own and returns its rows.</summary>
    /// <exception cref="StorageException">It failed; as with <see cref="RunAsync"/>.</exception>
    public async Task<List<T>> QueryAsync<T>(string operation, Statement statement, Func<Row, T> map, CancellationToken cancel, bool idempotent = false)
    {
        var rows = new List<T>();
        await AtOnceAsync(operation, [statement], (_, row) => rows.Add(map(row)), static () => true, rows.Clear, idempotent, cancel).ConfigureAwait(false);
        return rows;
    }

    /// <summary>
    /// Runs work in one transaction: it commits when the work ends well. The work may be run again from its start when
    /// it failed in a way that passes, so that it keeps nothing outside. It writes by the transaction alone: the client lets one at a
    /// time write, and would wait for this one.
    /// </summary>
    /// <param name="operation">What is done, for messages.</param>
    /// <param name="work">Runs its statements in the transaction it is given.</param>
    /// <param name="cancel">Ends the transaction, also at the server.</param>
    /// <param name="idempotent">Whether the work may be committed a second time when the answer to its commit is lost.</param>
    /// <exception cref="StorageException">A statement failed; as with <see cref="RunAsync"/>.</exception>
    public Task<T> TransactAsync<T>(string operation, Func<Neo4jTransaction, Task<T>> work, CancellationToken cancel, bool idempotent = false) =>
        GuardAsync(operation, () => _retry.RunAsync(
            _ => OneAtATimeAsync(
                async () =>
                {
                    var transaction = new Neo4jTransaction(_endpoint, cancel);
                    await using (transaction.ConfigureAwait(false))
                    {
                        var result = await work(transaction).ConfigureAwait(false);
                        await transaction.CommitAsync().ConfigureAwait(false);
                        return result;
                    }
                },
                cancel),
            e => idempotent || !e.Unknown,
            cancel));

    public void Dispose()
    {
        _writing.Dispose();
        _transport.Dispose();
    }

    private Task AtOnceAsync(
        string operation, IReadOnlyList<Statement> statements, RowHandler onRow, Func<bool> mayRestart, Action onRestart, bool idempotent, CancellationToken cancel) =>
        GuardAsync(operation, () =>
        {
            var onlyReads = statements.All(s => s.Query.OnlyReads);
            return _retry.RunAsync(
                attempt =>
                {
                    if (attempt > 1) onRestart();
                    return onlyReads ? RunAtOnceAsync(statements, onRow, cancel) : OneAtATimeAsync(() => RunAtOnceAsync(statements, onRow, cancel), cancel);
                },
                e => mayRestart() && (idempotent || onlyReads || !e.Unknown),
                cancel);
        });

    private async Task<int> RunAtOnceAsync(IReadOnlyList<Statement> statements, RowHandler onRow, CancellationToken cancel)
    {
        if (_endpoint.RunsAtOnce(statements.Count))
        {
            await _endpoint.RunAsync(null, statements, commit: true, onRow, cancel).ConfigureAwait(false);
            return 0;
        }
        var transaction = new Neo4jTransaction(_endpoint, cancel);
        await using (transaction.ConfigureAwait(false)) await transaction.CommitAsync(statements, onRow).ConfigureAwait(false);
        return 0;
    }

    private async Task<T> OneAtATimeAsync<T>(Func<Task<T>> attempt, CancellationToken cancel)
    {
        await _writing.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            return await attempt().ConfigureAwait(false);
        }
        finally
        {
            _writing.Release();
        }
    }

    private static async Task<T> GuardAsync<T>(string operation, Func<Task<T>> action)
    {
        try
        {
            return await action().ConfigureAwait(false);
        }
        catch (Neo4jException e)
        {
            throw new StorageException(Store, operation, e.Transient, e.Message, e);
        }
    }
}
