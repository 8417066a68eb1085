using GraphRec.Core;
using GraphRec.Storage.Embedded;
using GraphRec.Storage.Neo4j;

namespace GraphRec.Storage;

/// <summary>A store that a graph is copied from or to: a data directory, or Neo4j.</summary>
public sealed class CopyEnd : IAsyncDisposable
{
    private readonly EmbeddedStore? _directory;
    private readonly Neo4jStore? _neo4j;

    private CopyEnd(string name, EmbeddedStore? directory, Neo4jStore? neo4j) => (Name, _directory, _neo4j) = (name, directory, neo4j);

    /// <summary>Which store it is, for messages.</summary>
    public string Name { get; }

    internal ICatalog Catalog => _neo4j?.Catalog ?? _directory!.Catalog;
    internal IEventLog Events => _neo4j?.Events ?? _directory!.Events;
    internal IImpressionLog Impressions => _neo4j?.Impressions ?? _directory!.Impressions;
    internal IGraphExport Export => _neo4j?.Export ?? _directory!.Export;
    internal IGraphLoader Loader => _neo4j?.Loader ?? _directory!.Loader;

    /// <summary>A data directory.</summary>
    /// <exception cref="StorageException">It cannot be used, or its graph is not in it.</exception>
    public static async Task<CopyEnd> OpenAsync(string directory, bool toWrite, CancellationToken cancel = default)
    {
        var store = await EmbeddedStore.OpenAsync(directory, new EmbeddedOptions { ReadOnly = !toWrite }, cancel).ConfigureAwait(false);
        if (await store.GraphElsewhereAsync(cancel).ConfigureAwait(false) is not { } elsewhere) return new CopyEnd($"embedded:{directory}", store, null);
        await store.DisposeAsync().ConfigureAwait(false);
        throw Refuse($"{directory} holds only the event log of the graph in Neo4j at {elsewhere}: copy from or to that address.");
    }

    /// <summary>Neo4j.</summary>
    /// <exception cref="StorageException">It cannot be reached or used.</exception>
    public static async Task<CopyEnd> OpenAsync(Neo4jOptions options, CancellationToken cancel = default) =>
        new(options.ToString(), null, await Neo4jStore.OpenAsync(options, cancel).ConfigureAwait(false));

    public ValueTask DisposeAsync() => _neo4j?.DisposeAsync() ?? _directory!.DisposeAsync();

    /// <summary>Which log its events are; null where it never had one.</summary>
    internal async Task<string?> LogIdAsync(CancellationToken cancel) =>
        _neo4j is not null ? await _neo4j.Log.IdAsync(cancel).ConfigureAwait(false) : await _directory!.Log.IdAsync(cancel).ConfigureAwait(false);

    internal Task BecomeAsync(string id, CancellationToken cancel) => _neo4j?.Log.BecomeAsync(id, cancel) ?? _directory!.Log.BecomeAsync(id, cancel);

    /// <summary>Keeps events in the log, with their sequences. What is there is passed over.</summary>
    internal Task KeepAsync(IReadOnlyList<LoggedEvent> events, CancellationToken cancel) =>
        _neo4j?.Log.RestoreAsync(events, cancel) ?? _directory!.Log.RestoreAsync(events, cancel);

    internal static StorageException Refuse(string message) => new("copy", "open", retryable: false, message);
}
