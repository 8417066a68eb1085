using GraphRec.Core;
using GraphRec.Learning.Data;
using GraphRec.Learning.Evaluation;
using GraphRec.Learning.Models.Filters;

namespace GraphRec.Learning.Models;

/// <summary>A number that a model is fitted with.</summary>
/// <param name="Name">As in recipes: camelCase, the field's standard term.</param>
/// <param name="Default">What it is when a recipe does not say; no data set's best, but a good start for most.</param>
/// <param name="Low">The least that tuning tries.</param>
/// <param name="High">The most that tuning tries.</param>
/// <param name="Help">What it does, with its unit; for people.</param>
public sealed record ModelParameter(string Name, double Default, double Low, double High, string Help)
{
    /// <summary>Whether tuning spreads its tries evenly over the logarithm.</summary>
    public bool IsLogarithmic { get; init; }

    /// <summary>Whether it is a whole number.</summary>
    public bool IsWhole { get; init; }

    /// <summary>Whether tuning leaves it alone unless told otherwise: it buys quality with time or memory alone.</summary>
    public bool IsFixed { get; init; }

    /// <summary>The least that a recipe may say; below <see cref="Low"/> where that makes sense.</summary>
    public double Minimum { get; init; } = double.NegativeInfinity;
}

/// <summary>What a model learns from, and under which conditions.</summary>
/// <param name="Train">Who has which item.</param>
/// <param name="Pairs">The same pairs with values and times, numbered alike.</param>
/// <param name="Seed">For every random choice.</param>
/// <param name="Threads">How many threads; the fitted model is bit-identical for any number.</param>
/// <param name="Progress">Told the share done, 0 to 1; null when nobody listens.</param>
public sealed record FitInput(InteractionMatrix Train, Interactions Pairs, int Seed, int Threads, IProgress<double>? Progress = null)
{
    /// <summary>Cuts a part from the data for models that choose something by held-out items; null: a fifth of each user's items at random.</summary>
    public Func<Split>? Validation { get; init; }

    /// <summary>The training part of a split.</summary>
    public static FitInput Of(Split split, int seed, int threads) => new(split.Train, split.TrainPairs, seed, threads) { Validation = () => split.Validation(seed) };
}

/// <summary>One kind of model: how it is named, parametrised, fitted and read back. One per model, listed in <see cref="ModelKinds"/>.</summary>
/// <param name="Name">As in recipes and on the command line: <c>ials</c>.</param>
/// <param name="Help">One sentence for people: what it is, with its source.</param>
/// <param name="Parameters">All it can be told.</param>
public sealed record ModelKind(string Name, string Help, IReadOnlyList<ModelParameter> Parameters)
{
    /// <summary>
    /// Fits. Throws <see cref="InvalidInputException"/> with a message that says what to change when the data do not fit
    /// the model or the model does not fit into memory.
    /// </summary>
    public required Func<ModelRecipe, FitInput, CancellationToken, IModel> Fit { get; init; }

    /// <summary>Reads the entries that <see cref="IModel.Save"/> of this kind wrote.</summary>
    public required Func<ModelReader, IModel> Load { get; init; }

    /// <summary>
    /// Whether a user's scores are the sum of the scores of users who have one of their items each, times its weight; up to a
    /// positive factor of the user's own, which changes no ranking.
    /// </summary>
    public bool IsLinear { get; init; }

    /// <summary>Whether its recipe has <see cref="ModelRecipe.Members"/>.</summary>
    public bool IsMadeOfOthers { get; init; }

    /// <summary>What fitting will hold in memory at once beyond the data, in bytes; null when it is small.</summary>
    public Func<ModelRecipe, FitInput, long>? MemoryEstimate { get; init; }
}

/// <summary>A kind of model and what it is fitted with: data, as in a JSON file.</summary>
/// <param name="Model">The name of a <see cref="ModelKind"/>.</param>
/// <param name="Parameters">By name; what is missing has its default.</param>
public sealed record ModelRecipe(string Model, IReadOnlyDictionary<string, double> Parameters)
{
    /// <summary>What it is made of, for kinds that are made of other models; none: the kind's own choice.</summary>
    public IReadOnlyList<ModelRecipe> Members { get; init; } = [];

