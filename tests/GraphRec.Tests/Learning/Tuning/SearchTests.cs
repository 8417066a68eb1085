using CsCheck;
using GraphRec.Learning.Models;
using GraphRec.Learning.Tuning;
using Xunit;

namespace GraphRec.Tests.Learning.Tuning;

/// <summary>Which recipes a search tries, on spaces and functions that are known.</summary>
public sealed class SearchTests
{
    private static readonly ModelRecipe Given = ModelRecipe.Default("popularity");

    private static readonly ModelParameter
        Linear = new("linear", 0.5, -1, 3, "x"), Log = new("log", 1, 0.001, 100, "x") { IsLogarithmic = true },
        FromZero = new("fromZero", 0, 0, 730, "x") { IsLogarithmic = true }, Whole = new("whole", 3, 1, 5, "x") { IsWhole = true },
        WholeLog = new("wholeLog", 64, 8, 512, "x") { IsWhole = true, IsLogarithmic = true }, Fixed = new("fixed", 1, 0, 9, "x") { IsFixed = true };

    private static readonly SearchSpace Space = SearchSpace.Of(Given, [Linear, Log, FromZero, Whole, WholeLog, Fixed]);

    [Fact]
    public void Every_point_is_a_recipe_in_range_and_lies_where_it_was_made() => Gen.Double[0, 1].Array[5].Sample(point =>
    {
        var recipe = Space.At(point);
        Assert.Equal(["linear", "log", "fromZero", "whole", "wholeLog"], recipe.Parameters.Keys);
        foreach (var parameter in Space.Dimensions) Assert.InRange(recipe[parameter], parameter.Low, parameter.High);
        Assert.Equal(Math.Round(recipe[Whole]), recipe[Whole]);
        Assert.Equal(Math.Round(recipe[WholeLog]), recipe[WholeLog]);
        var place = Space.PointOf(recipe);
        // Rounding moves a value by at most half a unit of its third digit, and a whole one by half.
        foreach (var (d, far) in new[] { (0, 0.01), (1, 0.001), (2, 0.02), (3, 0.11), (4, 0.02) }) Assert.Equal(point[d], place[d], far);
        Assert.Equal(Space.At(place).Parameters, recipe.Parameters);
    });

    [Fact]
    public void The_cautious_trial_is_the_nearest_to_what_is_given_that_noise_allows()
    {
        var search = new Search(SearchSpace.Of(Given, [Linear]), "x", 1);
        Trial[] tried = [Of(0, 0.5, 0.10), Of(1, 2, 0.20), Of(2, 1, 0.195), Of(3, 0.75, 0.18), Of(4, 3, null)];
        Assert.Equal(2, search.Cautious(Given, tried)!.Number);
        // Half way back from 1 to the given 0.5; when that was tried, a quarter of the way.
        Assert.Equal(0.75, search.Retreat(Given, tried[..3])![Linear], 12);
        Assert.Equal(0.875, search.Retreat(Given, tried)![Linear], 12);
        Assert.Null(search.Cautious(Given, tried[4..]));

        static Trial Of(int number, double at, double? value) =>
            new("x", number, new Dictionary<string, double> { ["linear"] = at }, value) { Error = 0.01 };
    }

    [Fact]
    public void The_ends_of_the_cube_are_the_ends_of_the_ranges()
    {
        Assert.Equal([-1, 0.001, 0, 1, 8], Space.At([0, 0, 0, 0, 0]).Parameters.Values);
        Assert.Equal([3, 100, 730, 5, 512], Space.At([1, 1, 1, 1, 1]).Parameters.Values);
        Assert.Equal([1, 0.316, 0, 3, 64], Space.At([0.5, 0.5, 0, 0.5, 0.5]).Parameters.Values);
    }

    [Fact]
    public void What_a_recipe_sets_does_not_vary()
    {
        var space = SearchSpace.Of(Given.With("log", 7), [Linear, Log]);
        Assert.Equal(["linear"], space.Dimensions.Select(d => d.Name));
        Assert.Equal(7, space.At([0.3])[Log]);
    }

    [Fact]
    public void The_first_trial_is_the_recipe_as_given_and_the_same_seed_tries_the_same()
    {
        var (one, two) = (Tried(Space, Peak, 12, seed: 3), Tried(Space, Peak, 12, seed: 3));
        Assert.Equal([0.5, 1, 0, 3, 64], one[0].Recipe.Parameters.Values);
        Assert.Equal(one.Select(t => t.Recipe.Parameters), two.Select(t => t.Recipe.Parameters));
        var other = Tried(Space, Peak, 12, seed: 4);
        Assert.NotEqual(one[1].Recipe.Parameters, other[1].Recipe.Parameters);
        Assert.Equal(12, one.Select(t => string.Join(' ', t.Recipe.Parameters.Values)).Distinct().Count());
    }

    [Fact]
    public void A_search_goes_on_from_what_was_tried_as_if_it_had_not_stopped()
    {
        var whole = Tried(Space, Peak, 14, seed: 3);
        foreach (var stopped in new[] { 1, 5, 11 })
            Assert.Equal(whole.Select(t => t.Recipe.Parameters), Tried(Space, Peak, 14, seed: 3, [.. whole.Take(stopped)]).Select(t => t.Recipe.Parameters));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void It_finds_the_top_of_a_hill_where_random_points_do_not(int seed)
    {
        // 30 points at random come within 0.97 of the top in fewer than 1 of 20 searches: the ball has a volume of 0.0017.
        var found = Tried(Space, Peak, 30, seed);
        Assert.InRange(found.Max(t => t.Value!.Value), 0.97, 1);
    }

    [Fact]
    public void Failures_are_passed_over_and_the_search_goes_on()
    {
        var found = Tried(Space, recipe => recipe[Linear] > 1 ? null : Peak(recipe), 30, seed: 1);
        Assert.Contains(found, t => t.Value is null);
        // At 1, the edge of what does not fail, the hill is e^(−6/16) high.
        Assert.InRange(found.Max(t => t.Value ?? 0), 0.65, Math.Exp(-6.0 / 16));
        Assert.Equal(8, Tried(Space, _ => null, 8, seed: 1).Count);
    }

    [Fact]
    public void A_space_of_few_recipes_ends_when_all_were_tried()
    {
        var found = Tried(SearchSpace.Of(Given, [Whole]), recipe => recipe[Whole], 50, seed: 1);
        Assert.Equal([1, 2, 3, 4, 5], found.Select(t => t.Recipe[Whole]).Order());
        Assert.Single(Tried(SearchSpace.Of(Given, [Fixed]), _ => 1, 50, seed: 1));
    }

    /// <summary>1 at linear 2, log 0.1, whole 4 and falling from there; the others do not matter.</summary>
    private static double? Peak(ModelRecipe recipe)
    {
        var away = Math.Pow((recipe[Linear] - 2) / 4, 2) + Math.Pow(Math.Log10(recipe[Log] / 0.1) / 5, 2) + Math.Pow((recipe[Whole] - 4) / 5, 2);
        return Math.Exp(-6 * away);
    }

    private static List<(ModelRecipe Recipe, double? Value)> Tried(
        SearchSpace space, Func<ModelRecipe, double?> value, int trials, int seed, List<(ModelRecipe Recipe, double? Value)>? from = null)
    {
        var search = new Search(space, "hill", seed);
        var tried = from ?? [];
        while (tried.Count < trials && search.Next(Given, tried) is { } recipe) tried.Add((recipe, value(recipe)));
        return tried;
    }
}
