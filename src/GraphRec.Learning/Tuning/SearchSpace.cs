using System.Globalization;
using GraphRec.Learning.Models;

namespace GraphRec.Learning.Tuning;

/// <summary>
/// What tuning varies of a recipe, as a unit cube: every parameter of the kind that is not <see cref="ModelParameter.IsFixed"/>
/// and that the recipe does not set. Values have three significant digits, so that people can read and repeat them.
/// </summary>
public sealed class SearchSpace
{
    // The spread of a logarithmic range that begins at 0: its upper end over where it bends into the linear.
    private const double Bend = 1000;

    private readonly ModelRecipe _given;

    private SearchSpace(ModelRecipe given, IReadOnlyList<ModelParameter> dimensions) => (_given, Dimensions) = (given, dimensions);

    /// <summary>The parameters that vary; the coordinates of points are in their order.</summary>
    public IReadOnlyList<ModelParameter> Dimensions { get; }

    /// <summary>The space around a recipe.</summary>
    /// <exception cref="Core.InvalidInputException">The recipe is wrong.</exception>
    public static SearchSpace Of(ModelRecipe given) => Of(given, given.Checked().Parameters);

    /// <summary>The same over other parameters than the kind's.</summary>
    public static SearchSpace Of(ModelRecipe given, IReadOnlyList<ModelParameter> parameters) =>
        new(given, [.. parameters.Where(p => !p.IsFixed && p.High > p.Low && !given.Parameters.ContainsKey(p.Name))]);

    /// <summary>The recipe at a point of the cube.</summary>
    public ModelRecipe At(ReadOnlySpan<double> point)
    {
        var recipe = _given;
        for (var d = 0; d < Dimensions.Count; d++) recipe = recipe.With(Dimensions[d].Name, ValueAt(Dimensions[d], point[d]));
        return recipe;
    }

    /// <summary>Where a recipe of this space is in the cube, which need not be exactly where it was made.</summary>
    public double[] PointOf(ModelRecipe recipe) => [.. Dimensions.Select(parameter => PlaceOf(parameter, recipe[parameter]))];

    /// <summary>The recipe with every value that varies written out.</summary>
    public ModelRecipe Written(ModelRecipe recipe) =>
        Dimensions.Aggregate(recipe, (written, parameter) => written.With(parameter.Name, recipe[parameter]));

    private static double ValueAt(ModelParameter p, double place)
    {
        place = Math.Clamp(place, 0, 1);
        if (p is { IsWhole: true, IsLogarithmic: false })
            return Math.Min(p.High, p.Low + Math.Floor(place * (p.High - p.Low + 1)));
        var value = !p.IsLogarithmic ? p.Low + (place * (p.High - p.Low))
            : p.Low > 0 ? p.Low * Math.Pow(p.High / p.Low, place)
            : p.Low + ((p.High - p.Low) * (Math.Pow(Bend, place) - 1) / (Bend - 1));
        value = p.IsWhole ? Math.Round(value) : double.Parse(value.ToString("G3", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        return Math.Clamp(value, p.Low, p.High);
    }

    private static double PlaceOf(ModelParameter p, double value)
    {
        if (p is { IsWhole: true, IsLogarithmic: false }) return (value - p.Low + 0.5) / (p.High - p.Low + 1);
        var place = !p.IsLogarithmic ? (value - p.Low) / (p.High - p.Low)
            : p.Low > 0 ? Math.Log(Math.Max(value, p.Low) / p.Low) / Math.Log(p.High / p.Low)
            : Math.Log(1 + ((value - p.Low) / (p.High - p.Low) * (Bend - 1))) / Math.Log(Bend);
        return Math.Clamp(place, 0, 1);
    }
}
