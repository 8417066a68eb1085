using GraphRec.Core;

namespace GraphRec.Learning.Metrics;

/// <summary>
/// Popularity bias as the popularity lift: (GAP of the lists − GAP of the histories) / GAP of the histories. GAP, the group
/// average popularity, is the mean over users of the mean popularity of their items (Abdollahpouri, Mansoury, Burke,
/// Mobasher, "The unfairness of popularity bias in recommendation", RMSE at RecSys 2019, §4). 0: users are shown items as
/// popular as those they chose; 1: twice as popular; below 0: less popular, down to −1.
/// </summary>
/// <param name="popularity">How many users engaged with each item in training, by item number.</param>
/// <param name="k">How many places of each list count, from 1.</param>
public sealed class PopularityLift(IReadOnlyList<int> popularity, int k) : IListsMetric
{
    private readonly int _k = Positive.Of(k);

    public string Name => $"popularityLift@{_k}";

    /// <summary>The lift over the users who have a list and a history; 0 when there is none.</summary>
    /// <exception cref="InvalidInputException">Nobody engaged with any item of any history: the popularity is of other data.</exception>
    public double Of(IReadOnlyList<Recommendation> lists)
    {
        double recommended = 0, known = 0;
        var users = 0;
        foreach (var list in lists)
        {
            if (list.Ranked.Count == 0 || list.Known.Count == 0) continue;
            recommended += list.Ranked.Take(_k).Average(item => popularity[item]);
            known += list.Known.Average(item => popularity[item]);
            users++;
        }
        if (users == 0) return 0;
        if (known == 0)
        {
            throw new InvalidInputException(
                ErrorCodes.BadUserInput, "no known item has a popularity above 0; count popularity on the data that the histories are from.");
        }
        return (recommended - known) / known;
    }
}
