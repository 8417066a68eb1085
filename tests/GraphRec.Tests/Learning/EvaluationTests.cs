using GraphRec.Core;
using GraphRec.Learning.Evaluation;
using GraphRec.Learning.Metrics;
using GraphRec.Learning.Models;
using Xunit;

namespace GraphRec.Tests.Learning;

/// <summary>Engagement, split, evaluation and models on literal data, with the values worked out by hand.</summary>
public sealed class EvaluationTests
{
    private static readonly DateTimeOffset Start = new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>u1: a b; u2: a b c; u3: c; nobody: d.</summary>
    private static readonly InteractionMatrix Tiny = InteractionMatrix.Of(
        ["d", "c", "b", "a"], [Pair("u2", "c"), Pair("u1", "a"), Pair("u1", "b"), Pair("u2", "a"), Pair("u2", "b"), Pair("u3", "c"), Pair("u3", "c"), Pair("u3", "?")]);

    [Theory]
    [InlineData(null, 0.4, true)]
    [InlineData(null, 0.39, false)]
    [InlineData(6.0, 0.0, true)]
    [InlineData(5.5, 1.0, false)]
    public void Engaged_is_rated_6_or_unrated_and_watched_40_percent(double? rating, double watched, bool engaged) =>
        Assert.Equal(engaged, Engagements.IsEngaged(rating, watched));

    [Fact]
    public void A_low_rating_takes_an_engagement_back_and_its_time_is_the_first()
    {
        ViewerEvent[] events =
        [
            Event(5, "u", "kept", EventKind.Rate, 9), Event(3, "u", "kept", EventKind.Watch, 0.5), Event(1, "u", "kept", EventKind.Watch, 0.2),
            Event(2, "u", "lost", EventKind.Watch, 1), Event(4, "u", "lost", EventKind.Rate, 3),
            Event(6, "u", "clicked", EventKind.Click, null), Event(7, "u", "whole", EventKind.Watch, null),
        ];
        Assert.Equal([new Engagement("u", "kept", Start.AddDays(3)), new Engagement("u", "whole", Start.AddDays(7))], Engagements.Of(events));
    }

    [Fact]
    public void The_matrix_reads_both_ways_and_knows_items_nobody_chose()
    {
        Assert.Equal(["a", "b", "c", "d"], Tiny.Items);
        Assert.Equal(["u1", "u2", "u3"], Tiny.Users);
        Assert.Equal(6, Tiny.Count);
        Assert.Equal([0, 1, 2], Tiny.ItemsOf(1).ToArray());
        Assert.Equal([1, 2], Tiny.UsersOf(2).ToArray());
        Assert.Empty(Tiny.UsersOf(3).ToArray());
    }

    [Fact]
    public void The_split_learns_nothing_from_after_the_cut()
    {
        ViewerEvent[] events =
        [
            Event(1, "u1", "a", EventKind.Watch, 1), Event(2, "u1", "b", EventKind.Watch, 1), Event(3, "u2", "a", EventKind.Watch, 1),
            Event(4, "u3", "a", EventKind.Watch, 1), Event(5, "u1", "c", EventKind.Watch, 1), Event(6, "late", "a", EventKind.Watch, 1),
            // Taken back after the cut: still known to training, which cannot see the future.
            Event(7, "u3", "b", EventKind.Watch, 0.1), Event(8, "u4", "c", EventKind.Watch, 1), Event(9, "u4", "c", EventKind.Rate, 2),
        ];
        var split = TemporalSplit.Of(["a", "b", "c"], events, testShare: 0.3);
        Assert.Equal(Start.AddDays(5), split.Cut);
        Assert.Equal(4, split.TrainEvents.Count);
        Assert.Equal(["u1", "u2", "u3"], split.Train.Users);
        var user = Assert.Single(split.Test);
        Assert.Equal((0, 1), (user.User, split.TestPairs));
        Assert.Equal([2], user.Items);
        Assert.Throws<InvalidInputException>(() => TemporalSplit.Of(["a"], events, testShare: 1));
        Assert.Throws<InvalidInputException>(() => TemporalSplit.Of(["a"], [events[0]]));
    }

