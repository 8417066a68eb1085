using GraphRec.Core;
using GraphRec.Learning.Data;
using GraphRec.Learning.Metrics;

namespace GraphRec.Learning.Evaluation;

/// <summary>What is measured of a model's lists.</summary>
/// <param name="Length">How long the lists are; at least the largest cut of the metrics.</param>
/// <param name="PerUser">Metrics with a value for each user.</param>
/// <param name="OfLists">Metrics of all lists together.</param>
public sealed record MetricSet(int Length, IReadOnlyList<IUserMetric> PerUser, IReadOnlyList<IListsMetric> OfLists)
{
    /// <summary>Whether the area under the ROC curve is measured too, as <c>auc</c>; it needs the scores of all items.</summary>
    public bool Auc { get; init; }

    /// <summary>Whether metrics are given the grades of test items.</summary>
    public bool Graded { get; init; }

    /// <summary>
    /// Everything that can be measured on a split at the cut <paramref name="k"/>: accuracy per user, graded where every test
    /// item has a grade above 0 and at most 100, what goes beyond accuracy, and diversity and calibration where genres are known.
    /// </summary>
    /// <exception cref="InvalidInputException">k is less than 1.</exception>
    public static MetricSet All(Split split, int k, ItemGenres? genres = null, bool auc = false)
    {
        int[] popularity = [.. Enumerable.Range(0, split.Train.Items.Count).Select(item => split.Train.UsersOf(item).Length)];
        List<IUserMetric> perUser =
        [
            new RecallAtK(k), new NdcgAtK(k), new TruncatedRecallAtK(k), new PrecisionAtK(k), new MapAtK(k), new Mrr(), new HitRateAtK(k),
        ];
        var graded = split.Test.All(user => user.Grades?.All(grade => grade is > 0 and <= 100) == true);
        if (graded) perUser.Add(new GradedNdcgAtK(k));
        perUser.Add(new Novelty(popularity, split.Train.Users.Count, k));
        perUser.Add(new Serendipity(popularity, k));
        if (genres is not null)
        {
            perUser.Add(new IntraListDiversity("genres", genres.Of, k));
            perUser.Add(new GenreCalibration(genres.Of, genres.Names.Count, k));
        }
        IListsMetric[] ofLists = [new CatalogCoverage(popularity.Length, k), new Gini(popularity.Length, k), new PopularityLift(popularity, k)];
        return new MetricSet(k, perUser, ofLists) { Auc = auc, Graded = graded };
    }
}
