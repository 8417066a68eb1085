using System.Numerics;
using CsCheck;
using GraphRec.Ranking.Explanations;
using GraphRec.Ranking.Trees;
using GraphRec.Tests.Ranking.Trees;
using Xunit;

namespace GraphRec.Tests.Ranking.Explanations;

public sealed class TreeShapTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>
    /// 6 of 10 rows have 1, and of the others 1 in 4 has −2 and 3 have 8: 0.6 + 0.4 · 5.5 = 2.8 is expected of the first tree. Of a row that ends in
    /// the 8, feature 0 known gives 5.5 and feature 1 known 0.6 + 0.4 · 8 = 3.8.
    /// </summary>
    [Fact]
    public void A_tree_by_hand()
    {
        var shap = new TreeShap(TreeEnsembleTests.Two);
        Assert.Equal(100 + 2.8 + 0.25, shap.ExpectedValue, 1e-12);
        var contributions = new double[4];
        shap.Explain([1, 3, 0, 3], [108.25f, 101.25f], contributions, Cancel);
        Near([((5.5 - 2.8) + (8 - 3.8)) / 2, ((3.8 - 2.8) + (8 - 5.5)) / 2], contributions[..2]);
        Near([((1 - 2.8) + (1 - 3.8)) / 2, ((3.8 - 2.8) + 0) / 2], contributions[2..]);
    }

    [Fact]
    public void Contributions_are_the_Shapley_values_of_all_subsets() => Gen.Select(Gen.Int[1, 8], Gen.Int[1, 4], Gen.Int[0, 24], Gen.Int[0, 100_000]).Sample((features, count, splits, seed) =>
    {
        var (trees, rows) = (DrawnTrees.Of(features, count, splits, seed), DrawnTrees.Rows(features, 11, seed + 1));
        var (shap, contributions) = (new TreeShap(trees), new double[rows.Length]);
        shap.Explain(rows, Scores(trees, rows), contributions, Cancel);
        Assert.Equal(Expected(trees, rows.AsSpan(0, features), 0), shap.ExpectedValue, 1e-9);
        for (var row = 0; row < 11; row++) Near(BruteForce(trees, rows.AsSpan(row * features, features)), contributions.AsSpan(row * features, features).ToArray());
    }, iter: 150);

    [Fact]
    public void Contributions_sum_to_the_score_that_was_served() => Gen.Select(Gen.Int[1, 40], Gen.Int[1, 60], Gen.Int[0, 100_000]).Sample((features, count, seed) =>
    {
        var (trees, rows) = (DrawnTrees.Of(features, count, 80, seed), DrawnTrees.Rows(features, 9, seed + 1));
        var (shap, contributions) = (new TreeShap(trees), new double[rows.Length]);
        // As a runtime that rounds otherwise would serve them.
        var scores = Array.ConvertAll(Scores(trees, rows), score => score + 1e-5f);
        shap.Explain(rows, scores, contributions, Cancel);
        for (var row = 0; row < scores.Length; row++) Assert.Equal(scores[row], shap.ExpectedValue + contributions.AsSpan(row * features, features).ToArray().Sum(), 1e-9);
    }, iter: 100);

    [Fact]
    public void A_row_is_explained_as_alone_whatever_stands_beside_it()
    {
        var (trees, rows) = (DrawnTrees.Of(12, 20, 30, 3), DrawnTrees.Rows(12, 20, 4));
        var (shap, together, alone, scores) = (new TreeShap(trees), new double[rows.Length], new double[12], Scores(trees, rows));
        shap.Explain(rows, scores, together, Cancel);
        for (var row = 0; row < 20; row++)
        {
            shap.Explain(rows.AsSpan(row * 12, 12), [scores[row]], alone, Cancel);
            Assert.Equal(alone, together[(row * 12)..((row + 1) * 12)]);
        }
    }

    [Fact]
    public void A_score_of_another_ranker_is_refused() =>
        Assert.Contains("served", Assert.Throws<ArgumentException>(() => new TreeShap(TreeEnsembleTests.Two).Explain([1, 3], [7], new double[2], Cancel)).Message, StringComparison.Ordinal);

    [Fact]
    public void Nothing_is_allocated_per_row()
    {
        var (trees, rows) = (DrawnTrees.Of(20, 10, 30, 5), DrawnTrees.Rows(20, 96, 6));
        var (shap, contributions, scores) = (new TreeShap(trees), new double[rows.Length], Scores(trees, rows));
        Assert.Equal(0, Allocations.Of(() => shap.Explain(rows, scores, contributions, CancellationToken.None)));
    }

    /// <summary>∫ tᵃ (1 − t)ᵇ dt = a! b! / (a + b + 1)! for every degree for which the points are enough.</summary>
    [Fact]
    public void Quadrature_is_exact_below_twice_its_points()
    {
        for (var count = 1; count <= 16; count++)
        {
            var (points, weights) = TreePaths.GaussLegendre(count);
            for (var a = 0; a < 2 * count; a++)
            {
                var b = (2 * count) - 1 - a;
                var exact = 1.0 / (2 * count);
                for (var n = 1; n <= b; n++) exact *= (double)n / (a + n);
                Assert.Equal(exact, points.Zip(weights, (t, weight) => weight * Math.Pow(t, a) * Math.Pow(1 - t, b)).Sum(), exact * 1e-10);
            }
        }
    }

    private static float[] Scores(TreeEnsemble trees, float[] rows) =>
        [.. Enumerable.Range(0, rows.Length / trees.FeatureCount).Select(row => (float)trees.Score(rows.AsSpan(row * trees.FeatureCount, trees.FeatureCount)))];

    private static double[] BruteForce(TreeEnsemble trees, ReadOnlySpan<float> row)
    {
        var count = row.Length;
        var values = new double[1 << count];
        for (var known = 0; known < values.Length; known++) values[known] = Expected(trees, row, known);
        var shapley = new double[count];
        for (var f = 0; f < count; f++)
        {
            for (var known = 0; known < values.Length; known++)
            {
                if ((known >> f & 1) != 0) continue;
                var size = BitOperations.PopCount((uint)known);
                shapley[f] += Factorial(size) * Factorial(count - size - 1) / Factorial(count) * (values[known | (1 << f)] - values[known]);
            }
        }
        return shapley;
    }

    /// <summary>The score of a row of which only some features are known: EXPVALUE, algorithm 1 of the paper.</summary>
    private static double Expected(TreeEnsemble trees, ReadOnlySpan<float> row, int known)
    {
        double sum = trees.BaseValue;
        for (var tree = 0; tree < trees.TreeCount; tree++) sum += Expected(trees.Tree(tree), 0, row, known);
        return sum;
    }

    private static double Expected(ReadOnlySpan<TreeNode> nodes, int at, ReadOnlySpan<float> row, int known)
    {
        var node = nodes[at];
        if (node.IsLeaf) return node.Value;
        if ((known >> node.Feature & 1) != 0) return Expected(nodes, row[node.Feature] <= node.Threshold ? node.Left : node.Right, row, known);
        var share = node.Cover > 0 ? (double)nodes[node.Left].Cover / node.Cover : 0.5;
        return (share * Expected(nodes, node.Left, row, known)) + ((1 - share) * Expected(nodes, node.Right, row, known));
    }

    private static double Factorial(int n) => n < 2 ? 1 : n * Factorial(n - 1);

    private static void Near(double[] expected, double[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        // Float scores of quarters are exact: nothing is given to the largest.
        for (var n = 0; n < expected.Length; n++) Assert.Equal(expected[n], actual[n], 1e-9);
    }
}
