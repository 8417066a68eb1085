using CsCheck;
using GraphRec.Core;
using GraphRec.Learning.Data;
using GraphRec.Learning.Evaluation;
using GraphRec.Learning.Models;
using GraphRec.Learning.Models.Filters;
using GraphRec.Tests.Learning.Linear;
using MathNet.Numerics.LinearAlgebra;
using Xunit;

namespace GraphRec.Tests.Learning.Models;

/// <summary>GF-CF, BSPM and the free filter against their formulas, by hand and by dense matrices.</summary>
public sealed class GraphFilterTests
{
    // R̃ = [1/√2 1/2; 0 1/√2], so that P = [1/2 1/√8; 1/√8 3/4], with eigenvalues 1 and 1/4 and eigenvectors
    // (1, √2)/√3 and (√2, −1)/√3.
    private static readonly InteractionMatrix Two = TruncatedSvdTests.Pattern(2, 2, [(0, 0), (0, 1), (1, 1)]);

    [Fact]
    public void Gfcf_of_two_users_by_hand()
    {
        var model = Fit(Two, ModelRecipe.Default("gfcf").With("factors", 1).With("alpha", 0.3));
        // A history of item 0: P's row is (1/2, 1/√8); the low-pass filter gives v0 · v · √degree = (1/3, √2/3 · √2).
        Close([0.5 + (0.3 / 3), (1 / Math.Sqrt(8)) + (0.3 * 2 / 3)], Scores(model, [0], 1));
    }

    [Fact]
    public void Bspm_of_two_users_by_hand()
    {
        var model = Fit(Two, Bspm.With("factors", 2).With("solverOrder", 1).With("sharpenTime", 1));
        // All eigenvectors: the low-pass filter changes nothing. A step of Euler's over time 1 is I − P:
        // 0.2 · (1/2, −1/√8) + (P − P²)'s row, where P − P² has eigenvalues 0 and 3/16: 3/16 · √2/3 · (√2, −1).
        Close([0.1 + 0.125, (-0.2 / Math.Sqrt(8)) - (Math.Sqrt(2) / 16)], Scores(model, [0], 1));
    }

    [Fact]
    public void Gfcf_is_its_formula() => Settled(5, (pattern, exponents) =>
    {
        var recipe = ModelRecipe.Default("gfcf").With("factors", 5).With("userExponent", exponents[0])
            .With("seedExponent", exponents[1]).With("destinationExponent", exponents[2]).With("idealExponent", exponents[3]);
        var (linear, vectors) = Graph(pattern, exponents[0], 5);
        var expected = (Power(pattern, 0.5 - exponents[1]) * linear * Power(pattern, 0.5 - exponents[2]))
            + (0.3 * Power(pattern, -exponents[3]) * vectors * vectors.Transpose() * Power(pattern, exponents[3]));
        Same(expected, pattern, recipe);
    });

    [Fact]
    public void Bspm_with_all_eigenvectors_is_its_formula() => Settled(40, (pattern, exponents) =>
    {
        foreach (var early in new[] { 0, 1 })
        {
            var recipe = Bspm.With("factors", 40).With("earlyMerge", early).With("sharpenSteps", 2).With("userExponent", exponents[0]).With("idealExponent", exponents[3]);
            var (linear, vectors) = Graph(pattern, exponents[0], 40);
            var step = Matrix<double>.Build.DenseIdentity(linear.RowCount);
            var term = step;
            for (var k = 1; k <= 4; k++) step += term = term * linear * (-1.25 / k);
            var sharpened = step * step;
            var ideal = 0.2 * Power(pattern, -exponents[3]) * vectors * vectors.Transpose() * Power(pattern, exponents[3]);
            Same((linear * sharpened) + (early == 1 ? ideal * sharpened : ideal), pattern, recipe);
        }
    });

    [Fact]
    public void The_free_filter_is_its_formula() => Settled(4, (pattern, exponents) =>
    {
        var recipe = ModelRecipe.Default("spectral").With("factors", 4).With("userExponent", exponents[0])
            .With("seedExponent", exponents[1]).With("destinationExponent", exponents[2]).With("weight", 0.2).With("power", -0.7).With("sharpening", 0.6);
        var (linear, vectors) = Graph(pattern, exponents[0], 4);
        var values = (vectors.Transpose() * linear * vectors).Diagonal();
        var gains = values.Map(value => (0.2 * Math.Pow(value, -0.7)) - (0.6 * value * value / (value + 0.3)));
        var all = linear + (vectors * Matrix<double>.Build.DenseOfDiagonalVector(gains) * vectors.Transpose());
        Same(Power(pattern, 0.5 - exponents[1]) * all * Power(pattern, 0.5 - exponents[2]), pattern, recipe);
    });

    [Fact]
    public void The_tail_is_the_line_of_least_squares()
    {
        Assert.Equal(2, Tail.Slope(x => (2 * x) + 5, 0.3), 1e-9);
        // Of x − x² over [0, e] it is 1 − 3e/4.
        Assert.Equal(1 - (0.75 * 0.4), Tail.Slope(x => x - (x * x), 0.4), 1e-4);
        Assert.Equal(1, Tail.Slope(x => x * x, 0));
    }

    [Fact]
    public void A_step_of_a_solver_is_the_series_of_the_exponential()
    {
        Assert.Equal(1 - 0.5, new Sharpening(1, 1, 1).At(0.5), 1e-12);
        Assert.Equal(Math.Pow(1 - 0.25, 2), new Sharpening(1, 2, 1).At(0.5), 1e-12);
        Assert.Equal(1 - 1 + 0.5 - (1.0 / 6) + (1.0 / 24), new Sharpening(2, 1, 4).At(0.5), 1e-12);
        Assert.Equal(Math.Exp(-1), new Sharpening(2, 50, 4).At(0.5), 1e-6);
    }

