using System.Globalization;
using System.Text.Json;
using GraphRec.Core;
using GraphRec.Learning.Models;

namespace GraphRec.Learning.Tuning;

/// <summary>Models as people name them: <c>ials:factors=128:epochs=8</c> on a command line, or a JSON file.</summary>
public static class ModelItems
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { ReadCommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>The models of a list between commas; <c>all</c> stands for one of every kind.</summary>
    /// <exception cref="InvalidInputException">One is wrong, or comes twice; the message says what there is to choose from.</exception>
    public static IReadOnlyList<NamedRecipe> Parse(string list)
    {
        var names = list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(name => name == "all" ? ModelKinds.All.Select(kind => kind.Name) : [name]).ToArray();
        if (names.Length == 0) throw Bad($"No model is named; choose from {string.Join(", ", ModelKinds.All.Select(kind => kind.Name))}.");
        return Distinct([.. names.Select(One)]);
    }

    /// <summary>A file <c>{"model": "ials", "parameters": {"factors": 128}}</c>; the model's name in the run is the file's.</summary>
    /// <exception cref="InvalidInputException">The file is missing or wrong.</exception>
    public static NamedRecipe Read(string path)
    {
        if (!File.Exists(path)) throw Bad($"{path} does not exist; name a recipe of a model.");
        try
        {
            var read = JsonSerializer.Deserialize<RecipeFile>(File.ReadAllText(path), Json);
            if (read?.Model is null) throw Bad($$"""{{path}} names no model; write {"model": "ials", "parameters": {"factors": 128} }.""");
            var recipe = read.Recipe();
            recipe.Checked();
            return new NamedRecipe(Path.GetFileNameWithoutExtension(path), recipe);
        }
        catch (JsonException e)
        {
            throw Bad($"{path} is no recipe of a model: {e.Message}");
        }
        catch (InvalidInputException e) when (!e.Message.StartsWith(path, StringComparison.Ordinal))
        {
            throw Bad($"{path}: {e.Message}");
        }
    }

    /// <summary>Refuses names that come twice: rows of a report are told apart by them.</summary>
    /// <exception cref="InvalidInputException">There is one.</exception>
    public static IReadOnlyList<NamedRecipe> Distinct(IReadOnlyList<NamedRecipe> models)
    {
        var twice = models.GroupBy(model => model.Name).FirstOrDefault(group => group.Count() > 1);
        return twice is null ? models : throw Bad($"{twice.Key} is named twice; name each model once, or with different parameters.");
    }

    private static NamedRecipe One(string text)
    {
        var parts = text.Split(':');
        var recipe = ModelRecipe.Default(parts[0]);
        ModelKinds.Of(parts[0]);
        foreach (var part in parts.Skip(1))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1 || !double.TryParse(part.AsSpan(equals + 1), NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
                throw Bad($"'{part}' in {text} is no parameter; write NAME=NUMBER, such as factors=128.");
            recipe = recipe.With(part[..equals], value);
        }
        recipe.Checked();
        return new NamedRecipe(text, recipe);
    }

    private static InvalidInputException Bad(string message) => new(ErrorCodes.BadUserInput, message);

    private sealed record RecipeFile(string? Model, Dictionary<string, double>? Parameters, IReadOnlyList<RecipeFile>? Members)
    {
        public ModelRecipe Recipe() => new(Model ?? "", Parameters ?? []) { Members = [.. (Members ?? []).Select(member => member.Recipe())] };
    }
}