    public static ModelRecipe Default(string model) => new(model, new Dictionary<string, double>());

    /// <summary>The value of a parameter of this kind.</summary>
    public double this[ModelParameter parameter] => Parameters.TryGetValue(parameter.Name, out var value) ? value : parameter.Default;

    /// <summary>The value of a whole parameter.</summary>
    public int Whole(ModelParameter parameter) => checked((int)this[parameter]);

    /// <summary>This recipe with one parameter set.</summary>
    public ModelRecipe With(string name, double value) =>
        this with { Parameters = new Dictionary<string, double>(Parameters) { [name] = value } };

    /// <summary>As on the command line: <c>ials:factors=128</c>.</summary>
    public override string ToString() => string.Join(':', [Model, .. Parameters.Select(p => FormattableString.Invariant($"{p.Key}={p.Value}"))]);

    /// <summary>The kind, when it exists and every parameter is one of its own and in range.</summary>
    /// <exception cref="InvalidInputException">Something is wrong; the message says what there is to choose from.</exception>
    public ModelKind Checked()
    {
        var kind = ModelKinds.Of(Model);
        foreach (var (name, value) in Parameters)
        {
            var parameter = kind.Parameters.FirstOrDefault(p => p.Name == name) ?? throw Bad(
                $"{Model} has no parameter {name}; it has {(kind.Parameters.Count == 0 ? "none" : string.Join(", ", kind.Parameters.Select(p => p.Name)))}.");
            if (!double.IsFinite(value) || value < parameter.Minimum)
                throw Bad($"{Model}.{name} is {value}; set it to {parameter.Minimum} or more.");
            if (parameter.IsWhole && value != Math.Truncate(value)) throw Bad($"{Model}.{name} is {value}; set it to a whole number.");
        }
        if (Members.Count > 0 && !kind.IsMadeOfOthers) throw Bad($"{Model} is not made of other models; leave its members out.");
        foreach (var member in Members)
        {
            if (member.Checked().IsMadeOfOthers) throw Bad($"{Model} cannot have {member.Model} as a member; name its members instead.");
        }
        return kind;
    }

    private static InvalidInputException Bad(string message) => new(ErrorCodes.BadUserInput, message);
}

/// <summary>Every kind of model there is.</summary>
public static class ModelKinds
{
    public static IReadOnlyList<ModelKind> All { get; } =
    [
        PopularityModel.Definition,
        Neighbours.RandomModel.Definition,
        Neighbours.ItemKnn.Cosine,
        Neighbours.ItemKnn.Jaccard,
        Neighbours.ItemKnn.TfIdf,
        Neighbours.ItemKnn.Bm25,
        Neighbours.Walks.UserKnn,
        Neighbours.Walks.P3Alpha,
        Neighbours.Walks.Rp3Beta,
        Factors.IalsModel.Definition,
        Neighbours.PixieModel.Definition,
        Neighbours.Slim.Definition,
        EaseModel.Definition,
        Factors.BprModel.Definition,
        TurboCfModel.Definition,
        FilterKinds.GfCf,
        FilterKinds.Bspm,
        FilterKinds.Spectral,
        Graphs.LightGcnModel.Definition,
        Graphs.LightGcnWalk.Definition,
        Blending.BlendModel.Definition,
    ];

    /// <summary>The kind of this name.</summary>
    /// <exception cref="InvalidInputException">There is none; the message lists those there are.</exception>
    public static ModelKind Of(string name) => All.FirstOrDefault(kind => kind.Name == name) ?? throw new InvalidInputException(
        ErrorCodes.BadUserInput, $"There is no model {name}; choose from {string.Join(", ", All.Select(kind => kind.Name))}.");

    /// <summary>Fits the model that a recipe asks for.</summary>
    public static IModel Fit(ModelRecipe recipe, FitInput input, CancellationToken cancel = default) => recipe.Checked().Fit(recipe, input, cancel);
}
