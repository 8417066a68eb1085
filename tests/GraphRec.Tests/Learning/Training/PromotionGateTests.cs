using GraphRec.Learning.Ranking;
using GraphRec.Learning.Reports;
using GraphRec.Learning.Training;
using Xunit;

namespace GraphRec.Tests.Learning.Training;

public sealed class PromotionGateTests
{
    // Popularity, item-kNN, the version that is served (null: none), whether it has the same data.
    [Theory]
    [InlineData(0.020, 0.001, null, false, true, "no version to compare it with")]
    [InlineData(0.000, 0.001, null, false, false, "not above popularity")]
    [InlineData(0.020, -0.003, null, false, true, "no version to compare it with")]
    [InlineData(0.020, -0.006, null, false, false, "worse than itemknn")]
    [InlineData(0.020, 0.001, 0.006, true, true, "better than served")]
    [InlineData(0.020, 0.001, 0.005, true, false, "no better than served, which was fitted on the same data")]
    [InlineData(0.020, 0.001, 0.000, true, false, "no better than served, which was fitted on the same data")]
    [InlineData(0.020, 0.001, 0.000, false, true, "as good as served")]
    [InlineData(0.020, 0.001, -0.005, false, true, "as good as served")]
    [InlineData(0.020, 0.001, -0.006, false, false, "worse than served")]
    [InlineData(-0.001, 0.001, 0.006, false, false, "not above popularity")]
    public void The_verdict_says_why(double popularity, double itemKnn, double? served, bool sameData, bool passes, string reason)
    {
        var verdict = PromotionGate.Judge([Found("popularity", popularity), Found("itemknn", itemKnn)], served is { } by ? Found("served", by) : null, sameData);
        Assert.Equal(passes, verdict.Passes);
        Assert.Contains(reason, verdict.Reason, StringComparison.Ordinal);
        Assert.Equal(served is null ? 2 : 3, verdict.Comparisons.Count);
    }

    // On the same data as the version that is served: the model's difference from it, and from item-kNN; whether that version has a ranker.
    [Theory]
    [InlineData(0.000, 0.001, true, false, true)]
    [InlineData(0.000, 0.001, true, true, false)]
    [InlineData(0.000, 0.001, false, false, false)]
    [InlineData(-0.006, 0.001, true, false, false)]
    [InlineData(0.000, -0.006, true, false, false)]
    public void A_ranker_that_the_served_version_has_not_is_a_reason_for_a_model_that_is_as_good(double served, double itemKnn, bool included, bool servedHasOne, bool passes)
    {
        RankerVerdict Ranker(bool wins) => new("lambdamart", wins, "It said so.", null);
        var verdict = PromotionGate.Judge([Found("popularity", 0.02), Found("itemknn", itemKnn)], Found("served", served), sameData: true);
        var found = PromotionGate.WithRanker(verdict, Ranker(included), servedHasOne ? Ranker(true) : null);
        Assert.Equal(passes, found.Passes);
        if (passes) Assert.Equal("Its model is as good as that of served, which has no ranker of its own, and its ranker is better. It said so.", found.Reason);
        else Assert.Equal(verdict, found);
    }

    [Fact]
    public void Without_a_margin_a_difference_counts_that_another_choice_of_viewers_would_not_explain()
    {
        // 400 viewers: half of them gain .03, the others lose .01; the mean .01 has a standard error of .001.
        var few = Compare(400, n => n % 2 == 0 ? 0.03 : -0.01);
        Assert.Equal(0.01, few.Difference, 6);
        Assert.InRange(few.Margin, 0.0015, 0.0025);
        Assert.Equal(("better", 400), (few.Verdict, few.Viewers));
        Assert.InRange(few.P, 0, 0.01);
        // The same of 8 viewers proves nothing.
        Assert.Equal("alike", Compare(8, n => n % 2 == 0 ? 0.03 : -0.01).Verdict);
        // Every viewer loses a little, beyond doubt; nobody sees it.
        var tiny = Compare(400, _ => -0.0005);
        Assert.Equal((PromotionGate.LeastMargin, "alike"), (tiny.Margin, tiny.Verdict));
        Assert.Equal("worse", Compare(400, _ => -0.002).Verdict);
    }

    [Fact]
    public void A_margin_that_is_given_counts_alone()
    {
        Assert.Equal("alike", Compare(400, n => n % 2 == 0 ? 0.03 : -0.01, margin: 0.02).Verdict);
        Assert.Equal("better", Compare(8, n => n % 2 == 0 ? 0.03 : -0.01, margin: 0.005).Verdict);
        Assert.Equal("worse", Compare(400, _ => -0.0005, margin: 0).Verdict);
    }

    private static GateComparison Found(string against, double difference) => new(against, 0.1, difference, difference - 0.005, difference + 0.005, 0.5, 100, 0.005);

    private static GateComparison Compare(int viewers, Func<int, double> gain, double? margin = null)
    {
        double[] other = [.. Enumerable.Range(0, viewers).Select(n => 0.1 + (n % 3 * 0.05))];
        double[] chosen = [.. other.Select((value, n) => value + gain(n))];
        return PromotionGate.Compare(Report("slim", chosen), "slim", Report("served", other), "served", margin, seed: 1, threads: 2, TestContext.Current.CancellationToken);
    }

    private static EvaluationReport Report(string name, double[] values) => new()
    {
        Dataset = "events",
        Split = "global temporal",
        DataHash = "1",
        K = 20,
        Models =
        [
            new ModelReport(
                name, new Dictionary<string, double>(), new Dictionary<string, double> { ["ndcg@20"] = values.Average() }, new Dictionary<string, double[]>(),
                new TrainReport(0, 0, 0), new ScoreReport(0, 0, 0)) { PerUser = new Dictionary<string, string> { ["ndcg@20"] = PackedValues.Pack(values) } },
        ],
    };
}
