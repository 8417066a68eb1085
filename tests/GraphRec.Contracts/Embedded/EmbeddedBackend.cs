using GraphRec.Contracts.Ports;
using GraphRec.Core;
using GraphRec.Storage.Embedded;

namespace GraphRec.Contracts.Embedded;

/// <summary>The embedded store in a directory of its own.</summary>
public sealed class EmbeddedBackend : Backend
{
    private readonly TempDirectory _directory = new();
    private EmbeddedStore? _store;

    public override ICatalog Catalog => _store!.Catalog;
    public override IEventLog Events => _store!.Events;
    public override IGraphWriter Graph => _store!.Graph;
    public override IGraphExport Export => _store!.Export;
    public override IImpressionLog Impressions => _store!.Impressions;
    public override IGraphLoader Loader => _store!.Loader;

    public override async Task OpenAsync() =>
        _store = await EmbeddedStore.OpenAsync(_directory.Path, new EmbeddedOptions { KeepImpressionPages = KeptPages });

    public override async Task ReopenAsync()
    {
        await _store!.DisposeAsync();
        await OpenAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        if (_store is not null) await _store.DisposeAsync();
        _directory.Dispose();
    }
}

/// <summary>A directory that is gone after the test.</summary>
public sealed class TempDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("graphrec-").FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

public sealed class EmbeddedCatalogTests() : CatalogContract(new EmbeddedBackend());

public sealed class EmbeddedEventLogTests() : EventLogContract(new EmbeddedBackend());

public sealed class EmbeddedGraphWriterTests() : GraphWriterContract(new EmbeddedBackend());

public sealed class EmbeddedGraphExportTests() : GraphExportContract(new EmbeddedBackend());

public sealed class EmbeddedImpressionLogTests() : ImpressionLogContract(new EmbeddedBackend());

public sealed class EmbeddedGraphLoaderTests() : GraphLoaderContract(new EmbeddedBackend());
