using GraphRec.Core;
using GraphRec.Learning.Evaluation;

namespace GraphRec.Learning.Data;

/// <summary>
/// A global temporal split of a data set with times: pairs before one instant are for training, later ones of users who
/// have an earlier one are the test; other later pairs are in neither (Meng et al., "Exploring data splitting strategies
/// for the evaluation of recommendation models", RecSys 2020). <see cref="TemporalSplit"/> is the same of a log of
/// events, where what counts as engaged is judged by the events before the cut alone.
/// </summary>
public sealed record GlobalTemporalSplit : Split
{
    private readonly double _share;

    private GlobalTemporalSplit(PairCut cut, DateTimeOffset at, double share) : base("global temporal", cut.Matrix, cut.Test) =>
        (TrainPairs, Cut, _share) = (cut.Train, at, share);

    public override Interactions TrainPairs { get; }

    /// <summary>The instant: the first pair that is not for training.</summary>
    public DateTimeOffset Cut { get; }

    /// <summary>Cuts so that the last <paramref name="testShare"/> of all pairs, by time, come from the cut on.</summary>
    /// <exception cref="InvalidInputException">
    /// The data has no times, the share is not in (0, 1), or there is nothing before the cut.
    /// </exception>
    public static GlobalTemporalSplit Of(Interactions data, double testShare = 0.2)
    {
        if (testShare is not (> 0 and < 1))
            throw new InvalidInputException(ErrorCodes.BadUserInput, $"testShare is {testShare}; set it between 0 and 1.");
        if (data.TimeScale != InteractionTimes.Milliseconds)
        {
            throw new InvalidInputException(
                ErrorCodes.BadUserInput, $"{data.Name} has no times that users have in common; split it in another manner.");
        }
        var times = data.Times.ToArray();
        Array.Sort(times);
        var first = (int)Math.Floor(times.Length * (1 - testShare));
        if (first >= times.Length || times[first] == times[0])
        {
            throw new InvalidInputException(
                ErrorCodes.BadUserInput,
                $"{data.Name}: there are {data.Count} pairs, too few to hold out {testShare:P0} by time; use a larger data set.");
        }
        var cut = times[first];
        return new GlobalTemporalSplit(PairCutAt(data, cut), DateTimeOffset.FromUnixTimeMilliseconds(cut), testShare);
    }

    public override GlobalTemporalSplit Validation(int seed) => Of(TrainPairs, _share) with { Name = $"validation, {Name}" };

    private static PairCut PairCutAt(Interactions data, long cut)
    {
        var isLater = new bool[data.Count];
        for (var pair = 0; pair < isLater.Length; pair++) isLater[pair] = data.Times[pair] >= cut;
        var all = PairCut.Of(data, isLater);
        return all with { Test = [.. all.Test.Where(user => !all.Matrix.ItemsOf(user.User).IsEmpty)] };
    }
}
