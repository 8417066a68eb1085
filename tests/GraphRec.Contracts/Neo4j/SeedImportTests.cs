using GraphRec.Contracts.Embedded;
using GraphRec.Core;
using GraphRec.Storage.Embedded;
using GraphRec.Storage.Files;
using GraphRec.Storage.Neo4j;
using Xunit;

namespace GraphRec.Contracts.Neo4j;

/// <summary>The seed catalogue in Neo4j.</summary>
[Collection(SharedNeo4j.Tests)]
public sealed class SeedImportTests(SharedNeo4j shared) : IDisposable
{
    private readonly TempDirectory _directory = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task It_is_what_the_embedded_store_has_and_a_second_import_changes_nothing()
    {
        await using var backend = new Neo4jBackend(shared);
        await backend.OpenAsync();
        await using var embedded = await EmbeddedStore.OpenAsync(_directory.Path, cancel: Cancel);
        await ImportAsync(embedded.Catalog);
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var first = await ImportAsync(backend.Catalog);
        TestContext.Current.TestOutputHelper!.WriteLine($"import {watch.Elapsed.TotalSeconds:F1} s");
        watch.Restart();
        var (expected, actual) = (await embedded.Export.ReadAsync(Cancel), await backend.Export.ReadAsync(Cancel));
        TestContext.Current.TestOutputHelper!.WriteLine($"exports {watch.Elapsed.TotalSeconds:F1} s");
        Assert.Equal(expected.Dramas, actual.Dramas, CatalogFacts.Same);
        Assert.Equal(expected.People, actual.People);
        Assert.Equal(expected.Credits, actual.Credits);
        Assert.Empty(actual.Issues);
        watch.Restart();
        Assert.Equal(0, (await ImportAsync(backend.Catalog)).Changed);
        TestContext.Current.TestOutputHelper!.WriteLine($"again {watch.Elapsed.TotalSeconds:F1} s");
        Assert.Equal(actual.Version, await backend.Export.VersionAsync(Cancel));
        Assert.True(first.Changed > 60_000);

        async Task<ImportReport> ImportAsync(ICatalog catalog)
        {
            var stores = new ImportStores(catalog, embedded.Events, embedded.Graph, embedded.Checkpoints);
            return await new Importer(TimeProvider.System).RunAsync(
                new ImportRequest(Path.Combine(AppContext.BaseDirectory, "seed", "catalog")) { Again = true }, stores, cancel: Cancel);
        }
    }
}
