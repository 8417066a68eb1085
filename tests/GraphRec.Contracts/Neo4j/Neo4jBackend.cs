using GraphRec.Contracts.Ports;
using GraphRec.Core;
using GraphRec.Storage.Neo4j;
using Xunit;

namespace GraphRec.Contracts.Neo4j;

/// <summary>The store in the shared server, which is emptied first.</summary>
public sealed class Neo4jBackend(SharedNeo4j shared) : Backend
{
    private Neo4jServer? _server;
    private Neo4jStore? _store;

    public override ICatalog Catalog => _store!.Catalog;
    public override IEventLog Events => _store!.Events;
    public override IGraphWriter Graph => _store!.Graph;
    public override IImpressionLog Impressions => _store!.Impressions;
    public override IGraphLoader Loader => _store!.Loader;
    public override IGraphExport Export => _store!.Export;

    public Neo4jServer Server => _server!;

    public Neo4jStore Store => _store!;

    public override async Task OpenAsync()
    {
        _server = await shared.EmptyAsync();
        _store = await ConnectAsync(_server);
    }

    public override async Task ReopenAsync()
    {
        await _store!.DisposeAsync();
        _store = await ConnectAsync(_server!);
    }

    public override async ValueTask DisposeAsync()
    {
        if (_store is not null) await _store.DisposeAsync();
    }

    private static Task<Neo4jStore> ConnectAsync(Neo4jServer server) =>
        Neo4jStore.OpenAsync(new Neo4jOptions(server.Uri) { KeepImpressionPages = KeptPages });
}

[Collection(SharedNeo4j.Tests)]
public sealed class Neo4jCatalogTests(SharedNeo4j shared) : CatalogContract(new Neo4jBackend(shared));

[Collection(SharedNeo4j.Tests)]
public sealed class Neo4jGraphExportTests(SharedNeo4j shared) : GraphExportContract(new Neo4jBackend(shared));
