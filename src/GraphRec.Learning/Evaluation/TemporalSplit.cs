using GraphRec.Core;
using GraphRec.Learning.Data;

namespace GraphRec.Learning.Evaluation;

/// <summary>A user of the test: their row in the training matrix and the items (ascending) a model is to find.</summary>
public sealed record TestUser(int User, IReadOnlyList<int> Items)
{
    /// <summary>The value of each item, in the unit of the data set; null when the data has none.</summary>
    public IReadOnlyList<float>? Grades { get; init; }
}

/// <summary>
/// A global temporal split: everything before one instant is for training, what users newly engaged with from then on is
/// the test. No model can see the future of any user, which splits per user allow (Meng et al., "Exploring data splitting
/// strategies for the evaluation of recommendation models", RecSys 2020). This is the split for the product's own log.
/// </summary>
/// <param name="Cut">The instant: the first engagement of the test.</param>
/// <param name="TrainEvents">The events before the cut; a model may use nothing later.</param>
/// <param name="Train">What users engaged with before the cut, judged by the events before the cut alone.</param>
/// <param name="Test">The users with at least one item on each side, ascending.</param>
public sealed record TemporalSplit(
    DateTimeOffset Cut, IReadOnlyList<ViewerEvent> TrainEvents, InteractionMatrix Train, IReadOnlyList<TestUser> Test)
    : Split("global temporal", Train, Test)
{
    /// <summary>The share of engagements from the cut on; validation is cut by the same.</summary>
    public double TestShare { get; init; } = 0.2;

    /// <summary>What users engaged with before the cut, and when; worked out from the events at every call.</summary>
    public override Interactions TrainPairs => EventLogInteractions.Of(Train.Items, TrainEvents);

    /// <summary>The same split of the training events. Time leaves nothing to chance: the seed is ignored.</summary>
    public override TemporalSplit Validation(int seed) =>
        Of(Train.Items, TrainEvents, TestShare) with { Name = $"validation, {Name}" };

    /// <summary>
    /// Cuts so that the last <paramref name="testShare"/> of all engagements, by time, are the test. Test items are those
    /// engaged with after all events and not yet in training; users without training or test items are left out.
    /// </summary>
    /// <exception cref="InvalidInputException">There are too few engagements to cut, or the share is not in (0, 1).</exception>
    public static TemporalSplit Of(IEnumerable<string> items, IReadOnlyList<ViewerEvent> events, double testShare = 0.2)
    {
        if (testShare is not (> 0 and < 1))
            throw new InvalidInputException(ErrorCodes.BadUserInput, $"testShare is {testShare}; set it between 0 and 1.");
        var all = Engagements.Of(events);
        var first = (int)Math.Floor(all.Count * (1 - testShare));
        if (first <= 0 || first >= all.Count)
        {
            throw new InvalidInputException(
                ErrorCodes.BadUserInput, $"there are {all.Count} engagements, too few to hold out {testShare:P0} of them; record more events.");
        }
        var cut = all[first].At;
        var before = events.Where(e => e.At < cut).ToArray();
        var itemIds = items.ToArray();
        var train = InteractionMatrix.Of(itemIds, Engagements.Of(before));
        var whole = InteractionMatrix.Of(itemIds, all);
        return new TemporalSplit(cut, before, train, [.. TestUsers(train, whole)]) { TestShare = testShare };
    }

    private static IEnumerable<TestUser> TestUsers(InteractionMatrix train, InteractionMatrix whole)
    {
        var rows = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var row = 0; row < whole.Users.Count; row++) rows.Add(whole.Users[row], row);
        for (var user = 0; user < train.Users.Count; user++)
        {
            // Absent: their only engagements were taken back by a low rating after the cut.
            if (!rows.TryGetValue(train.Users[user], out var row)) continue;
            var seen = train.ItemsOf(user);
            var items = new List<int>();
            foreach (var item in whole.ItemsOf(row))
            {
                if (seen.BinarySearch(item) < 0) items.Add(item);
            }
            if (items.Count > 0) yield return new TestUser(user, items);
        }
    }
}
