using CsCheck;
using GraphRec.Graph;
using GraphRec.Graph.Kernels;
using Xunit;

namespace GraphRec.Tests.Graph;

public sealed class CoViewerWalkTests
{
    private static readonly Gen<CoViewerParameters> Parameters =
        from itemAlpha in Gen.Double[0, 1.2]
        from alpha in Gen.Double[0, 1.2]
        from beta in Gen.OneOf(Gen.Const(0.0), Gen.Double[0, 0.8])
        from power in Gen.OneOf(Gen.Const(1.0), Gen.Double[0.5, 2.5])
        from shrinkage in Gen.OneOf(Gen.Const(0.0), Gen.Double[0, 5])
        from neighbours in Gen.OneOf(Gen.Const(0), Gen.Int[1, 6])
        select new CoViewerParameters(itemAlpha, alpha, beta, power, shrinkage, neighbours);

    private static readonly Gen<(Bipartite Relation, CoViewerParameters P, int User)> Cases =
        from relation in Sample.Relations
        from p in Parameters
        from user in Gen.Int[0, relation.UserCount - 1]
        select (relation, p, user);

    [Fact]
    public void Two_neighbours_by_a_power_of_the_cosine()
    {
        // User 0 has {0, 1}; of the others, 1 shares both of their 3 items, 2 and 3 one: of 1 and of 2.
        var relation = Sample.From(5, [0, 1], [0, 1, 2], [1], [0, 3]);
        var walk = new CoViewerWalk(relation, new CoViewerParameters(0, 1, Power: 2, Neighbours: 2));
        var scores = new float[5];
        walk.Score(relation.ItemsOf(0), [1, 1], self: 0, walk.NewScratch(), scores);
        // (2/√3)² = 4/3 of user 1, (1/√1)² = 1 of user 2; user 3, with (1/√2)² = 1/2, is one too many.
        Assert.Equal([4 / 3f, 7 / 3f, 4 / 3f, 0, 0], scores, (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Fact]
    public void A_user_is_left_out_only_when_said()
    {
        var walk = new CoViewerWalk(Sample.Tiny, new CoViewerParameters(0, 0));
        float[] with = new float[4], without = new float[4];
        walk.Score([0], [1], self: -1, walk.NewScratch(), with);
        walk.Score([0], [1], self: 0, walk.NewScratch(), without);
        Assert.Equal([2, 2, 1, 0], with);
        Assert.Equal([1, 1, 1, 0], without);
    }

    [Fact]
    public void Scores_equal_the_obvious_version() => Cases.Sample(c =>
    {
        var (relation, p, user) = c;
        if (p.Neighbours > 0 && IsTied(relation, p, user)) return;
        Near(Slow(relation, p, user), Score(relation, p, user));
    });

    [Fact]
    public void Contributions_sum_to_the_score() => Cases.Sample(c =>
    {
        var (relation, p, user) = c;
        var items = relation.ItemsOf(user);
        var weights = items.ToArray().Select((_, n) => 0.5f + n).ToArray();
        var walk = new CoViewerWalk(relation, p);
        var scratch = walk.NewScratch();
        var scores = new float[relation.ItemCount];
        walk.Score(items, weights, user, scratch, scores);
        var parts = new float[items.Length];
        for (var target = 0; target < relation.ItemCount; target++)
        {
            walk.Contributions(items, weights, user, target, scratch, parts);
            Assert.Equal(scores[target], parts.Sum(), 1e-5f * Math.Max(1, scores[target]));
        }
        // The scratch is as new: the next user finds it empty.
        var again = new float[relation.ItemCount];
        walk.Score(items, weights, user, scratch, again);
        Assert.Equal(scores, again);
    });

    [Fact]
    public void The_best_items_are_those_of_the_largest_scores() => Cases.Sample(c =>
    {
        var (relation, p, user) = c;
        var walk = new CoViewerWalk(relation, p);
        var scratch = walk.NewScratch(5);
        int[] known = [.. relation.ItemsOf(user).ToArray().Skip(1), .. relation.ItemCount > 3 ? [3] : Array.Empty<int>()];
        walk.Top(relation.ItemsOf(user), Ones(relation.UserDegree(user)), user, known, scratch);
        var all = Score(relation, p, user);
        var best = Enumerable.Range(0, all.Length).Where(b => all[b] > 0 && !known.Contains(b)).OrderByDescending(b => all[b]).ThenBy(b => b).Take(5).ToArray();
        Assert.Equal(best, scratch.Best.Items.ToArray());
        Assert.Equal(best.Select(b => all[b]), scratch.Best.Scores.ToArray());
    });

    [Fact]
    public void A_negative_item_takes_away_what_a_positive_one_gives()
    {
        var walk = new CoViewerWalk(Sample.Tiny, new CoViewerParameters(0, 0, Power: 2));
        var scores = new float[4];
        // User 0 has both and cancels out; user 1 too; user 2 has item 2 alone: −3, squared with its sign.
        walk.Score([0, 1, 2], [1, -1, -3], -1, walk.NewScratch(), scores);
        Assert.Equal([-9, -9, -18, 0], scores);
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(1, -1, 0)]
    [InlineData(1, 0, -1)]
    public void Parameters_out_of_range_are_refused(double power, double shrinkage, int neighbours) => Assert.Throws<ArgumentOutOfRangeException>(
        () => new CoViewerWalk(Sample.Tiny, new CoViewerParameters(0, 0, 0, power, shrinkage, neighbours)));

    private static float[] Score(Bipartite relation, CoViewerParameters p, int user)
    {
        var walk = new CoViewerWalk(relation, p);
        var scores = new float[relation.ItemCount];
        scores.AsSpan().Fill(float.NaN);
        walk.Score(relation.ItemsOf(user), Ones(relation.UserDegree(user)), user, walk.NewScratch(), scores);
        return scores;
    }

    private static double[] Weights(Bipartite relation, CoViewerParameters p, int user)
    {
        var weights = new double[relation.UserCount];
        for (var v = 0; v < weights.Length; v++)
        {
            if (v == user) continue;
            var common = relation.ItemsOf(user).ToArray().Intersect(relation.ItemsOf(v).ToArray()).Sum(a => Math.Pow(relation.ItemDegree(a), -p.ItemAlpha));
            if (common > 0) weights[v] = Math.Pow(common * common / (common + p.Shrinkage), p.Power) * Math.Pow(relation.UserDegree(v), -p.Alpha);
        }
        return weights;
    }

    /// <summary>Whether the last neighbour and the first who is none are too near for floats to tell.</summary>
    private static bool IsTied(Bipartite relation, CoViewerParameters p, int user)
    {
        var sorted = Weights(relation, p, user).OrderDescending().ToArray();
        return p.Neighbours < sorted.Length && sorted[p.Neighbours] > sorted[p.Neighbours - 1] * (1 - 1e-5);
    }

    private static double[] Slow(Bipartite relation, CoViewerParameters p, int user)
    {
        var weights = Weights(relation, p, user);
        var kept = Enumerable.Range(0, weights.Length).OrderByDescending(v => weights[v]).Take(p.Neighbours == 0 ? weights.Length : p.Neighbours).ToHashSet();
        var scores = new double[relation.ItemCount];
        for (var b = 0; b < scores.Length; b++)
            foreach (var v in relation.UsersOf(b)) scores[b] += kept.Contains(v) ? weights[v] * Math.Pow(relation.ItemDegree(b), -p.Beta) : 0;
        return scores;
    }

    private static void Near(double[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var n = 0; n < expected.Length; n++) Assert.Equal(expected[n], actual[n], 1e-5 * Math.Max(1, expected[n]));
    }

    private static float[] Ones(int count) => [.. Enumerable.Repeat(1f, count)];
}
