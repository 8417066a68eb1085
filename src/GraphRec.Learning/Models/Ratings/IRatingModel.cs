using GraphRec.Core;
using GraphRec.Learning.Data;

namespace GraphRec.Learning.Models.Ratings;

/// <summary>
/// A fitted model that predicts the rating a user would give an item. Users and items are numbered as in the data it was
/// fitted on; one without a rating there is predicted from what is known of the other. Immutable; safe to use from several
/// threads.
/// </summary>
public interface IRatingModel
{
    /// <summary>Which <see cref="RatingKind"/> it is of.</summary>
    string Kind { get; }

    /// <summary>What ratings lie between; predictions are clipped to it.</summary>
    RatingScale Scale { get; }

    /// <summary>What the prediction is the sum of, before clipping; in the unit of the ratings.</summary>
    RatingParts Explain(int user, int item);

    /// <summary>The predicted rating, clipped to <see cref="Scale"/>.</summary>
    double Predict(int user, int item) => Scale.Clip(Explain(user, item).Sum);
}

/// <summary>What a predicted rating is the sum of.</summary>
/// <param name="Mean">The mean of all ratings.</param>
/// <param name="User">How much more than the mean the user gives.</param>
/// <param name="Item">How much more than the mean the item is given.</param>
/// <param name="Taste">What this user's taste makes of this item: all that is neither of the two alone.</param>
public readonly record struct RatingParts(double Mean, double User, double Item, double Taste)
{
    /// <summary>The prediction before clipping.</summary>
    public double Sum => Mean + User + Item + Taste;
}

/// <summary>The least and the greatest rating there is in the data a model was fitted on.</summary>
public readonly record struct RatingScale(double Low, double High)
{
    /// <summary>The nearest value on the scale.</summary>
    public double Clip(double rating) => Math.Clamp(rating, Low, High);
}

/// <summary>What a rating model learns from, and under which conditions.</summary>
/// <param name="Train">Pairs with ratings.</param>
/// <param name="Seed">For every random choice.</param>
/// <param name="Threads">How many threads; the fitted model is bit-identical for any number.</param>
/// <param name="Progress">Told the share done, 0 to 1; null when nobody listens.</param>
public sealed record RatingFitInput(Interactions Train, int Seed, int Threads, IProgress<double>? Progress = null);

/// <summary>One kind of rating model: how it is named and fitted. Listed in <see cref="RatingKinds"/>.</summary>
/// <param name="Name">As on the command line: <c>svdpp</c>.</param>
/// <param name="Help">One sentence for people: what it is, with its source.</param>
public sealed record RatingKind(string Name, string Help)
{
    /// <summary>Fits with the kind's own settings. Throws <see cref="InvalidInputException"/> when the data have no ratings.</summary>
    public required Func<RatingFitInput, CancellationToken, IRatingModel> Fit { get; init; }
}
