using System.CommandLine;
using GraphRec.Core;
using GraphRec.Graph;
using GraphRec.Recommend;
using GraphRec.Storage.Embedded;

namespace GraphRec.Cli;

/// <summary>What every command that needs the data opens: the store, caught up with its log.</summary>
public static class Workbench
{
    /// <summary><c>--data DIR</c>, the same in every command.</summary>
    public static Option<string> DataOption() => new("--data")
    {
        Description = "The data directory. Created when it is missing.",
        HelpName = "DIR",
        DefaultValueFactory = _ => "data",
    };

    /// <summary><c>--recipe FILE</c>: what is tuned.</summary>
    public static Option<string?> RecipeOption() => new("--recipe")
    {
        Description = "A recipe file with the weights of sources and objectives; see recipes/default.json.",
        HelpName = "FILE",
    };

    /// <summary>The clock that one-off commands ask as of.</summary>
    public static Option<DateTimeOffset?> AtOption() => new("--at")
    {
        Description = "Answer as of this time (ISO 8601) instead of now.",
        HelpName = "TIME",
    };

    /// <summary>Refuses a number outside of a range, and says which range.</summary>
    public static void Range(Option<int> option, int least, int most) => option.Validators.Add(result =>
    {
        if (result.Tokens.Count > 0 && result.GetValueOrDefault<int>() is var value && (value < least || value > most))
            result.AddError($"{option.Name} must be from {least} to {most}, but is {value}.");
    });

    public static Recipe RecipeOf(string? path) => path is null ? Recipe.Default : Recipe.Load(path);

    /// <summary>Opens a store that must already hold something, to read from it while a server may be writing.</summary>
    public static async Task<LiveGraph> ReadGraphAsync(string data, CancellationToken cancel)
    {
        await using var store = await EmbeddedStore.OpenAsync(data, new EmbeddedOptions { ReadOnly = true }, cancel);
        return new LiveGraph(await store.Export.ReadAsync(cancel));
    }
}
