using GraphRec.Core;
using GraphRec.Graph;
using GraphRec.Recommend;
using GraphRec.Storage.Embedded;
using GraphRec.Storage.Neo4j;

namespace GraphRec.Cli;

/// <summary>What the commands that only read open.</summary>
public static class Workbench
{
    public static Recipe RecipeOf(string? path) => path is null ? Recipe.Default : Recipe.Load(path);

    /// <summary>Opens a data directory that must already hold a graph, to read from it while a server may be writing.</summary>
    /// <exception cref="InvalidInputException">There is nothing to read yet, or the graph is in Neo4j.</exception>
    public static async Task<EmbeddedStore> OpenToReadAsync(string data, CancellationToken cancel)
    {
        if (!File.Exists(Path.Combine(data, EmbeddedStore.FileName)))
        {
            throw new InvalidInputException(ErrorCodes.NotFound,
                $"There is no data in {Path.GetFullPath(data)} yet. 'graphrec serve' fills it with the catalogue that comes with GraphRec, "
                + "'graphrec import' with your own; --data DIR names another directory.");
        }
        var store = await EmbeddedStore.OpenAsync(data, new EmbeddedOptions { ReadOnly = true }, cancel);
        try
        {
            await Stores.RefuseElsewhereAsync(store, data, cancel);
            return store;
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }

    /// <summary>The stored graph, which must hold something: Neo4j's, or that of the data directory.</summary>
    /// <exception cref="InvalidInputException">There is nothing to read yet.</exception>
    public static async Task<GraphExport> ReadAsync(Settings settings, CancellationToken cancel)
    {
        if (settings.Graph is null)
        {
            await using var directory = await OpenToReadAsync(settings.Data, cancel);
            return await directory.Export.ReadAsync(cancel);
        }
        await using var graph = await Neo4jStore.OpenToReadAsync(settings.Graph, cancel);
        return Filled(await graph.Export.ReadAsync(cancel), settings.Graph);
    }

    /// <summary>The same, refused when Neo4j holds nothing yet.</summary>
    public static GraphExport Filled(GraphExport read, Neo4jOptions graph) => read.Dramas.Count > 0 || read.Behaviour.Count > 0 ? read : throw new InvalidInputException(ErrorCodes.NotFound,
        $"There is no data in Neo4j at {graph} yet. 'graphrec serve --graph {graph.Uri}' fills it with the catalogue that comes with GraphRec, 'graphrec import' with your own.");

    /// <summary>A recommender over what is stored, which answers as of a time.</summary>
    public static async Task<Recommender> RecommenderAsync(Settings settings, string? recipe, DateTimeOffset? at, CancellationToken cancel)
    {
        var tuned = RecipeOf(recipe);
        var graph = new LiveGraph(await ReadAsync(settings, cancel));
        var (lists, ranker) = Training.Current(settings.Data, cancel);
        return new Recommender(graph, tuned, at is { } time ? new StoppedClock(time) : TimeProvider.System, trained: lists, learned: ranker);
    }

    private sealed class StoppedClock(DateTimeOffset time) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => time;
    }
}
