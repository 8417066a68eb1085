using System.Globalization;
using GraphRec.Core;
using GraphRec.Storage;
using GraphRec.Storage.Embedded;
using GraphRec.Storage.Files;
using GraphRec.Storage.Neo4j;
using Spectre.Console;

namespace GraphRec.Cli;

/// <summary>
/// The ports that a command works with. Without Neo4j they are all of the data directory. With Neo4j the catalogue and
/// the graph are there, while the data directory keeps the event log, which answers wait for, the impressions, and how
/// far imports are.
/// </summary>
public sealed class Stores : IAsyncDisposable
{
    private Stores(EmbeddedStore directory, Neo4jStore? graph, string log)
    {
        (Directory, Neo4j) = (directory, graph);
        Checkpoints = graph is null ? directory.Checkpoints : new CheckpointsOf(log, directory.Checkpoints);
    }

    /// <summary>The data directory.</summary>
    public EmbeddedStore Directory { get; }

    /// <summary>The graph, if it is in Neo4j.</summary>
    public Neo4jStore? Neo4j { get; }

    public ICatalog Catalog => Neo4j?.Catalog ?? Directory.Catalog;
    public IGraphExport Export => Neo4j?.Export ?? Directory.Export;
    public IGraphWriter Graph => Neo4j?.Graph ?? Directory.Graph;
    public IEventLog Events => Directory.Events;
    public IImportCheckpoints Checkpoints { get; }

    /// <summary>What <c>graph { backend }</c> says.</summary>
    public string Backend => Neo4j is null ? "embedded" : $"neo4j {Neo4j.ServerVersion}";

    /// <summary>What is filled, in messages.</summary>
    public string Place => Neo4j is null ? "data directory" : $"graph in Neo4j at {Neo4j.Options.Uri}";

    /// <summary>Opens for writing, with the stored graph brought up to the log.</summary>
    /// <param name="settings">Where.</param>
    /// <param name="patience">How long to wait for a Neo4j that does not answer yet.</param>
    /// <param name="ready">Runs when the data directory is open and before Neo4j is asked for anything.</param>
    /// <param name="cancel">Stops.</param>
    /// <exception cref="StorageException">A store cannot be used, or the two do not belong together.</exception>
    public static async Task<Stores> OpenAsync(Settings settings, TimeSpan patience, Action? ready, CancellationToken cancel)
    {
        var directory = await EmbeddedStore.OpenAsync(settings.Data, null, cancel);
        Neo4jStore? graph = null;
        try
        {
            ready?.Invoke();
            if (settings.Graph is null)
            {
                await RefuseElsewhereAsync(directory, settings.Data, cancel);
                return new Stores(directory, null, "");
            }
            graph = await ConnectAsync(settings.Graph, patience, cancel);
            var restored = await LogPairing.RunAsync(directory, graph, null, cancel);
            if (restored > 0)
                Errors.Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"The log in {settings.Data} was behind Neo4j's: {restored:N0} events were fetched from there."));
            return new Stores(directory, graph, await directory.LogIdAsync(cancel));
        }
        catch
        {
            if (graph is not null) await graph.DisposeAsync();
            await directory.DisposeAsync();
            throw;
        }
    }

    /// <summary>Applies to the graph what its log holds beyond it.</summary>
    public Task<long> CatchUpAsync(CancellationToken cancel) => EventCatchUp.RunAsync(Events, Graph, cancel);

    /// <summary>Refuses a data directory whose graph is in Neo4j, when that is not what is asked for.</summary>
    public static async Task RefuseElsewhereAsync(EmbeddedStore directory, string data, CancellationToken cancel)
    {
        if (await directory.GraphElsewhereAsync(cancel) is not { } graph) return;
        throw new InvalidInputException(ErrorCodes.BadUserInput,
            $"{data} holds the event log of the graph in Neo4j at {graph}. Say where that is with --graph or the setting GraphRec:Graph:Uri, or choose another directory with --data.");
    }

    public async ValueTask DisposeAsync()
    {
        if (Neo4j is not null) await Neo4j.DisposeAsync();
        await Directory.DisposeAsync();
    }

    /// <summary>Servers are often started together, and Neo4j takes longer.</summary>
    private static async Task<Neo4jStore> ConnectAsync(Neo4jOptions options, TimeSpan patience, CancellationToken cancel)
    {
        var clock = TimeProvider.System;
        var begun = clock.GetTimestamp();
        for (var said = false; ; said = true)
        {
            try
            {
                return await Neo4jStore.OpenAsync(options, cancel);
            }
            catch (StorageException e) when (e.Retryable && clock.GetElapsedTime(begun) < patience)
            {
                if (!said) Errors.Console.MarkupLineInterpolated($"Neo4j at {options.Uri} does not answer yet; waiting up to {patience.TotalSeconds:0} s for it.");
                await Task.Delay(TimeSpan.FromMilliseconds(500), cancel);
            }
        }
    }

    /// <summary>How far imports into the graph of one log are: of another graph they say nothing.</summary>
    private sealed class CheckpointsOf(string log, IImportCheckpoints all) : IImportCheckpoints
    {
        public async Task<ImportCheckpoint?> FindAsync(string file, CancellationToken cancel = default) =>
            await all.FindAsync(Key(file), cancel) is { } found ? found with { File = file } : null;

        public Task SaveAsync(ImportCheckpoint checkpoint, CancellationToken cancel = default) => all.SaveAsync(checkpoint with { File = Key(checkpoint.File) }, cancel);

        public Task RemoveAsync(string file, CancellationToken cancel = default) => all.RemoveAsync(Key(file), cancel);

        private string Key(string file) => $"{log} {file}";
    }
}
