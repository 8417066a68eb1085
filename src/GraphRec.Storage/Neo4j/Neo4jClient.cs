using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
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
/// at once. Transient failures are retried where nothing was handed over yet.
/// </summary>
internal sealed class Neo4jClient : IDisposable
{
    public const string Store = "neo4j";

    private readonly HttpClient _http;
    private readonly INeo4jEndpoint _endpoint;

    /// <summary>
    /// One open transaction at a time. They wait for one another anyway, for the graph's lock; but each that waits in the
    /// server holds one of its few threads (six on two cores), and when all of them wait, the one that has the lock cannot
    /// reach the server any more to commit. Neo4j 3.1 then stands still for ever.
    /// </summary>
    private readonly SemaphoreSlim _transacting = new(1, 1);

    private Neo4jClient(HttpClient http, INeo4jEndpoint endpoint, string version)
    {
        (_http, _endpoint, ServerVersion) = (http, endpoint, version);
        Dialect = version.StartsWith("3.", StringComparison.Ordinal) ? Neo4jDialect.V3 : Neo4jDialect.V4;
    }

    /// <summary>What the server says it is, such as "3.1.1".</summary>
    public string ServerVersion { get; }

    public Neo4jDialect Dialect { get; }

    /// <summary>Finds out which interface the server has.</summary>
    /// <exception cref="StorageException">It cannot be reached, or is no Neo4j that GraphRec can use.</exception>
    public static Task<Neo4jClient> ConnectAsync(Neo4jOptions options, CancellationToken cancel = default)
    {
        options.Validate();
        return GuardAsync("connect", async () =>
        {
            var http = new HttpClient(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(5), AllowAutoRedirect = false })
            {
                BaseAddress = options.Uri,
                Timeout = options.Timeout,
            };
            if (options.Token is { } token) http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
            else if (options.User is { } user)
                http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{options.Password}")));
            using var discovery = await DiscoverAsync(http, options.Uri, cancel).ConfigureAwait(false);
            // 3.x: {"data": "http://…/db/data/"}, whose own document names the endpoint and the version.
            using var data = await DiscoverAsync(http, new Uri(options.Uri, "db/data/"), cancel).ConfigureAwait(false);
            var version = data.RootElement.GetProperty("neo4j_version").GetString()!;
            return new Neo4jClient(http, new TransactionalEndpoint(http, new Uri(options.Uri, "db/data/transaction")), version);
        });
    }

    /// <summary>Runs statements in one transaction and tells of every row.</summary>
    /// <exception cref="StorageException">One failed; none has had an effect. What was told counts for nothing.</exception>
    public Task RunAsync(string operation, IReadOnlyList<Statement> statements, RowHandler onRow, CancellationToken cancel) =>
        GuardAsync(operation, () => _endpoint.RunAsync(null, statements, commit: true, onRow, cancel));

    /// <summary>Runs one statement in a transaction of its own and returns its rows.</summary>
    public Task<List<T>> QueryAsync<T>(string operation, Statement statement, Func<Row, T> map, CancellationToken cancel) =>
        GuardAsync(operation, async () =>
        {
            var rows = new List<T>();
            await _endpoint.RunAsync(null, [statement], commit: true, (_, row) => rows.Add(map(row)), cancel).ConfigureAwait(false);
            return rows;
        });

    /// <summary>
    /// Runs work in one transaction: it commits when the work ends well. The work may be run again from its start when
    /// it failed in a way that passes, so that it keeps nothing outside.
    /// </summary>
    public Task<T> TransactAsync<T>(string operation, Func<Neo4jTransaction, Task<T>> work, CancellationToken cancel) =>
        GuardAsync(operation, async () =>
        {
            await _transacting.WaitAsync(cancel).ConfigureAwait(false);
            try
            {
                var transaction = new Neo4jTransaction(_endpoint, cancel);
                await using (transaction.ConfigureAwait(false))
                {
                    var result = await work(transaction).ConfigureAwait(false);
                    await transaction.CommitAsync().ConfigureAwait(false);
                    return result;
                }
            }
            finally
            {
                _transacting.Release();
            }
        });

    public void Dispose()
    {
        _transacting.Dispose();
        _http.Dispose();
    }

    private static async Task<JsonDocument> DiscoverAsync(HttpClient http, Uri address, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        using var response = await Neo4jHttp.SendAsync(http, request, cancel).ConfigureAwait(false);
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync(cancel).ConfigureAwait(false));
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
        catch (Exception e) when (e is JsonException or HttpRequestException or IOException)
        {
            // The answer broke off: the server went away in the middle.
            throw new StorageException(Store, operation, retryable: true, e.Message, e);
        }
    }
}

/// <summary>An open transaction. One caller at a time.</summary>
internal sealed class Neo4jTransaction(INeo4jEndpoint endpoint, CancellationToken cancel) : IAsyncDisposable
{
    private string? _open;
    private bool _committed;

    /// <summary>Runs statements in the transaction.</summary>
    public async Task RunAsync(IReadOnlyList<Statement> statements, RowHandler onRow) =>
        _open = await endpoint.RunAsync(_open, statements, commit: false, onRow, cancel).ConfigureAwait(false);

    /// <summary>Runs one statement in the transaction and returns its rows.</summary>
    public async Task<List<T>> QueryAsync<T>(Statement statement, Func<Row, T> map)
    {
        var rows = new List<T>();
        await RunAsync([statement], (_, row) => rows.Add(map(row))).ConfigureAwait(false);
        return rows;
    }

    /// <summary>Runs the last statements and commits, in one exchange.</summary>
    public async Task CommitAsync(params IReadOnlyList<Statement> statements)
    {
        if (_committed || (_open is null && statements.Count == 0)) return;
        await endpoint.RunAsync(_open, statements, commit: true, static (_, _) => { }, cancel).ConfigureAwait(false);
        (_committed, _open) = (true, null);
    }

    /// <summary>Ends the transaction without effect: there is nothing to commit any more.</summary>
    public async Task RollbackAsync()
    {
        if (_open is not null) await endpoint.RollbackAsync(_open, cancel).ConfigureAwait(false);
        (_committed, _open) = (true, null);
    }

    /// <summary>Rolls back what is not committed. A server that cannot be told does so by itself after a while.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_open is null || _committed) return;
        try
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
            await endpoint.RollbackAsync(_open, patience.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is Neo4jException or OperationCanceledException)
        {
            // Its failure is told by what failed before; the server ends the transaction after its idle time.
        }
    }
}
