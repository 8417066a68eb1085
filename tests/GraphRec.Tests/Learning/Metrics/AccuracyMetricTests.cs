using CsCheck;
using GraphRec.Core;
using GraphRec.Learning.Metrics;
using Xunit;

namespace GraphRec.Tests.Learning.Metrics;

/// <summary>The metrics of one list against its relevant items, worked out by hand and by their properties.</summary>
public sealed class AccuracyMetricTests
{
    /// <summary>Hits at the places 2, 4 and 5; three more relevant items are nowhere.</summary>
    private static JudgedList Hand => new([5, 1, 8, 2, 9], [1, 2, 9, 11, 12, 13]);

    [Fact]
    public void Each_has_the_value_worked_out_by_hand()
    {
        // Two hits among the first 4, of 6 relevant items.
        Is(2.0 / 6, "recall@4", new RecallAtK(4));
        Is(2.0 / 4, "truncatedRecall@4", new TruncatedRecallAtK(4));
        Is(2.0 / 4, "precision@4", new PrecisionAtK(4));
        // Three hits in a list that ends after 5 places.
        Is(3.0 / 6, "recall@8", new RecallAtK(8));
        Is(3.0 / 6, "truncatedRecall@8", new TruncatedRecallAtK(8));
        Is(3.0 / 8, "precision@8", new PrecisionAtK(8));
        Is(0, "hitRate@1", new HitRateAtK(1));
        Is(1, "hitRate@2", new HitRateAtK(2));
        Is(1.0 / 2, "mrr", new Mrr());
        // (1 of 2 places + 2 of 4 places) / min(4, 6); with 8, also 3 of 5 places, / min(8, 6).
        Is((0.5 + 0.5) / 4, "map@4", new MapAtK(4));
        Is((0.5 + 0.5 + 0.6) / 6, "map@8", new MapAtK(8));
        // (1 / log2 3 + 1 / log2 5) / (1 + 1 / log2 3 + 1 / log2 4 + 1 / log2 5) = 1.061606 / 2.561606.
        Is(0.4144299250118475, "ndcg@4", new NdcgAtK(4));
    }

    [Fact]
    public void Without_a_hit_all_are_zero()
    {
        foreach (var metric in All(3)) Assert.Equal(0, metric.Of(new JudgedList([4, 5, 6], [7])));
        foreach (var metric in All(3)) Assert.Equal(0, metric.Of(new JudgedList([], [7])));
    }

    [Fact]
    public void Grades_weigh_by_powers_of_two()
    {
        // Grades of 1, 2 and 4: 1, 3, 2. Grade 1 at place 2, grade 3 at place 3: 1 / log2 3 + 7 / 2 = 4.130930.
        // Ideal, grades 3, 2, 1: 7 + 3 / log2 3 + 1 / 2 = 9.392789.
        var list = new JudgedList([3, 1, 2], [1, 2, 4], grades: [1, 3, 2]);
        Assert.Equal(0.439797981079933, new GradedNdcgAtK(3).Of(list), 12);
        // Cut after place 2: 1 / log2 3 of 7 + 3 / log2 3.
        Assert.Equal(0.6309297535714575 / 8.8927892607143725, new GradedNdcgAtK(2).Of(list), 12);
        Assert.Equal("gradedNdcg@3", new GradedNdcgAtK(3).Name);
    }

    [Fact]
    public void A_grade_need_not_be_whole() =>
        // Gains √2 − 1 and 1: the lower first.
        Assert.Equal(
            (0.41421356237309515 + 0.6309297535714575) / (1 + (0.41421356237309515 * 0.6309297535714575)),
            new GradedNdcgAtK(2).Of(new JudgedList([0, 1], [0, 1], grades: [0.5f, 1])), 7);

    [Fact]
    public void All_are_between_0_and_1() => RankedCase.Any.Sample(c =>
    {
        foreach (var metric in All(c.K)) Assert.InRange(metric.Of(c.List()), 0, 1);
    });

    [Fact]
    public void The_best_order_has_1() => RankedCase.Any.Sample(c =>
    {
        var best = c.List(c.Ideal);
        IUserMetric[] metrics = [new TruncatedRecallAtK(c.K), new HitRateAtK(c.K), new Mrr(), new MapAtK(c.K), new NdcgAtK(c.K), new GradedNdcgAtK(c.K)];
        foreach (var metric in metrics) Assert.Equal(1, metric.Of(best));
        double reached = Math.Min(c.K, c.Relevant.Length);
        Assert.Equal(reached / c.Relevant.Length, new RecallAtK(c.K).Of(best));
        Assert.Equal(reached / c.K, new PrecisionAtK(c.K).Of(best));
    });

    [Fact]
    public void What_comes_after_k_does_not_matter() => Gen.Select(RankedCase.Any, Gen.Int[0, 1000]).Sample((c, seed) =>
    {
        var changed = c.Ranked.ToArray();
        new Random(seed).Shuffle(changed.AsSpan(Math.Min(c.K, changed.Length)));
        foreach (var metric in All(c.K).Where(m => m is not Mrr)) Assert.Equal(metric.Of(c.List()), metric.Of(c.List(changed)));
    });

