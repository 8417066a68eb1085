using GraphRec.Core;

namespace GraphRec.Storage.Files;

/// <summary>
/// Imports catalogues and events from files. An import can be interrupted at any moment and run again: it goes on where
/// it stopped. A finished one, run again, changes nothing.
/// </summary>
/// <param name="clock">Tells which events lie in the future.</param>
public sealed class Importer(TimeProvider clock)
{
    /// <summary>Imports a folder or file. Rejected lines are in the report, not thrown.</summary>
    /// <exception cref="InvalidInputException">The path does not exist, or its format cannot be told.</exception>
    /// <exception cref="StorageException">A file cannot be read, or a store failed.</exception>
    public async Task<ImportReport> RunAsync(
        ImportRequest request, ImportStores stores, IProgress<ImportProgress>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(stores);
        request.Validate();
        var format = request.Format ?? ImportFormat.Detect(request.Path);
        var run = new ImportRun(request, format, stores, progress);
        // An earlier run may have been killed between the log and the graph.
        await EventCatchUp.RunAsync(stores.Events, stores.Graph, cancel).ConfigureAwait(false);
        await (format switch
        {
            ImportFormat.Folder => FolderAsync(run, request.Path, cancel),
            ImportFormat.MovieLens => new MovieLensFiles(run, clock).ImportAsync(request.Path, cancel),
            _ => new EventFiles(run, clock, new KnownIds(stores.Catalog, NodeKind.Drama)).ImportAsync(request.Path, cancel),
        }).ConfigureAwait(false);
        return run.Report();
    }

    private async Task FolderAsync(ImportRun run, string folder, CancellationToken cancel)
    {
        var dramas = new KnownIds(run.Stores.Catalog, NodeKind.Drama);
        if (!await new CatalogFolder(run, dramas).ImportAsync(folder, cancel).ConfigureAwait(false)) return;
        foreach (var name in CatalogFolder.EventFileNames)
        {
            var path = Path.Combine(folder, name);
            if (File.Exists(path) && !await new EventFiles(run, clock, dramas).ImportAsync(path, cancel).ConfigureAwait(false)) return;
        }
    }
}
