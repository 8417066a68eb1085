using CsCheck;
using GraphRec.Core;
using GraphRec.Learning.Metrics;
using Xunit;

namespace GraphRec.Tests.Learning.Metrics;

/// <summary>The metrics of one list that ask for more than hits: novelty, diversity, serendipity, calibration.</summary>
public sealed class BeyondAccuracyTests
{
    /// <summary>0 and 1 alike, 2 shares one of its four with them, 3 has nothing.</summary>
    private static readonly int[][] Genres = [[1, 2], [1, 2], [2, 3, 4, 5], []];

    private static readonly Gen<(RankedCase Case, int[][] Features, int[] Popularity)> Worlds =
        from c in RankedCase.Any
        from features in Gen.Int[0, 3].Array[0, 5].Array[c.Items]
        from popularity in Gen.Int[0, 8].Array[c.Items]
        select (c, features.Select(f => f.Distinct().Order().ToArray()).ToArray(), popularity);

    [Fact]
    public void Novelty_is_the_mean_information_in_bits()
    {
        // 8 of 8 users: 0 bits; 2 of 8: 2; 1 of 8: 3; nobody: as 1 of 8.
        int[] popularity = [8, 2, 1, 0];
        Assert.Equal(2, new Novelty(popularity, 8, 4).Of(Judged([0, 1, 2, 3])), 12);
        Assert.Equal(1, new Novelty(popularity, 8, 2).Of(Judged([0, 1, 2, 3])), 12);
        Assert.Equal(3, new Novelty(popularity, 8, 9).Of(Judged([3])), 12);
        Assert.Equal(0, new Novelty(popularity, 8, 2).Of(Judged([])));
        Assert.Equal("novelty@2", new Novelty(popularity, 8, 2).Name);
    }

    [Fact]
    public void Novelty_is_within_its_bounds_and_grows_as_items_get_rarer() => Worlds.Sample(w =>
    {
        var novelty = new Novelty(w.Popularity, 8, w.Case.K).Of(w.Case.List());
        Assert.InRange(novelty, 0, 3);
        Assert.True(new Novelty([.. w.Popularity.Select(p => p / 2)], 8, w.Case.K).Of(w.Case.List()) >= novelty);
        Assert.Equal(novelty + 1, new Novelty([.. w.Popularity.Select(p => Math.Max(1, p))], 16, w.Case.K).Of(w.Case.List()), w.Case.Ranked.Length == 0 ? 1 : 1e-12);
    });

    [Fact]
    public void Diversity_is_one_minus_the_mean_cosine_of_the_pairs()
    {
        // Pairs: (0, 1) cosine 1; (0, 2) and (1, 2) 1 / √(2 · 4).
        Assert.Equal(2 * (1 - (1 / Math.Sqrt(8))) / 3, Diversity([0, 1, 2], 3), 12);
        Assert.Equal(0, Diversity([0, 1, 2], 2), 12);
        Assert.Equal(1, Diversity([0, 3], 2));
        Assert.Equal(0, Diversity([2], 2));
        Assert.Equal("intraListDiversity(genres)@3", new IntraListDiversity("genres", item => Genres[item], 3).Name);
    }

    [Fact]
    public void Diversity_is_within_its_bounds_and_the_order_does_not_matter() => Gen.Select(Worlds, Gen.Int[0, 1000]).Sample((w, seed) =>
    {
        var metric = new IntraListDiversity("features", item => w.Features[item], w.Case.Items);
        var found = metric.Of(w.Case.List());
        Assert.InRange(found, 0, 1);
        var shuffled = w.Case.Ranked.ToArray();
        new Random(seed).Shuffle(shuffled);
        Assert.Equal(found, metric.Of(w.Case.List(shuffled)), 12);
        // The obvious version: a cosine of two rows of zeros and ones.
        if (shuffled.Length < 2) return;
        var pairs = shuffled.SelectMany((a, n) => shuffled.Take(n).Select(b => (A: w.Features[a], B: w.Features[b])));
        double Cosine(int[] a, int[] b) => a.Length * b.Length == 0 ? 0 : a.Intersect(b).Count() / Math.Sqrt(a.Length * b.Length);
        Assert.Equal(pairs.Average(p => 1 - Cosine(p.A, p.B)), found, 12);
    });

    [Fact]
    public void Serendipity_counts_hits_that_popularity_would_not_have_shown()
    {
        // 0 is known, so that a popular list of 2 shows 1 and 2.
        var metric = new Serendipity([9, 8, 7, 6, 0], 2);
        double Of(params int[] ranked) => metric.Of(new JudgedList(ranked, [2, 3, 4], [0]));
        Assert.Equal(0.5, Of(3, 2));
        Assert.Equal(1, Of(4, 3));
        Assert.Equal(0, Of(1, 2, 3));
        Assert.Equal(0.5, Of(4));
        // Nothing is known: popularity shows 0 and 1, and 2 is a surprise.
        Assert.Equal(1, metric.Of(new JudgedList([3, 2], [2, 3])));
        Assert.Equal("serendipity@2", metric.Name);
    }

