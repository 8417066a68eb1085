using GraphRec.Graph;
using GraphRec.Graph.Kernels;
using Xunit;

namespace GraphRec.Tests.Graph;

public sealed class PixieWalkTests
{
    private static readonly PixieParameters Never = new(4000, 1, StopItems: 0, StopVisits: 4);

    [Fact]
    public void Steps_are_allotted_by_degree()
    {
        // Degrees 1, 3, 2 and 0; the largest is 3: s = 1·(3 − ln 1), 3·(3 − ln 3), 2·(3 − ln 2).
        var relation = Sample.From(4, [0, 1, 2], [1, 2], [1]);
        double[] s = [3, 3 * (3 - Math.Log(3)), 2 * (3 - Math.Log(2))];
        var steps = new int[4];
        new PixieWalk(relation, Never with { Steps = 1000 }, 1).Allot([0, 1, 2, 3], [1, 1, 1, 1], steps);
        Assert.Equal([(int)Math.Ceiling(1000 * s[0] / s.Sum()), (int)Math.Ceiling(1000 * s[1] / s.Sum()), (int)Math.Ceiling(1000 * s[2] / s.Sum()), 0], steps);
        // With weights, and then with items of many users divided by their number.
        new PixieWalk(relation, Never with { Steps = 1000 }, 1).Allot([0, 1], [3, -1], steps);
        Assert.Equal((int)Math.Ceiling(3000 * s[0] / ((3 * s[0]) + s[1])), steps[0]);
        new PixieWalk(relation, Never with { Steps = 1000, ItemAlpha = 1 }, 1).Allot([0, 1], [1, 1], steps);
        Assert.Equal((int)Math.Ceiling(1000 * s[0] / (s[0] + (s[1] / 3))), steps[0]);
    }

    [Fact]
    public void The_estimate_converges_to_the_exact_walk()
    {
        var relation = Sample.Large(6);
        var differences = Array.ConvertAll([16_000, 256_000, 4_096_000], steps => Difference(relation, steps));
        // The error of a sample falls with the root of its size: sixteen times the steps, about a quarter.
        Assert.InRange(differences[1] / differences[0], 0.15, 0.4);
        Assert.InRange(differences[2] / differences[1], 0.15, 0.4);
        Assert.True(differences[2] < 0.05, $"{differences[2]}");
    }

    [Fact]
    public void With_many_steps_the_best_items_are_the_exact_ones()
    {
        var relation = Sample.Large(6);
        var (sampled, exact) = Scores(relation, user: 5, new PixieParameters(4_000_000, 1, 0, 4));
        var best = Best(exact, 20);
        Assert.InRange(Best(sampled, 20).Intersect(best).Count(), 19, 20);
        Assert.Equal(best[0], Best(sampled, 1)[0]);
    }

    [Fact]
    public void Ending_early_cuts_steps_and_leaves_the_best()
    {
        var relation = Sample.Large(6);
        var items = relation.ItemsOf(5);
        var whole = new PixieWalk(relation, new PixieParameters(200_000, 0.5, 0, 4), 3);
        var early = new PixieWalk(relation, new PixieParameters(200_000, 0.5, 100, 4), 3);
        var (scratch, scores, earlyScores) = (whole.NewScratch(), new float[relation.ItemCount], new float[relation.ItemCount]);
        whole.Score(5, items, Ones(items.Length), scratch, scores);
        Assert.InRange(scratch.StepsMade, 200_000, 200_000 + (9 * items.Length));
        early.Score(5, items, Ones(items.Length), scratch, earlyScores);
        Assert.InRange(scratch.StepsMade, 100, 60_000);
        Assert.InRange(Best(scores, 20).Intersect(Best(earlyScores, 20)).Count(), 10, 20);
    }

