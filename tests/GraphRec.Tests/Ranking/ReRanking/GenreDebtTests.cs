using GraphRec.Ranking.ReRanking;
using Xunit;

namespace GraphRec.Tests.Ranking.ReRanking;

public sealed class GenreDebtTests
{
    // Items 0 to 5 are romance, 6 to 8 crime, 9 is both.
    private static readonly int[][] Genres = [[0], [0], [0], [0], [0], [0], [1], [1], [1], [0, 1]];

    [Fact]
    public void An_item_is_worth_what_the_list_still_owes()
    {
        var debt = new GenreDebt(0.5, [0.75, 0.25], item => Genres[item]);
        // Of one place three quarters are owed to romance: an item of romance pays them, and no more.
        Assert.Equal((0.375, 0.125), (debt.Of(0), debt.Of(6)));
        Assert.Equal(0.5 * (0.5 + 0.25), debt.Of(9));
        debt.Place(0);
        // Of two places 1.5 are owed, 1 is paid.
        Assert.Equal((0.25, 0.25), (debt.Of(0), debt.Of(6)));
    }

    [Fact]
    public void A_list_that_is_ordered_by_it_alone_has_the_shares_that_are_wanted()
    {
        var into = new RankedItem[8];
        Mmr.Order([.. Enumerable.Range(0, 9).Select(i => new RankItem(i, 0))], 0, new Unlike(), new GenreDebt(1, [0.75, 0.25], item => Genres[item]), into);
        Assert.Equal(2, into.Count(r => Genres[r.Item][0] == 1));
        Assert.All(into, r => Assert.Equal(r.Score, r.Calibration));
        // With base scores that put crime last, the list keeps it out without calibration.
        var without = new RankedItem[6];
        Mmr.Order([.. Enumerable.Range(0, 9).Select(i => new RankItem(i, -i))], 0, new Unlike(), null, without);
        Assert.DoesNotContain(without, r => Genres[r.Item][0] == 1);
    }

    [Fact]
    public void A_viewer_without_liked_genres_is_owed_nothing() =>
        Assert.Equal(0, new GenreDebt(1, [0, 0], item => Genres[item]).Of(0));

    private readonly struct Unlike : ISimilarity
    {
        public double Of(int a, int b) => 0;
    }
}