    [Fact]
    public void Every_test_user_has_a_value_of_every_metric_and_the_row_has_their_means()
    {
        // u1 knows a and b, so that the model ranks c, d; u3 knows c: a, b, d.
        var split = new TemporalSplit(Start, [], Tiny, [new TestUser(0, [3]), new TestUser(2, [0, 3])]);
        var model = new Fixed([4, 3, 2, 1]);
        var values = RankingEvaluator.Measure(model, split, new MetricSet(2, [new Mrr(), new RecallAtK(2), new HitRateAtK(1)], []), 2, TestContext.Current.CancellationToken);
        Assert.Equal([[0.5, 1], [1, 0.5], [0, 1]], values.PerUser.Values);
        Assert.Equal((0.75, 0.5), (values["mrr"], values["hitRate@1"]));
        var row = RankingEvaluator.Evaluate(model, split, 2, TestContext.Current.CancellationToken);
        Assert.Equal(0.75, row.Recall, 12);
        // NDCG@2 of u1: (1 / log2 3) / 1; of u3: 1 / (1 + 1 / log2 3).
        Assert.Equal((0.6309297535714575 + 0.6131471927654584) / 2, row.Ndcg, 12);
    }

    [Fact]
    public void Content_finds_what_nobody_watched_by_its_facts()
    {
        Drama Of(string id, params string[] genres) => new() { Id = id, Title = id, Genres = genres };
        var catalogue = new CatalogBatch([Of("a", "Law"), Of("b", "Law", "Food"), Of("c", "War"), Of("d", "Food")], [], [new Credit("d", "p", CreditRole.Actor, 1)]);
        // Idf: Law and Food ln 2, War and p ln 4. b = (1, 1)/√2 over Law, Food; d = (ln 2, ln 4) over Food, p = (1, 2)/√5.
        var b = 1 / Math.Sqrt(2);
        Close([1 + b, 1 + b, 0, b / Math.Sqrt(5)], Scores(new ContentModel(Tiny, catalogue), 0));
    }

    [Fact]
    public void A_sum_weighs_scores_of_one_scale()
    {
        IRankingModel[] parts = [new Fixed([10, 0, 5, 0]), new Fixed([0, 0.2, 0.1, 0]), new Fixed([0, 0, 0, 0])];
        Close([1, 2, 1.5, 0], Scores(new LearnabilityCheck.ScaledSum(parts, [1, 2, 3]), 0));
    }

    [Fact]
    public void Choosing_weights_prefers_the_model_that_is_right()
    {
        var split = new TemporalSplit(Start, [], Tiny, [new TestUser(0, [2]), new TestUser(2, [0])]);
        IRankingModel wrong = new Fixed([0, 0, 0, 1]), right = new Fixed([0.9, 0, 0.9, 0.1]);
        var weights = LearnabilityCheck.Weights([wrong, right], split, 1, TestContext.Current.CancellationToken);
        Assert.True(weights[0] < weights[1]);
        Assert.Equal(1, RankingEvaluator.Evaluate(new LearnabilityCheck.ScaledSum([wrong, right], weights), split, 1, TestContext.Current.CancellationToken).Ndcg, 12);
        Assert.Equal(new EvaluationRow("Fixed", 0, 0), RankingEvaluator.Evaluate(wrong, split, 1, TestContext.Current.CancellationToken));
    }

    private static double[] Scores(IRankingModel model, int user)
    {
        float[] scores = [9, 9, 9, 9];
        var items = Tiny.ItemsOf(user);
        model.NewScorer().Score(new UserBlock([user], [0, items.Length], items, new float[items.Length]), scores);
        return [.. scores];
    }

    private static void Close(double[] expected, double[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        // Scores are floats.
        foreach (var (e, a) in expected.Zip(actual)) Assert.Equal(e, a, 1e-6);
    }

    private static Engagement Pair(string user, string drama, int day = 0) => new(user, drama, Start.AddDays(day));

    private static ViewerEvent Event(int day, string user, string drama, EventKind kind, double? value) =>
        new($"e{day}", user, NodeRef.Drama(drama), kind, value, Start.AddDays(day));

    private sealed class Fixed(double[] all) : IRankingModel
    {
        public string Name => "Fixed";
        public int ItemCount => all.Length;
        public IScorer NewScorer() => new UserScorer(all.Length, (_, scores) => all.CopyTo(scores));
    }
}
