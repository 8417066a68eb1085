using GraphRec.Core;
using GraphRec.Learning.Ranking;
using Xunit;

namespace GraphRec.Tests.Learning.Ranking;

public sealed class RankingListsTests
{
    private static RankingLists Lists => new(["a", "b"], [1, 2, 3, 4, 5, 9], [0, 2, 1], [1, 1, 2], [0, 2, 3]);

    [Fact]
    public void Rows_and_lists_are_where_they_were_put()
    {
        Assert.Equal((2, 3, 2), (Lists.FeatureCount, Lists.RowCount, Lists.ListCount));
        Assert.Equal([3, 4], Lists.Row(1).ToArray());
        Assert.Equal(2..3, Lists.List(1));
        Assert.Equal([3, 5], Lists.Means());
    }

    /// <summary>Labels 0, 2, 1 in this order: (3 / log2 3 + 1 / 2) / (3 + 1 / log2 3). A list without a liked row is left out.</summary>
    [Fact]
    public void Ndcg_by_hand()
    {
        var lists = new RankingLists(["a"], new float[8], [0, 2, 1, 0, 0, 0, 4, 1], [1, 1, 1, 1, 1, 1, 1, 1], [0, 3, 5, 8]);
        var ndcg = RankingEvaluation.Ndcg(lists, [0.9f, 0.8f, 0.7f, 1, 2, 1, 3, 2]);
        var root = Math.Log2(3);
        Assert.Equal(2, ndcg.Length);
        Assert.Equal(((3 / root) + 0.5) / (3 + (1 / root)), ndcg[0], 1e-12);
        Assert.Equal(1, ndcg[1], 1e-12);
        Assert.Throws<InvalidInputException>(() => RankingEvaluation.Ndcg(lists, [0.9f, float.NaN, 0.7f, 1, 2, 1, 3, 2]));
        Assert.Throws<ArgumentException>(() => RankingEvaluation.Ndcg(lists, [1]));
    }

    [Fact]
    public void Only_the_first_ten_places_count()
    {
        var labels = new byte[12];
        labels[10] = 1;
        var lists = new RankingLists(["a"], new float[12], labels, [.. Enumerable.Repeat(1f, 12)], [0, 12]);
        Assert.Equal([0], RankingEvaluation.Ndcg(lists, [.. Enumerable.Range(0, 12).Select(n => (float)-n)]));
        Assert.NotEqual([0], RankingEvaluation.Ndcg(lists, [.. Enumerable.Range(0, 12).Select(n => (float)n)]));
    }

    /// <summary>Half the rows are liked, and stand first: a ranker that cannot tell rows apart must not be thought perfect for it.</summary>
    [Fact]
    public void Equal_scores_say_nothing_wherever_the_liked_rows_stand()
    {
        var lists = new RankingLists(["a"], new float[40], [.. Enumerable.Range(0, 40).Select(n => (byte)(n < 20 ? 1 : 0))], [.. Enumerable.Repeat(1f, 40)], [0, 40]);
        Assert.InRange(RankingEvaluation.Ndcg(lists, new float[40])[0], 0.2, 0.8);
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        Refused("a value per name", () => new(["a"], [1, 2], [0], [1], [0, 1]));
        Refused("a value per name", () => new(["a"], [1], [0], [], [0, 1]));
        Refused("begin at 0", () => new(["a"], [1], [0], [1], [0, 2]));
        Refused("leave empty lists out", () => new(["a"], [1], [0], [1], [0, 0, 1]));
        Refused("label 5", () => new(["a"], [1], [5], [1], [0, 1]));
        Refused("weight 0", () => new(["a"], [1], [1], [0], [0, 1]));
        Refused("not finite", () => new(["a", "b"], [1, float.NaN], [1], [1], [0, 1]));
        Refused("not finite", () => new(["a", "b"], [1, float.NegativeInfinity], [1], [1], [0, 1]));
    }

    private static void Refused(string why, Func<RankingLists> make) => Assert.Contains(why, Assert.Throws<InvalidInputException>(make).Message, StringComparison.Ordinal);
}
