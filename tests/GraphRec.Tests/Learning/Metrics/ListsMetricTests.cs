using CsCheck;
using GraphRec.Core;
using GraphRec.Learning.Metrics;
using Xunit;

namespace GraphRec.Tests.Learning.Metrics;

/// <summary>The metrics of all users' lists together: coverage, concentration, popularity bias.</summary>
public sealed class ListsMetricTests
{
    private const int Items = 6;

    private static readonly Gen<Recommendation[]> Lists =
        (from order in Gen.Int[0, 1000].Array[Items]
         from split in Gen.Int[0, Items]
         from shown in Gen.Int[0, Items]
         let items = Enumerable.Range(0, Items).OrderBy(item => order[item]).ToArray()
         select new Recommendation([.. items[split..].Take(shown)], [.. items[..split].Order()])).Array[0, 8];

    [Fact]
    public void Coverage_and_gini_count_the_first_k_of_every_list()
    {
        Recommendation[] lists = [Shown(0, 1, 2), Shown(0, 3), Shown()];
        // The first two places hold 0, 1 and 3 of five items.
        Assert.Equal(3.0 / 5, new CatalogCoverage(5, 2).Of(lists), 12);
        // Counts, ascending: 0 0 1 1 2, with the weights −4 −2 0 2 4: 10, over (5 − 1) · 4 places.
        Assert.Equal(10.0 / 16, new Gini(5, 2).Of(lists), 12);
        Assert.Equal(("catalogCoverage@2", "gini@2"), (new CatalogCoverage(5, 2).Name, new Gini(5, 2).Name));
    }

    [Fact]
    public void Gini_is_0_for_all_alike_and_1_for_always_the_same()
    {
        Assert.Equal(0, new Gini(4, 2).Of([Shown(0, 1), Shown(3, 2)]));
        Assert.Equal(1, new Gini(4, 1).Of([Shown(2, 1), Shown(2, 0)]));
        Assert.Equal(0, new Gini(4, 1).Of([]));
        Assert.Equal(0, new Gini(1, 1).Of([Shown(0)]));
    }

    [Fact]
    public void Coverage_and_gini_are_within_their_bounds_and_equal_the_obvious_version() => Gen.Select(Lists, Gen.Int[1, 7]).Sample((lists, k) =>
    {
        var counts = Enumerable.Range(0, Items).Select(item => lists.Count(l => l.Ranked.Take(k).Contains(item))).ToArray();
        var (coverage, gini) = (new CatalogCoverage(Items, k).Of(lists), new Gini(Items, k).Of(lists));
        Assert.InRange(gini, 0, 1);
        Assert.Equal(counts.Count(c => c > 0) / (double)Items, coverage, 12);
        // The mean difference over all ordered pairs, over twice the mean, with n − 1 for n so that 1 is reached.
        double differences = counts.Sum(a => counts.Sum(b => Math.Abs(a - b)));
        Assert.Equal(counts.Sum() == 0 ? 0 : differences / (2.0 * (Items - 1) * counts.Sum()), gini, 12);
        // The same lists for twice the users: nothing changes.
        Assert.Equal((coverage, gini), (new CatalogCoverage(Items, k).Of([.. lists, .. lists]), new Gini(Items, k).Of([.. lists, .. lists])));
    });

    [Fact]
    public void The_lift_compares_the_lists_with_the_histories()
    {
        // Lists, first two places: (4 + 2) / 2 and (4 + 1) / 2, mean 2.75; histories: 1 and 2, mean 1.5. The others have no pair.
        var metric = new PopularityLift([4, 2, 1, 1], 2);
        Recommendation[] lists = [new([0, 1, 2], [2, 3]), new([0, 2], [1]), new([], [0]), new([0], [])];
        Assert.Equal(1.25 / 1.5, metric.Of(lists), 12);
        Assert.Equal(-0.75, metric.Of([new([3], [0])]), 12);
        Assert.Equal(0, metric.Of([]));
        Assert.Equal("popularityLift@2", metric.Name);
    }

    [Fact]
    public void The_lift_is_0_for_the_history_itself_at_least_minus_1_and_scale_does_not_matter() =>
        Gen.Select(Lists, Gen.Int[1, 9].Array[Items], Gen.Int[1, 7]).Sample((lists, popularity, k) =>
        {
            var lift = new PopularityLift(popularity, k).Of(lists);
            Assert.True(lift >= -1);
            Assert.Equal(lift, new PopularityLift([.. popularity.Select(p => 3 * p)], k).Of(lists), 12);
            Assert.Equal(0, new PopularityLift(popularity, Items).Of([.. lists.Select(l => l with { Ranked = l.Known })]), 12);
        });

    [Fact]
    public void What_cannot_be_measured_is_refused_with_what_to_change()
    {
        Refused("k is 0; set it to 1 or more.", () => new CatalogCoverage(1, 0));
        Refused("k is 0; set it to 1 or more.", () => new Gini(1, 0));
        Refused("k is 0; set it to 1 or more.", () => new PopularityLift([1], 0));
        Refused("items is 0; set it to 1 or more.", () => new CatalogCoverage(0, 1));
        Refused("items is 0; set it to 1 or more.", () => new Gini(0, 1));
        Refused(
            "no known item has a popularity above 0; count popularity on the data that the histories are from.",
            () => new PopularityLift([1, 0], 1).Of([new Recommendation([0], [1])]));
    }

    private static Recommendation Shown(params int[] ranked) => new(ranked, []);

    private static void Refused(string message, Func<object> make)
    {
        var refused = Assert.Throws<InvalidInputException>(make);
        Assert.Equal((ErrorCodes.BadUserInput, message), (refused.Code, refused.Message));
    }
}