    [Fact]
    public void Weights_of_a_history_scale_its_contributions()
    {
        var model = Fit(TruncatedSvdTests.Random(20, 15, 0.3, seed: 2), Bspm.With("factors", 6));
        var together = new float[15];
        model.NewScorer().Score(new UserBlock([UserBlock.Unknown], [0, 2], [3, 8], [2, 0.5f]), together);
        var (first, second) = (Scores(model, [3], 1), Scores(model, [8], 1));
        for (var item = 0; item < 15; item++) Assert.Equal((2 * first[item]) + (0.5f * second[item]), together[item], 1e-5f);
    }

    [Fact]
    public void Blocks_longer_than_the_scorers_own_are_scored_whole()
    {
        var pattern = TruncatedSvdTests.Random(130, 33, 0.2, seed: 2);
        var model = Fit(pattern, ModelRecipe.Default("gfcf").With("factors", 7));
        List<int> starts = [0], items = [];
        for (var user = 0; user < 130; user++)
        {
            items.AddRange(pattern.ItemsOf(user));
            starts.Add(items.Count);
        }
        var scores = new float[130 * 33];
        model.NewScorer().Score(new UserBlock([.. Enumerable.Range(0, 130)], [.. starts], [.. items], [.. items.Select(_ => 1f)]), scores);
        foreach (var user in new[] { 0, 59, 60, 129 })
            Assert.Equal(Scores(model, pattern.ItemsOf(user).ToArray(), pattern.ItemsOf(user).Length), scores[(user * 33)..((user + 1) * 33)]);
    }

    [Theory]
    [InlineData("solverOrder", 5)]
    [InlineData("earlyMerge", 2)]
    public void Bspm_refuses_what_it_has_no_solver_for(string name, double value) =>
        Assert.StartsWith("bspm.", Assert.Throws<InvalidInputException>(() => Fit(Two, Bspm.With(name, value))).Message, StringComparison.Ordinal);

    private static ModelRecipe Bspm => ModelRecipe.Default("bspm");

    /// <summary>
    /// Small matrices whose leading eigenvectors are determined: where two values at the cut are nearly equal, or one is nearly
    /// 0, float32 and double may choose different ones, and both are right.
    /// </summary>
    private static void Settled(int count, Action<InteractionMatrix, double[]> check)
    {
        var done = 0;
        Gen.Select(Gen.Int[12, 40], Gen.Int[12, 40], Gen.Int[0, 1000], Gen.Double[0.2, 1].Array[4]).Sample((users, items, seed, exponents) =>
        {
            var pattern = TruncatedSvdTests.Random(users, items, 0.3, seed);
            var values = TruncatedSvdTests.Dense(pattern, exponents[0] / 2, 0.5).Svd(computeVectors: false).S;
            var isClose = count < values.Count && values[count - 1] - values[count] < 0.01 * values[0];
            if (isClose || values.Any(value => value > 1e-5 * values[0] && value < 0.03 * values[0])) return;
            Interlocked.Increment(ref done);
            check(pattern, exponents);
        }, iter: 60);
        Assert.True(done > 5, $"only {done} matrices were checked");
    }

    private static Matrix<double> Power(InteractionMatrix pattern, double exponent) => Matrix<double>.Build.DenseOfDiagonalArray(
        [.. Enumerable.Range(0, pattern.Items.Count).Select(item => pattern.UsersOf(item).Length is var d and > 0 ? Math.Pow(d, exponent) : 0)]);

    /// <summary>P = R̃ᵀR̃, of largest eigenvalue 1, and its leading eigenvectors, as many as have values.</summary>
    private static (Matrix<double> Linear, Matrix<double> Vectors) Graph(InteractionMatrix pattern, double userExponent, int count)
    {
        var matrix = TruncatedSvdTests.Dense(pattern, userExponent / 2, 0.5);
        var svd = matrix.Svd();
        var found = Math.Min(count, svd.S.Count(value => value > 1e-3 * svd.S[0]));
        return (matrix.TransposeThisAndMultiply(matrix) / (svd.S[0] * svd.S[0]), svd.VT.SubMatrix(0, found, 0, pattern.Items.Count).Transpose());
    }

    private static IModel Fit(InteractionMatrix pattern, ModelRecipe recipe) =>
        ModelKinds.Fit(recipe, new FitInput(pattern, PairsOf(pattern), Seed: 3, Threads: 2), TestContext.Current.CancellationToken);

    internal static Interactions PairsOf(InteractionMatrix pattern)
    {
        List<int> users = [], items = [];
        for (var user = 0; user < pattern.Users.Count; user++)
        {
            foreach (var item in pattern.ItemsOf(user))
            {
                users.Add(user);
                items.Add(item);
            }
        }
        return Interactions.Of("pattern", pattern.Users, pattern.Items, [.. users], [.. items]);
    }

    private static float[] Scores(IModel model, int[] history, int count)
    {
        var scores = new float[model.ItemCount];
        model.NewScorer().Score(new UserBlock([UserBlock.Unknown], [0, count], history, [.. history.Select(_ => 1f)]), scores);
        return scores;
    }

    /// <summary>Every item as a history of its own scores as its row of the filter.</summary>
    private static void Same(Matrix<double> filter, InteractionMatrix pattern, ModelRecipe recipe)
    {
        var model = Fit(pattern, recipe);
        for (var item = 0; item < pattern.Items.Count; item++) Close([.. filter.Row(item)], Scores(model, [item], 1));
    }

    private static void Close(double[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var n = 0; n < actual.Length; n++) Assert.Equal(expected[n], actual[n], 5e-4 * Math.Max(1, Math.Abs(expected[n])));
    }
}
