using GraphRec.Core;
using GraphRec.Graph;

namespace GraphRec.Storage.Neo4j;

/// <summary>
/// The graph in Neo4j: the system of record that curators edit and analysts query. Any number of processes may use it at
/// once; the transactions that GraphRec writes wait for one another (<c>cypher/write/lock.cypher</c>).
/// </summary>
public sealed class Neo4jStore : IAsyncDisposable
{
    private readonly Neo4jClient _client;

    private Neo4jStore(Neo4jClient client, Neo4jOptions options)
    {
        (_client, Options) = (client, options);
        Catalog = new Neo4jCatalog(client);
        Export = new Neo4jGraphExport(client);
        Events = new Neo4jEventLog(client);
        Graph = new Neo4jGraphWriter(client);
        Loader = new Neo4jGraphLoader(client);
        Impressions = new Neo4jImpressionLog(client, options.KeepImpressionPages);
        Log = new Neo4jLogIdentity(client);
        Queries = new Neo4jQueries(client);
        Derived = new Neo4jDerivedEdges(client);
    }

    /// <summary>Where it is.</summary>
    public Neo4jOptions Options { get; }

    /// <summary>Which log the events of the graph belong to.</summary>
    internal Neo4jLogIdentity Log { get; }

    /// <summary>What the server says it is, such as "5.26.0".</summary>
    public string ServerVersion => _client.ServerVersion;

    /// <summary>The facts of dramas and people.</summary>
    public ICatalog Catalog { get; }

    /// <summary>The whole graph at one version.</summary>
    public IGraphExport Export { get; }

    /// <summary>Behaviour; keeps every event that it applies.</summary>
    public IGraphWriter Graph { get; }

    /// <summary>The log of all events.</summary>
    public IEventLog Events { get; }

    /// <summary>What was shown.</summary>
    public IImpressionLog Impressions { get; }

    /// <summary>The named questions, answered by Neo4j itself.</summary>
    public IGraphQueries Queries { get; }

    /// <summary>The derived edges.</summary>
    public IDerivedEdges Derived { get; }

    /// <summary>Writes what is copied from another store.</summary>
    public IGraphLoader Loader { get; }

    /// <summary>What makes edits of the stored catalogue reach who serves from memory; it does so while it is run.</summary>
    /// <exception cref="InvalidInputException">An option is wrong.</exception>
    public CatalogWatch Watch(CatalogSubscriber subscriber, CatalogWatchOptions? options = null, TimeProvider? time = null) =>
        new(_client, Options.Database, subscriber, options ?? new(), time ?? TimeProvider.System);

    /// <summary>Connects, and applies what the schema misses (which changes nothing when it is there).</summary>
    /// <exception cref="InvalidInputException">An option is wrong.</exception>
    /// <exception cref="StorageException">The server cannot be reached or used; the message says what to do.</exception>
    public static Task<Neo4jStore> OpenAsync(Neo4jOptions options, CancellationToken cancel = default) => OpenAsync(options, toWrite: true, cancel);

    /// <summary>Connects only: for those who read, and change nothing.</summary>
    /// <inheritdoc cref="OpenAsync(Neo4jOptions, CancellationToken)"/>
    public static Task<Neo4jStore> OpenToReadAsync(Neo4jOptions options, CancellationToken cancel = default) => OpenAsync(options, toWrite: false, cancel);

    private static async Task<Neo4jStore> OpenAsync(Neo4jOptions options, bool toWrite, CancellationToken cancel)
    {
        var client = await Neo4jClient.ConnectAsync(options, cancel).ConfigureAwait(false);
        try
        {
            if (toWrite) await Neo4jSchema.ApplyAsync(client, again: false, cancel).ConfigureAwait(false);
            return new Neo4jStore(client, options);
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }
}
