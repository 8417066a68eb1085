using CsCheck;
using GraphRec.Learning.Evaluation;
using GraphRec.Learning.Linear;
using MathNet.Numerics.LinearAlgebra;
using Xunit;

namespace GraphRec.Tests.Learning.Linear;

public sealed class TruncatedSvdTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void A_matrix_of_two_users_has_its_textbook_values()
    {
        // R̃ = [1/√2 1/2; 0 1/√2]; R̃ᵀR̃ has eigenvalues 1 and 1/4, and eigenvectors (1, √2)/√3 and (√2, −1)/√3.
        var svd = TruncatedSvd.Of(ScaledPattern.Normalised(Pattern(2, 2, [(0, 0), (0, 1), (1, 1)]), 0.5, 0.5), 2, seed: 1, threads: 1, cancel: Cancel);
        Assert.Equal(1, svd.Values[0], 1e-6);
        Assert.Equal(0.5, svd.Values[1], 1e-6);
        Assert.Equal(1 / Math.Sqrt(3), Math.Abs(svd.Right[0]), 1e-6);
        Assert.Equal(Math.Sqrt(2.0 / 3), Math.Abs(svd.Right[2]), 1e-6);
        Assert.Equal(Math.Sqrt(2.0 / 3), Math.Abs(svd.Right[1]), 1e-6);
    }

    // Ranks up to 64 grow a basis of 5 · 64 vectors: the small shapes take the whole space, the large ones iterate, and a
    // matrix with fewer rows than columns works on the other side than its transpose.
    [Theory]
    [InlineData(40, 30, 0.2, 12)]
    [InlineData(30, 40, 0.2, 30)]
    [InlineData(430, 500, 0.02, 20)]
    [InlineData(500, 430, 0.02, 20)]
    [InlineData(430, 500, 0.3, 17)]
    public void Values_and_vectors_are_those_of_a_full_decomposition(int users, int items, double density, int rank)
    {
        var pattern = Random(users, items, density, seed: 3);
        var svd = TruncatedSvd.Of(ScaledPattern.Normalised(pattern, 0.5, 0.5), rank, seed: 5, threads: 2, cancel: Cancel);
        var dense = Dense(pattern, 0.5, 0.5);
        var full = dense.Svd();
        for (var k = 0; k < rank; k++) Assert.Equal(full.S[k], svd.Values[k], 2e-4);
        Assert.True(GramError(svd, items) < 1e-4, "the vectors are not orthonormal");
        for (var k = 0; k < rank; k++)
        {
            // ‖AᵀA v − σ² v‖: 0 of an eigenvector; values of random matrices lie so close that the last ones converge slowly.
            var vector = Vector<double>.Build.Dense(items, item => svd.Right[(item * rank) + k]);
            var residual = (dense.TransposeThisAndMultiply(dense * vector) - (svd.Values[k] * svd.Values[k] * vector)).L2Norm();
            Assert.True(residual < 2e-2, $"vector {k} is off by {residual}");
        }
    }

    [Fact]
    public void A_matrix_of_low_rank_has_no_values_beyond_it()
    {
        // 420 users who are copies of seven: the Krylov space ends after seven vectors.
        var pattern = Pattern(420, 400, [.. Enumerable.Range(0, 420).SelectMany(user => Enumerable.Range(0, 400).Where(item => item % 7 == user % 7).Select(item => (user, item)))]);
        var svd = TruncatedSvd.Of(ScaledPattern.Normalised(pattern, 0.5, 0.5), 12, seed: 5, threads: 2, cancel: Cancel);
        Assert.All(svd.Values[..7], value => Assert.Equal(1, value, 1e-4));
        Assert.All(svd.Values[7..], value => Assert.Equal(0, value));
        for (var item = 0; item < 400; item++) Assert.All(svd.Right[((item * 12) + 7)..((item * 12) + 12)], x => Assert.Equal(0, x));
        Assert.All(svd.Right, x => Assert.True(float.IsFinite(x)));
    }

    [Fact]
    public void A_matrix_without_entries_has_none()
    {
        var svd = TruncatedSvd.Of(ScaledPattern.Normalised(Pattern(400, 400, []), 0.5, 0.5), 3, seed: 1, threads: 2, cancel: Cancel);
        Assert.All(svd.Values, value => Assert.Equal(0, value));
        Assert.All(svd.Right, x => Assert.Equal(0, x));
    }

    [Fact]
    public void Bits_do_not_depend_on_threads_but_on_the_seed()
    {
        var matrix = ScaledPattern.Normalised(Random(430, 500, 0.02, seed: 3), 0.5, 0.5);
        var one = TruncatedSvd.Of(matrix, 40, seed: 5, threads: 1, cancel: Cancel);
        foreach (var threads in new[] { 2, 3 })
        {
            var more = TruncatedSvd.Of(matrix, 40, seed: 5, threads, cancel: Cancel);
            Assert.Equal(one.Values, more.Values);
            Assert.Equal(one.Right, more.Right);
        }
        Assert.NotEqual(one.Right, TruncatedSvd.Of(matrix, 40, seed: 6, threads: 1, cancel: Cancel).Right);
    }

    [Fact]
    public void It_stops_when_told()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => TruncatedSvd.Of(
            ScaledPattern.Normalised(Random(430, 500, 0.02, seed: 3), 0.5, 0.5), 4, seed: 5, threads: 2, cancel: cancelled.Token));
    }

    [Fact]
    public void Sparse_products_are_those_of_the_dense_matrix()
    {
        Gen.Select(Gen.Int[1, 40], Gen.Int[1, 40], Gen.Int[1, 6], Gen.Int[0, 1000]).Sample((users, items, units, seed) =>
        {
            var pattern = Random(users, items, 0.3, seed);
            var (matrix, dense) = (ScaledPattern.Normalised(pattern, 0.3, 0.8), Dense(pattern, 0.3, 0.8));
            var width = units * ScaledPattern.WidthUnit;
            var random = new Random(seed);
            var (right, left) = (Numbers(items), Numbers(users));
            var (product, transposed) = (new float[users * width], new float[items * width]);
            matrix.Multiply(right, product, width, 2, Cancel);
            matrix.MultiplyTransposed(left, transposed, width, 2, Cancel);
            Close(dense * Of(right, items), product);
            Close(dense.TransposeThisAndMultiply(Of(left, users)), transposed);

            float[] Numbers(int rows) => [.. Enumerable.Range(0, rows * width).Select(_ => (float)random.NextDouble())];
            Matrix<double> Of(float[] values, int rows) => Matrix<double>.Build.Dense(rows, width, (row, column) => values[(row * width) + column]);
            void Close(Matrix<double> expected, float[] actual)
            {
                for (var n = 0; n < actual.Length; n++) Assert.Equal(expected[n / width, n % width], actual[n], 1e-4);
            }
        }, iter: 60);
    }

    [Fact]
    public void A_width_that_is_no_whole_vector_is_refused() =>
        Assert.Throws<ArgumentException>(() => ScaledPattern.Normalised(Pattern(1, 1, [(0, 0)]), 1, 1).Multiply(new float[8], new float[8], 8, 1, Cancel));

    internal static InteractionMatrix Pattern(int users, int items, (int User, int Item)[] pairs) =>
        InteractionMatrix.Of(users, items, [.. pairs.Select(p => p.User)], [.. pairs.Select(p => p.Item)]);

    internal static InteractionMatrix Random(int users, int items, double density, int seed)
    {
        var random = new Random(seed);
        List<(int, int)> pairs = [];
        for (var user = 0; user < users; user++)
        {
            for (var item = 0; item < items; item++)
            {
                if (random.NextDouble() < density * (item % 3 == user % 3 ? 2 : 0.5)) pairs.Add((user, item));
            }
        }
        return Pattern(users, items, [.. pairs]);
    }

    /// <summary>The slow obvious form.</summary>
    internal static Matrix<double> Dense(InteractionMatrix pattern, double userExponent, double itemExponent)
    {
        var dense = Matrix<double>.Build.Dense(pattern.Users.Count, pattern.Items.Count);
        for (var user = 0; user < dense.RowCount; user++)
        {
            foreach (var item in pattern.ItemsOf(user))
                dense[user, item] = Math.Pow(pattern.ItemsOf(user).Length, -userExponent) * Math.Pow(pattern.UsersOf(item).Length, -itemExponent);
        }
        return dense;
    }

    private static double GramError(TruncatedSvd svd, int items)
    {
        var vectors = Matrix<double>.Build.Dense(items, svd.Rank, (item, k) => svd.Right[(item * svd.Rank) + k]);
        return (vectors.TransposeThisAndMultiply(vectors) - Matrix<double>.Build.DenseIdentity(svd.Rank)).Enumerate().Max(Math.Abs);
    }
}
