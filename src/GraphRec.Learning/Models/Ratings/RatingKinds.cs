using GraphRec.Core;

namespace GraphRec.Learning.Models.Ratings;

/// <summary>Every kind of rating model there is.</summary>
public static class RatingKinds
{
    public static IReadOnlyList<RatingKind> All { get; } =
    [
        BiasBaseline.Definition,
        SvdPlusPlus.Svd,
        SvdPlusPlus.Definition,
        BayesianSvdPlusPlus.Definition,
    ];

    /// <summary>The kind of this name.</summary>
    /// <exception cref="InvalidInputException">There is none; the message lists those there are.</exception>
    public static RatingKind Of(string name) => All.FirstOrDefault(kind => kind.Name == name) ?? throw new InvalidInputException(
        ErrorCodes.BadUserInput, $"There is no rating model {name}; choose from {string.Join(", ", All.Select(kind => kind.Name))}.");
}
