using GraphRec.Core;
using GraphRec.Learning.Simulation;

namespace GraphRec.Learning.Data;

/// <summary>One round of cross-validation: both parts are numbered as the whole is.</summary>
public sealed record RatingFold(Interactions Train, Interactions Test);

/// <summary>
/// k-fold cross-validation of ratings (Stone, "Cross-validatory choice and assessment of statistical predictions", JRSS B
/// 1974): the ratings are shuffled and dealt into k parts whose sizes differ by one at most; each part is the test once.
/// Hyper-parameters are chosen on folds of a fold's training part.
/// </summary>
public sealed class RatingFolds
{
    private readonly Interactions _data;
    private readonly byte[] _foldOf;

    private RatingFolds(Interactions data, byte[] foldOf, int count) => (_data, _foldOf, Count) = (data, foldOf, count);

    /// <summary>How many folds there are.</summary>
    public int Count { get; }

    /// <summary>One fold, made when asked for, because together they are k times the data. Ratings stay in the order as read.</summary>
    public RatingFold this[int fold]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(fold);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(fold, Count);
            var isTest = new bool[_foldOf.Length];
            for (var pair = 0; pair < isTest.Length; pair++) isTest[pair] = _foldOf[pair] == fold;
            return new RatingFold(_data.Where(isTest, false), _data.Where(isTest, true));
        }
    }

    /// <summary>Deals ratings into <paramref name="folds"/> parts (2 to 255); the same seed gives the same parts.</summary>
    /// <exception cref="InvalidInputException">The data has no values, or there are too few for as many folds.</exception>
    public static RatingFolds Of(Interactions data, int folds = 5, int seed = 1)
    {
        if (!data.HasValues)
            throw new InvalidInputException(ErrorCodes.BadUserInput, $"{data.Name} has no ratings to predict; read a data set of ratings.");
        var most = Math.Min(data.Count, byte.MaxValue);
        if (folds < 2 || folds > most)
        {
            throw new InvalidInputException(
                ErrorCodes.BadUserInput, $"folds is {folds}; set it between 2 and {most} for the {data.Count} ratings of {data.Name}.");
        }
        var order = new int[data.Count];
        for (var n = 0; n < order.Length; n++) order[n] = n;
        var random = new SimulationRandom(seed, 0);
        for (var n = order.Length - 1; n > 0; n--)
        {
            var drawn = random.Below(n + 1);
            (order[n], order[drawn]) = (order[drawn], order[n]);
        }
        var foldOf = new byte[order.Length];
        for (var n = 0; n < order.Length; n++) foldOf[order[n]] = (byte)(n % folds);
        return new RatingFolds(data, foldOf, folds);
    }
}
