using GraphRec.Core;
using GraphRec.Ranking;
using GraphRec.Recommend;
using Xunit;

namespace GraphRec.Tests.Recommend;

public sealed class RecipeTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void The_default_is_good() => Assert.Null(Recipe.Default.Problem());

    [Theory]
    [InlineData("{", "cannot be read")]
    [InlineData("[]", "cannot be read")]
    [InlineData("null", "is empty; it must be a JSON object")]
    [InlineData("{\"window\": \"wide\"}", "window")]
    [InlineData("{\"windw\": 100}", "windw")]
    [InlineData("{\"objectives\": {\"relevence\": 1}}", "relevence")]
    [InlineData("{\"objectives\": null}", "bjectives")]
    [InlineData("{\"sources\": null}", "ources")]
    [InlineData("{\"sources\": {\"walks\": 1}}", "there is no source 'walks'; the sources are walk, coWatch,")]
    [InlineData("{\"sources\": {\"walk\": 0.5}}", "must sum to 1, but sum to 0.5")]
    [InlineData("{\"sources\": {\"walk\": 1.5, \"actors\": -0.5}}", "every source weight must be from 0 to 1")]
    [InlineData("{\"objectives\": {\"relevance\": 0.6}}", "objective weights must sum to 1, but sum to 1.1")]
    [InlineData("{\"name\": \" \"}", "name must not be empty")]
    [InlineData("{\"tasteHalfLifeDays\": 0}", "more than 0 days")]
    [InlineData("{\"freshnessHalfLifeDays\": -1}", "more than 0 days")]
    [InlineData("{\"trendingDays\": 0}", "more than 0 days")]
    [InlineData("{\"skipRestDays\": -1}", "days")]
    [InlineData("{\"maxSeeds\": 0}", "maxSeeds must be from 1 to 10000")]
    [InlineData("{\"window\": 49}", "window must be from 50 to 5000")]
    [InlineData("{\"minCoWatchers\": 1}", "minCoWatchers must be at least 2")]
    [InlineData("{\"maxPaths\": 21}", "maxPaths must be from 1 to 20")]
    public void What_is_wrong_is_said(string json, string part)
    {
        File.WriteAllText(_file, json);
        var e = Assert.Throws<InvalidInputException>(() => Recipe.Load(_file));
        Assert.Equal(ErrorCodes.BadUserInput, e.Code);
        Assert.Contains(_file, e.Message);
        Assert.Contains(part, e.Message);
    }

    [Fact]
    public void A_missing_file_and_a_folder_are_said()
    {
        Assert.Contains("/nowhere/recipe.json cannot be read", Assert.Throws<InvalidInputException>(() => Recipe.Load("/nowhere/recipe.json")).Message);
        Assert.Contains("cannot be read", Assert.Throws<InvalidInputException>(() => Recipe.Load(Path.GetTempPath())).Message);
    }

    [Fact]
    public void What_is_left_out_is_as_in_the_default()
    {
        File.WriteAllText(_file, "{ /* only one part */ \"minCoWatchers\": 7, }");
        var recipe = Recipe.Load(_file);
        Assert.Equal(7, recipe.MinCoWatchers);
        Assert.Equal(Recipe.Default.ToJson(), (recipe with { MinCoWatchers = 5 }).ToJson());
    }

    [Fact]
    public void What_is_written_is_read_back()
    {
        var recipe = Recipe.Default with
        {
            Name = "trial", Sources = new Dictionary<string, float> { [SourceNames.Walk] = 0.25f, [SourceNames.Tags] = 0.75f }, Window = 77, MaxPaths = 3, TrendingDays = 3.5,
            SkipRestDays = 0, MaxSeeds = 9, MinCoWatchers = 6, TasteHalfLifeDays = 1, FreshnessHalfLifeDays = 2, Objectives = new() { Relevance = 0.6, Diversity = 0.1 },
        };
        File.WriteAllText(_file, recipe.ToJson());
        var read = Recipe.Load(_file);
        Assert.Equal(recipe.ToJson(), read.ToJson());
        Assert.Equal(recipe with { Sources = read.Sources }, read);
        Assert.Equal(recipe.Sources, read.Sources);
        foreach (var member in typeof(Recipe).GetProperties().Where(p => p.GetMethod is { IsStatic: false }))
            Assert.Contains($"\"{char.ToLowerInvariant(member.Name[0])}{member.Name[1..]}\"", recipe.ToJson());
    }
}
