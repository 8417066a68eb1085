using GraphRec.Core;
using GraphRec.Graph;
using GraphRec.Recommend;
using GraphRec.Storage.Embedded;

namespace GraphRec.Cli;

/// <summary>What the commands that only read open.</summary>
public static class Workbench
{
    public static Recipe RecipeOf(string? path) => path is null ? Recipe.Default : Recipe.Load(path);

    /// <summary>Opens a store that must already hold something, to read from it while a server may be writing.</summary>
    /// <exception cref="InvalidInputException">There is nothing to read yet.</exception>
    public static Task<EmbeddedStore> OpenToReadAsync(string data, CancellationToken cancel)
    {
        if (!File.Exists(Path.Combine(data, EmbeddedStore.FileName)))
        {
            throw new InvalidInputException(ErrorCodes.NotFound,
                $"There is no data in {Path.GetFullPath(data)} yet. 'graphrec serve' fills it with the catalogue that comes with GraphRec, "
                + "'graphrec import' with your own; --data DIR names another directory.");
        }
        return EmbeddedStore.OpenAsync(data, new EmbeddedOptions { ReadOnly = true }, cancel);
    }

    /// <summary>A recommender over what is stored, which answers as of a time.</summary>
    public static async Task<Recommender> RecommenderAsync(string data, string? recipe, DateTimeOffset? at, CancellationToken cancel)
    {
        var tuned = RecipeOf(recipe);
        await using var store = await OpenToReadAsync(data, cancel);
        var graph = new LiveGraph(await store.Export.ReadAsync(cancel));
        return new Recommender(graph, tuned, at is { } time ? new StoppedClock(time) : TimeProvider.System);
    }

    private sealed class StoppedClock(DateTimeOffset time) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => time;
    }
}
