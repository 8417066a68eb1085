using CsCheck;
using GraphRec.Learning.Linear;
using Xunit;

namespace GraphRec.Tests.Learning.Linear;

public sealed class PositiveDefiniteTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>(4 2; 2 5) = (2 0; 1 2) · (2 1; 0 2), and its inverse is (5 −2; −2 4) / 16.</summary>
    [Fact]
    public void Two_by_two_by_hand()
    {
        float[] a = [4, float.NaN, 2, 5];
        PositiveDefinite.Factor(a, 2, threads: 1, Cancel);
        Assert.Equal([2, 0, 1, 2], a);
        a = [4, float.NaN, 2, 5];
        PositiveDefinite.Invert(a, 2, threads: 1, Cancel);
        Assert.Equal([0.3125f, -0.125f, -0.125f, 0.25f], a);
    }

    /// <summary>Sizes on both sides of one, two and three blocks of 384.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(37)]
    [InlineData(383)]
    [InlineData(384)]
    [InlineData(385)]
    [InlineData(800)]
    [InlineData(1153)]
    public void The_inverse_times_the_matrix_is_one_and_so_is_the_factor_times_its_transpose(int n)
    {
        var a = Made(n, n);
        var inverse = (float[])a.Clone();
        PositiveDefinite.Invert(inverse, n, threads: 2, Cancel);
        var factor = (float[])a.Clone();
        PositiveDefinite.Factor(factor, n, threads: 2, Cancel);
        for (var row = 0; row < n; row += Math.Max(1, n / 60))
        {
            for (var column = 0; column < n; column++)
            {
                double one = 0, product = 0;
                for (var k = 0; k < n; k++)
                {
                    one += (double)inverse[(row * n) + k] * a[(column * n) + k];
                    product += (double)factor[(row * n) + k] * factor[(column * n) + k];
                }
                Assert.Equal(row == column ? 1 : 0, one, 2e-4);
                Assert.Equal(a[(row * n) + column], product, 1e-3);
                Assert.Equal(inverse[(column * n) + row], inverse[(row * n) + column]);
                if (column > row) Assert.Equal(0, factor[(row * n) + column]);
            }
        }
    }

    [Fact]
    public void Small_inverses_agree_with_double_precision() =>
        Gen.Select(Gen.Int[1, 60], Gen.Int[0, 1000]).Sample(
            (n, seed) =>
            {
                var a = Made(n, seed);
                var expected = MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.Dense(n, n, (i, j) => a[(i * n) + j]).Inverse();
                PositiveDefinite.Invert(a, n, threads: 1, Cancel);
                for (var row = 0; row < n; row++)
                    for (var column = 0; column < n; column++)
                        Assert.Equal(expected[row, column], a[(row * n) + column], 2e-6);
            },
            iter: 40);

    [Fact]
    public void Any_number_of_threads_gives_the_same_bits()
    {
        var (inverse, factor) = (Made(1000, 3), Made(1000, 3));
        PositiveDefinite.Invert(inverse, 1000, threads: 1, Cancel);
        PositiveDefinite.Factor(factor, 1000, threads: 1, Cancel);
        foreach (var threads in new[] { 2, 5 })
        {
            var again = Made(1000, 3);
            PositiveDefinite.Invert(again, 1000, threads, Cancel);
            Assert.Equal(inverse, again);
            again = Made(1000, 3);
            PositiveDefinite.Factor(again, 1000, threads, Cancel);
            Assert.Equal(factor, again);
        }
    }

    [Theory]
    [InlineData(5)]
    [InlineData(700)]
    public void A_matrix_that_is_not_positive_definite_is_refused_with_the_row(int n)
    {
        var indefinite = Made(n, 9);
        indefinite[((n - 2) * n) + n - 2] = -1;
        Assert.Contains($"row {n - 2}", Assert.Throws<ArithmeticException>(() => PositiveDefinite.Invert((float[])indefinite.Clone(), n, 1, Cancel)).Message);
        Assert.Contains($"row {n - 2}", Assert.Throws<ArithmeticException>(() => PositiveDefinite.Factor((float[])indefinite.Clone(), n, 1, Cancel)).Message);
        // Two equal rows: singular.
        var singular = Enumerable.Repeat(1f, n * n).ToArray();
        Assert.Throws<ArithmeticException>(() => PositiveDefinite.Invert(singular, n, 1, Cancel));
    }

    [Fact]
    public void Stops_when_told_and_tells_how_far_it_is()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.Throws<OperationCanceledException>(() => PositiveDefinite.Invert(Made(10, 1), 10, 1, cancelled.Token));
        Assert.Throws<OperationCanceledException>(() => PositiveDefinite.Factor(Made(10, 1), 10, 1, cancelled.Token));
        var told = new Told();
        PositiveDefinite.Invert(Made(800, 1), 800, 2, Cancel, told);
        Assert.Equal(3, told.Shares.Count);
        Assert.Equal(told.Shares.Order(), told.Shares);
        Assert.Equal(1, told.Shares[^1]);
    }

    /// <summary>What EASE inverts, made up: counts of pairs of n things in 2n short lists, and 5 on the diagonal.</summary>
    private static float[] Made(int n, int seed)
    {
        var random = new Random(seed);
        var a = new float[n * n];
        for (var i = 0; i < n; i++) a[(i * n) + i] = 5;
        for (var list = 0; list < 2 * n; list++)
        {
            int[] things = [.. Enumerable.Range(0, 6).Select(_ => random.Next(n)).Distinct()];
            foreach (var i in things)
                foreach (var j in things) a[(i * n) + j]++;
        }
        return a;
    }

    private sealed class Told : IProgress<double>
    {
        public List<double> Shares { get; } = [];

        public void Report(double value) => Shares.Add(value);
    }
}
