using GraphRec.Core;
using GraphRec.Ranking.Explanations;
using Xunit;

namespace GraphRec.Tests.Ranking.Explanations;

public sealed class GroupShapleyTests
{
    /// <summary>Features 0 and 2 are group 0, feature 1 is group 1, feature 3 is group 2.</summary>
    private static readonly int[] Groups = [0, 1, 0, 2];

    [Fact]
    public void Of_a_sum_every_group_gets_what_it_adds()
    {
        var (contributions, shapley) = (new double[3], new GroupShapley(Groups, [1, 1, 1, 1], 2, 7));
        var expected = shapley.Explain(Rows(row => row[0] + (2 * row[1]) + (3 * row[2]) - row[3]), [2, 5, 0, 1], 11, contributions);
        Assert.Equal(5, expected);
        Assert.Equal([1 - 3, 8, 0], contributions.Select(value => Math.Round(value, 12)));
    }

    /// <summary>Of a product of two, each has half in every pair of an order and its reverse: antithetic pairs are exact for pairs of groups.</summary>
    [Fact]
    public void Of_a_product_of_two_groups_each_gets_half()
    {
        var (contributions, shapley) = (new double[3], new GroupShapley(Groups, [0, 0, 0, 0], 1, 3));
        Assert.Equal(0, shapley.Explain(Rows(row => row[1] * row[3]), [9, 4, 9, 3], 12, contributions));
        Assert.Equal([0, 6, 6], contributions);
    }

    [Fact]
    public void Contributions_sum_to_the_served_score_and_the_same_seed_gives_the_same()
    {
        var rows = Rows(row => MathF.Sin(row[0] * row[1]) + (row[2] * row[3] * row[0]));
        var (first, second, other) = (new double[3], new double[3], new double[3]);
        float[] row = [1.5f, 2, -1, 0.7f];
        var score = MathF.Sin(3) + (-0.7f * 1.5f) + 1e-6f;
        var expected = new GroupShapley(Groups, [0.1f, 0.2f, 0.3f, 0.4f], 1, 5).Explain(rows, row, score, first);
        Assert.Equal(score, expected + first.Sum(), 1e-12);
        new GroupShapley(Groups, [0.1f, 0.2f, 0.3f, 0.4f], 1, 5).Explain(rows, row, score, second);
        Assert.Equal(first, second);
        // With many orders the exact values are neared.
        new GroupShapley(Groups, [0.1f, 0.2f, 0.3f, 0.4f], 2000, 6).Explain(rows, row, score, other);
        Assert.NotEqual(first, other);
        for (var n = 0; n < 3; n++) Assert.InRange(Math.Abs(other[n] - Exact(rows, row)[n]), 0, 0.02);
    }

    [Fact]
    public void A_row_is_one_batch()
    {
        var batches = new List<int>();
        var shapley = new GroupShapley(Groups, [0, 0, 0, 0], 4, 1);
        shapley.Explain((rows, count, scores) => { batches.Add(count); scores[..count].Fill(2); }, [1, 1, 1, 1], 2, new double[3]);
        Assert.Equal([2 + (8 * 2)], batches);
        Assert.Equal(18, shapley.Evaluations);
    }

    [Fact]
    public void One_group_has_it_all_and_a_wrong_background_is_refused()
    {
        var contributions = new double[1];
        Assert.Equal(0, new GroupShapley([0, 0], [0, 0], 1, 1).Explain((rows, count, scores) => { for (var n = 0; n < count; n++) scores[n] = rows.Span[2 * n] + rows.Span[(2 * n) + 1]; }, [1, 2], 3, contributions));
        Assert.Equal([3], contributions);
        Assert.Throws<InvalidInputException>(() => new GroupShapley([0, 0], [0], 1, 1));
        Assert.Throws<InvalidInputException>(() => new GroupShapley([], [], 1, 1));
    }

    /// <summary>Over all six orders of three groups.</summary>
    private static double[] Exact(ScoreRows rows, float[] row)
    {
        int[][] orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
        var values = new double[3];
        foreach (var order in orders)
        {
            float[] mixed = [0.1f, 0.2f, 0.3f, 0.4f];
            foreach (var group in order)
            {
                var before = Score(rows, mixed);
                for (var f = 0; f < 4; f++) mixed[f] = Groups[f] == group ? row[f] : mixed[f];
                values[group] += (Score(rows, mixed) - before) / 6;
            }
        }
        return values;
    }

    private static double Score(ScoreRows rows, float[] row)
    {
        var scores = new float[1];
        rows(row, 1, scores);
        return scores[0];
    }

    private static ScoreRows Rows(Func<float[], float> score) => (rows, count, scores) =>
    {
        for (var n = 0; n < count; n++) scores[n] = score(rows.Slice(n * 4, 4).ToArray());
    };
}
