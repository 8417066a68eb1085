using System.Numerics.Tensors;
using GraphRec.Core;
using GraphRec.Learning.Data;

namespace GraphRec.Learning.Models.Ratings;

/// <summary>
/// A fitted model that predicts the rating a user would give an item, r = μ + b_u + bᵢ + qᵢ·p_u, or the mean of several such
/// draws. Users and items are numbered as in the data it was fitted on; one without a rating there is predicted from what is
/// known of the other. Immutable; safe to use from several threads.
/// </summary>
public sealed class RatingModel
{
    private readonly double _mean;
    private readonly int _length;
    private readonly int _draws;

    // A row per user or item: of each draw the bias, and then the factors.
    private readonly float[] _users;
    private readonly float[] _items;

    /// <param name="kind">The <see cref="RatingKind"/> that fitted it.</param>
    /// <param name="mean">Of all ratings.</param>
    /// <param name="scale">What they lie between.</param>
    /// <param name="draws">How many draws predictions are the mean of, from 1.</param>
    /// <param name="length">Numbers per draw, the bias included.</param>
    /// <param name="users">users × draws × length.</param>
    /// <param name="items">items × draws × length.</param>
    internal RatingModel(string kind, double mean, RatingScale scale, int draws, int length, float[] users, float[] items) =>
        (Kind, _mean, Scale, _draws, _length, _users, _items) = (kind, mean, scale, draws, length, users, items);

    /// <summary>Which <see cref="RatingKind"/> it is of.</summary>
    public string Kind { get; }

    /// <summary>What ratings lie between; predictions are clipped to it.</summary>
    public RatingScale Scale { get; }

    /// <summary>The predicted rating, clipped to <see cref="Scale"/>.</summary>
    public double Predict(int user, int item) => Scale.Clip(Explain(user, item).Sum);

    /// <summary>What the prediction is the sum of, before clipping; in the unit of the ratings.</summary>
    public RatingParts Explain(int user, int item)
    {
        var u = Row(_users, user);
        var i = Row(_items, item);
        var (ofUser, ofItem, taste) = (0.0, 0.0, 0.0);
        for (var at = 0; at < u.Length; at += _length)
        {
            (ofUser, ofItem) = (ofUser + u[at], ofItem + i[at]);
            if (_length > 1) taste += TensorPrimitives.Dot(u.Slice(at + 1, _length - 1), i.Slice(at + 1, _length - 1));
        }
        return new RatingParts(_mean, ofUser / _draws, ofItem / _draws, taste / _draws);
    }

    /// <summary>Writes what is needed to predict as now; <see cref="Read"/> reads it back.</summary>
    public void Save(Stream stream)
    {
        using var writer = new ModelWriter(stream, Kind, version: 1);
        writer.Array<double>("mean, low, high", [_mean, Scale.Low, Scale.High]);
        writer.Array<int>("draws, length", [_draws, _length]);
        writer.Array<float>("users", _users);
        writer.Array<float>("items", _items);
    }

    /// <summary>Reads a model of any kind, to its end, and checks the hash.</summary>
    /// <param name="stream">Where from.</param>
    /// <param name="name">How messages name the file.</param>
    /// <exception cref="InvalidInputException">The file is no rating model, is of a later format, or is damaged.</exception>
    public static RatingModel Read(Stream stream, string name) => ModelReader.Read(stream, name, reader =>
    {
        RatingKinds.Of(reader.Kind);
        reader.CheckVersion(1);
        var numbers = reader.Array<double>("mean, low, high");
        var sizes = reader.Array<int>("draws, length");
        var model = numbers.Length == 3 && sizes is [> 0, > 0]
            ? new RatingModel(reader.Kind, numbers[0], new RatingScale(numbers[1], numbers[2]), sizes[0], sizes[1], reader.Array<float>("users"), reader.Array<float>("items"))
            : throw reader.Bad("is damaged; fit again or copy it again");
        if (model._users.Length % (sizes[0] * sizes[1]) != 0 || model._items.Length % (sizes[0] * sizes[1]) != 0) throw reader.Bad("is damaged; fit again or copy it again");
        return model;
    });

    private ReadOnlySpan<float> Row(float[] all, int row) => all.AsSpan(row * _length * _draws, _length * _draws);
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
    public required Func<RatingFitInput, CancellationToken, RatingModel> Fit { get; init; }
}
