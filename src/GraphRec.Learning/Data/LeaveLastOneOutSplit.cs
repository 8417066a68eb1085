using GraphRec.Core;
using GraphRec.Learning.Evaluation;

namespace GraphRec.Learning.Data;

/// <summary>
/// Each user's last item is the test, and the one before it the validation (Kang and McAuley, "Self-attentive sequential
/// recommendation", ICDM 2018, §IV-A). The last is by time or position, of one time the one read last. Users with a single
/// pair are in training only.
/// </summary>
public sealed record LeaveLastOneOutSplit : Split
{
    private LeaveLastOneOutSplit(PairCut cut) : base("leave last one out", cut.Matrix, cut.Test) => TrainPairs = cut.Train;

    public override Interactions TrainPairs { get; }

    /// <summary>Splits a data set.</summary>
    /// <exception cref="InvalidInputException">The data has neither times nor positions: no item is the last.</exception>
    public static LeaveLastOneOutSplit Of(Interactions data)
    {
        if (data.TimeScale == InteractionTimes.Unknown)
        {
            throw new InvalidInputException(
                ErrorCodes.BadUserInput, $"{data.Name} has neither times nor positions; split it at random instead.");
        }
        var isTest = new bool[data.Count];
        var (starts, pairs) = data.ByUser();
        var times = data.Times;
        for (var user = 0; user < data.Users.Count; user++)
        {
            var row = pairs.AsSpan(starts[user]..starts[user + 1]);
            if (row.Length < 2) continue;
            var last = row[0];
            foreach (var pair in row)
            {
                if (times[pair] >= times[last]) last = pair;
            }
            isTest[last] = true;
        }
        return new LeaveLastOneOutSplit(PairCut.Of(data, isTest));
    }

    public override LeaveLastOneOutSplit Validation(int seed) => Of(TrainPairs) with { Name = $"validation, {Name}" };
}