    [Fact]
    public void Serendipity_equals_the_sets_it_is_made_of_and_is_at_most_precision() => Worlds.Sample(w =>
    {
        int[] popular = [.. Enumerable.Range(0, w.Case.Items).Except(w.Case.Known).OrderByDescending(i => w.Popularity[i]).ThenBy(i => i).Take(w.Case.K)];
        var found = new Serendipity(w.Popularity, w.Case.K).Of(w.Case.List());
        Assert.Equal((double)w.Case.Ranked.Take(w.Case.K).Except(popular).Intersect(w.Case.Relevant).Count() / w.Case.K, found);
        Assert.True(found <= new PrecisionAtK(w.Case.K).Of(w.Case.List()));
        Assert.Equal(0, new Serendipity(w.Popularity, w.Case.K).Of(w.Case.List(popular)));
    });

    [Fact]
    public void Calibration_is_the_divergence_of_the_genres()
    {
        // The example of Steck, §1: 70 romance (genre 0) and 30 action (1) seen, here 7 and 3; a list of romance alone.
        // q̃ = 0.99 + 0.007 and 0.003: 0.7 ln(0.7 / 0.997) + 0.3 ln(0.3 / 0.003) = −0.247573 + 1.381551.
        int[] genre = [0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 0, 0, 1];
        var metric = new GenreCalibration(item => genre.AsSpan(item, 1), 2, 10);
        int[] known = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
        Assert.Equal(1.133981751353524, metric.Of(new JudgedList([10, 11], [12], known)), 12);
        // One of two is action: q̃ = 0.495 + 0.007 and 0.495 + 0.003.
        Assert.Equal((0.7 * Math.Log(0.7 / 0.502)) + (0.3 * Math.Log(0.3 / 0.498)), metric.Of(new JudgedList([10, 12], [12], known)), 12);
        Assert.Equal(0, metric.Of(new JudgedList(known, [12], known)), 12);
        Assert.Equal("genreMiscalibration@10", metric.Name);
    }

    [Fact]
    public void Calibration_shares_an_item_among_its_genres_and_passes_over_those_without()
    {
        int[][] genres = [[0, 1], [0], [1], [], [2]];
        double Of(int[] ranked, params int[] known) => new GenreCalibration(item => genres[item], 3, 2).Of(new JudgedList(ranked, [9], known));
        Assert.Equal(0, Of([1, 2], 0, 3), 12);
        Assert.Equal(0, Of([0, 3], 1, 2), 12);
        // Nothing of the history is shown: ln(1 / 0.01). Only the first two places count.
        Assert.Equal(Math.Log(100), Of([4, 3, 0], 0), 12);
        Assert.Equal(Math.Log(100), Of([], 0), 12);
        Assert.Equal(0, Of([4], 3));
    }

    [Fact]
    public void Calibration_is_within_its_bounds_and_0_for_the_history_itself() => Worlds.Sample(w =>
    {
        var metric = new GenreCalibration(item => w.Features[item], 4, 12);
        Assert.InRange(metric.Of(w.Case.List()), 0, Math.Log(100) + 1e-9);
        Assert.Equal(0, metric.Of(w.Case.List(w.Case.Known)), 12);
    });

    [Fact]
    public void What_cannot_be_measured_is_refused_with_what_to_change()
    {
        Refused("k is 0; set it to 1 or more.", () => new Novelty([1], 1, 0));
        Refused("k is 0; set it to 1 or more.", () => new Serendipity([1], 0));
        Refused("k is 0; set it to 1 or more.", () => new IntraListDiversity("genres", item => Genres[item], 0));
        Refused("k is 0; set it to 1 or more.", () => new GenreCalibration(item => Genres[item], 6, 0));
        Refused("users is 0; set it to 1 or more.", () => new Novelty([1], 0, 1));
        Refused("item 1 has 3 of 2 users; count each user once.", () => new Novelty([1, 3], 2, 1));
        Refused("genres is 0; set it to 1 or more.", () => new GenreCalibration(item => Genres[item], 0, 1));
    }

    private static JudgedList Judged(int[] ranked) => new(ranked, [0]);

    private static double Diversity(int[] ranked, int k) => new IntraListDiversity("genres", item => Genres[item], k).Of(Judged(ranked));

    private static void Refused(string message, Func<object> make)
    {
        var refused = Assert.Throws<InvalidInputException>(make);
        Assert.Equal((ErrorCodes.BadUserInput, message), (refused.Code, refused.Message));
    }
}
