using GraphRec.Core;
using GraphRec.Learning.Data;

namespace GraphRec.Learning.Tuning;

/// <summary>A way to hold out a part of training, on which parameters are chosen.</summary>
/// <param name="Name">As on the command line.</param>
/// <param name="Help">What is held out; for people.</param>
/// <param name="Cut">Of a split and a seed: the split of its training part. Throws <see cref="InvalidInputException"/> when the data do not allow it.</param>
public sealed record ValidationProtocol(string Name, string Help, Func<Split, int, Split> Cut)
{
    /// <summary>Every protocol there is; the first is the usual one.</summary>
    public static IReadOnlyList<ValidationProtocol> All { get; } =
    [
        new("same", "in the manner of the split itself; a given split's manner is not known, so at random", (split, seed) => split.Validation(seed)),
        new("random", "a fifth of each user's items, at random", (split, seed) => RandomSplit.Of(split.TrainPairs, seed: seed)),
        new("leave-last-one-out", "each user's last item", (split, _) => LeaveLastOneOutSplit.Of(split.TrainPairs)),
        new("temporal", "the last fifth of all pairs by time", (split, _) => GlobalTemporalSplit.Of(split.TrainPairs)),
    ];

    /// <summary>The protocol of this name.</summary>
    /// <exception cref="InvalidInputException">There is none; the message lists those there are.</exception>
    public static ValidationProtocol Of(string name) => All.FirstOrDefault(protocol => protocol.Name == name) ?? throw new InvalidInputException(
        ErrorCodes.BadUserInput, $"There is no validation '{name}'; choose from {string.Join(", ", All.Select(protocol => protocol.Name))}.");

    /// <summary>The validation split with at most so many users to test, evenly spaced.</summary>
    /// <exception cref="InvalidInputException">Nothing can be held out.</exception>
    public Split Of(Split split, int seed, int mostUsers)
    {
        var cut = Cut(split, seed);
        if (cut.Test.Count == 0)
            throw new InvalidInputException(ErrorCodes.BadUserInput, $"validation '{Name}' holds out nothing: users have too few items; choose another, or do not tune.");
        return cut.WithTestUsers(mostUsers);
    }
}