    [Fact]
    public void An_item_that_two_seeds_lead_to_gains_from_both()
    {
        // Seeds 0 and 1 both lead to 2, over a user of their own, and back to themselves: half of the visits each.
        var relation = Sample.From(3, [0, 2], [1, 2]);
        var walk = new PixieWalk(relation, Never, 1);
        float[] scores = new float[3], parts = new float[2];
        var scratch = walk.NewScratch();
        walk.Score(0, [0, 1], [1, 1], scratch, scores);
        // V₀[2] ≈ V₁[2] ≈ 1000 of 2000 steps: (2·√1000)² = 4000, where their sum is 2000.
        Assert.InRange(scores[2], 3800, 4200);
        walk.Contributions(0, [0, 1], [1, 1], 2, scratch, parts);
        Assert.Equal(scores[2], parts.Sum(), scores[2] * 1e-5f);
        walk.Score(0, [0, 1], [1, -1], scratch, scores);
        Assert.InRange(Math.Abs(scores[2]), 0, 20);
        walk.Contributions(0, [0, 1], [1, -1], 2, scratch, parts);
        Assert.Equal(scores[2], parts.Sum(), 1e-2f);
    }

    [Fact]
    public void The_same_seed_and_user_make_the_same_walks_and_others_other_ones()
    {
        var relation = Sample.Large(6);
        float[] Run(int seed, int user)
        {
            var walk = new PixieWalk(relation, Never, seed);
            var scores = new float[relation.ItemCount];
            walk.Score(user, relation.ItemsOf(5), Ones(relation.UserDegree(5)), walk.NewScratch(), scores);
            return scores;
        }
        Assert.Equal(Run(1, 5), Run(1, 5));
        Assert.NotEqual(Run(1, 5), Run(2, 5));
        Assert.NotEqual(Run(1, 5), Run(1, 6));
    }

    [Fact]
    public void A_history_of_items_that_nobody_has_scores_nothing()
    {
        var walk = new PixieWalk(Sample.Tiny, Never, 1);
        float[] scores = [7, 7, 7, 7];
        walk.Score(-1, [3], [1], walk.NewScratch(), scores);
        Assert.Equal([0, 0, 0, 0], scores);
    }

    [Theory]
    [InlineData(0, 0.5, 0, 1)]
    [InlineData(1, 0, 0, 1)]
    [InlineData(1, 1.5, 0, 1)]
    [InlineData(1, 0.5, -1, 1)]
    [InlineData(1, 0.5, 0, 0)]
    public void Parameters_out_of_range_are_refused(int steps, double restart, int items, int visits) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new PixieWalk(Sample.Tiny, new PixieParameters(steps, restart, items, visits), 1));

    /// <summary>The mean relative difference of the scores of the twenty best items, over some users.</summary>
    private static double Difference(Bipartite relation, int steps) => Enumerable.Range(0, 10).Average(user =>
    {
        var (sampled, exact) = Scores(relation, user, new PixieParameters(steps, 1, 0, 4));
        return Best(exact, 20).Average(item => Math.Abs(sampled[item] - exact[item]) / exact[item]);
    });

    /// <summary>Scores by sampling, and what they are in expectation: walks of one step, so V_q = N_q · W(q, b) of the plain walk.</summary>
    private static (float[] Sampled, float[] Exact) Scores(Bipartite relation, int user, PixieParameters p)
    {
        var items = relation.ItemsOf(user);
        var walk = new PixieWalk(relation, p, 9);
        var (sampled, steps) = (new float[relation.ItemCount], new int[items.Length]);
        walk.Score(user, items, Ones(items.Length), walk.NewScratch(), sampled);
        walk.Allot(items, Ones(items.Length), steps);
        var weights = new WalkWeights(relation, new WalkParameters());
        var exact = new float[relation.ItemCount];
        for (var b = 0; b < exact.Length; b++)
        {
            var sum = 0.0;
            for (var n = 0; n < items.Length; n++) sum += Math.Sqrt(steps[n] * ThreeHopWalk.Contribution(relation, items[n], b, weights));
            exact[b] = (float)(sum * sum);
        }
        return (sampled, exact);
    }

    private static int[] Best(float[] scores, int count) =>
        [.. Enumerable.Range(0, scores.Length).OrderByDescending(item => scores[item]).ThenBy(item => item).Take(count)];

    private static float[] Ones(int count) => [.. Enumerable.Repeat(1f, count)];
}
