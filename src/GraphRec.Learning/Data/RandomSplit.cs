using GraphRec.Core;
using GraphRec.Learning.Evaluation;
using GraphRec.Learning.Simulation;

namespace GraphRec.Learning.Data;

/// <summary>
/// A share of each user's items, drawn at random, is the test: ⌈share · n⌉ of n, as in the published split of Gowalla (Wang
/// et al., "Neural graph collaborative filtering", SIGIR 2019), but never all of them. Every user draws from a stream of
/// their own, so that users do not depend on one another.
/// </summary>
public sealed record RandomSplit : Split
{
    /// <summary>What is held out of each user's items unless something else is said.</summary>
    public const double DefaultShare = 0.2;

    private readonly double _share;

    private RandomSplit(PairCut cut, double share)
        : base("random per user", cut.Matrix, cut.Test) => (TrainPairs, _share) = (cut.Train, share);

    public override Interactions TrainPairs { get; }

    /// <summary>Splits a data set; the same seed gives the same split.</summary>
    /// <exception cref="InvalidInputException">The share is not in (0, 1).</exception>
    public static RandomSplit Of(Interactions data, double testShare = DefaultShare, int seed = 1)
    {
        if (testShare is not (> 0 and < 1))
            throw new InvalidInputException(ErrorCodes.BadUserInput, $"testShare is {testShare}; set it between 0 and 1.");
        var isTest = new bool[data.Count];
        var (starts, pairs) = data.ByUser();
        for (var user = 0; user < data.Users.Count; user++)
            Draw(pairs.AsSpan(starts[user]..starts[user + 1]), testShare, new SimulationRandom(seed, user), isTest);
        return new RandomSplit(PairCut.Of(data, isTest), testShare);
    }

    public override RandomSplit Validation(int seed) => Of(TrainPairs, _share, seed) with { Name = $"validation, {Name}" };

    private static void Draw(Span<int> pairs, double share, SimulationRandom random, bool[] isTest)
    {
        // The small term: 0.07 · 100 is a little more than 7 in floating point, and is not to become 8.
        var count = Math.Min((int)Math.Ceiling((share * pairs.Length) - 1e-9), pairs.Length - 1);
        for (var n = 0; n < count; n++)
        {
            var drawn = n + random.Below(pairs.Length - n);
            (pairs[n], pairs[drawn]) = (pairs[drawn], pairs[n]);
            isTest[pairs[n]] = true;
        }
    }
}