    [Fact]
    public void A_better_item_moved_up_one_place_is_never_worse_and_for_ndcg_better() => Gen.Select(RankedCase.Any, Gen.Int[0, 1000]).Sample((c, at) =>
    {
        if (c.Ranked.Length < 2) return;
        var place = at % (c.Ranked.Length - 1);
        var grades = c.Ranked.Select(item => Array.IndexOf(c.Relevant, item) is >= 0 and var n ? c.Grades[n] : 0).ToArray();
        if (grades[place] >= grades[place + 1]) return;
        var moved = c.Ranked.ToArray();
        (moved[place], moved[place + 1]) = (moved[place + 1], moved[place]);
        foreach (var metric in All(c.K)) Assert.True(metric.Of(c.List(moved)) >= metric.Of(c.List()), metric.Name);
        if (place < c.K) Assert.True(new GradedNdcgAtK(c.K).Of(c.List(moved)) > new GradedNdcgAtK(c.K).Of(c.List()));
    });

    [Fact]
    public void Truncated_recall_is_at_least_recall_and_equal_up_to_k_relevant_items() => RankedCase.Any.Sample(c =>
    {
        var (recall, truncated) = (new RecallAtK(c.K).Of(c.List()), new TruncatedRecallAtK(c.K).Of(c.List()));
        Assert.True(recall <= truncated);
        if (c.Relevant.Length <= c.K) Assert.Equal(recall, truncated);
    });

    [Fact]
    public void Recall_and_ndcg_equal_the_obvious_version_to_the_last_bit() => RankedCase.Any.Sample(c =>
    {
        Assert.Equal((double)c.Ranked.Take(c.K).Count(c.Relevant.Contains) / c.Relevant.Length, new RecallAtK(c.K).Of(c.List()));
        double gain = 0, ideal = 0;
        for (var place = 1; place <= Math.Min(c.K, c.Ranked.Length); place++)
        {
            if (c.Relevant.Contains(c.Ranked[place - 1])) gain += 1 / Math.Log2(1 + place);
        }
        for (var place = 1; place <= Math.Min(c.K, c.Relevant.Length); place++) ideal += 1 / Math.Log2(1 + place);
        Assert.Equal(gain / ideal, new NdcgAtK(c.K).Of(c.List()));
        Assert.Equal(gain / ideal, new GradedNdcgAtK(c.K).Of(new JudgedList(c.Ranked, c.Relevant)));
    });

    [Fact]
    public void Average_precision_is_the_mean_of_the_precisions_at_the_hits() => RankedCase.Any.Sample(c =>
    {
        var sum = 0.0;
        for (var place = 1; place <= Math.Min(c.K, c.Ranked.Length); place++)
        {
            if (c.Relevant.Contains(c.Ranked[place - 1])) sum += new PrecisionAtK(place).Of(c.List());
        }
        Assert.Equal(sum / Math.Min(c.K, c.Relevant.Length), new MapAtK(c.K).Of(c.List()), 12);
    });

    [Fact]
    public void What_cannot_be_measured_is_refused_with_what_to_change()
    {
        Refused("k is 0; set it to 1 or more.", () => new RecallAtK(0));
        Refused("k is 0; set it to 1 or more.", () => new TruncatedRecallAtK(0));
        Refused("k is 0; set it to 1 or more.", () => new PrecisionAtK(0));
        Refused("k is 0; set it to 1 or more.", () => new HitRateAtK(0));
        Refused("k is 0; set it to 1 or more.", () => new MapAtK(0));
        Refused("k is -1; set it to 1 or more.", () => new NdcgAtK(-1));
        Refused("k is -1; set it to 1 or more.", () => new GradedNdcgAtK(-1));
        Refused("a user has no relevant item; leave users without test items out.", () => new JudgedList([1], []));
        Refused("relevant item 2 comes after 2; sort them, each once.", () => new JudgedList([1], [2, 2]));
        Refused("a grade is 0; give relevant items grades above 0, at most 100.", () => new JudgedList([1], [2], grades: [0]));
        Refused("a grade is NaN; give relevant items grades above 0, at most 100.", () => new JudgedList([1], [2], grades: [float.NaN]));
        Assert.Throws<ArgumentException>(() => { _ = new JudgedList([1], [2, 3], grades: [1]); });
    }

    /// <summary>Every accuracy metric that a list is enough for.</summary>
    private static IUserMetric[] All(int k) =>
    [
        new RecallAtK(k), new TruncatedRecallAtK(k), new PrecisionAtK(k), new HitRateAtK(k), new Mrr(), new MapAtK(k), new NdcgAtK(k), new GradedNdcgAtK(k),
    ];

    private static void Is(double expected, string name, IUserMetric metric)
    {
        Assert.Equal(name, metric.Name);
        Assert.Equal(expected, metric.Of(Hand), 12);
    }

    private delegate JudgedList MakeList();

    private static void Refused(string message, MakeList make) => Refused(message, () => { _ = make(); return 0; });

    private static void Refused(string message, Func<object> make)
    {
        var refused = Assert.Throws<InvalidInputException>(make);
        Assert.Equal((ErrorCodes.BadUserInput, message), (refused.Code, refused.Message));
    }
}
