using CsCheck;
using GraphRec.Learning.Models.Factors;
using Xunit;

namespace GraphRec.Tests.Learning.Models.Factors;

public sealed unsafe class GramCholeskyTests
{
    [Fact]
    public void Any_system_is_solved_as_by_elimination_in_double_precision() =>
        Gen.Select(Gen.Int[1, 70], Gen.Int[1, 90], Gen.Int[0, 1000]).Sample((size, rows, seed) =>
        {
            var random = new Random(seed);
            var n = GramCholesky.Padded(size);
            var p = Numbers(random, rows * n);
            var b = Numbers(random, n);
            var system = new GramCholesky(n);
            system.Begin(n);
            // In two parts, of which the second may be empty.
            var first = random.Next(rows + 1);
            system.Add(p.Pointer, first);
            system.Add(p.Pointer + (first * n), rows - first);
            system.Factor();
            var expected = Dense.Solve(Dense.IdentityPlusGram(p.Span, rows, n), [.. b.Span.ToArray().Select(x => (double)x)]);
            system.Solve(b.Pointer);
            Dense.Close(expected, b.Span);
        }, iter: 200);

    /// <summary>With A = UᵀU a draw is mean + U⁻¹z, so that its distance from the mean, measured by A, is |z|.</summary>
    [Fact]
    public void A_draw_lies_as_far_from_the_mean_as_its_noise_says() => Gen.Int[0, 1000].Sample(seed =>
    {
        var random = new Random(seed);
        const int n = 32;
        var (p, b) = (Numbers(random, 50 * n), Numbers(random, n));
        var (mean, noise) = (new AlignedFloats(n), Numbers(random, n));
        b.Span.CopyTo(mean.Span);
        var system = new GramCholesky(n);
        system.Begin(n);
        system.Add(p.Pointer, 50);
        system.Factor();
        system.Solve(mean.Pointer);
        system.Solve(b.Pointer, noise.Span);
        double[] away = [.. Enumerable.Range(0, n).Select(k => (double)b.Span[k] - mean.Span[k])];
        var a = Dense.IdentityPlusGram(p.Span, 50, n);
        var distance = Enumerable.Range(0, n).Sum(i => Enumerable.Range(0, n).Sum(j => away[i] * a[i, j] * away[j]));
        var length = noise.Span.ToArray().Sum(z => (double)z * z);
        Assert.Equal(length, distance, 1e-3 * length);
    }, iter: 50);

    [Fact]
    public void A_matrix_given_whole_is_scaled_from_both_sides()
    {
        // I + 2·SMS with S = diag(1, 3): (1 + 2·2, 2·3·1; 2·3·1, 1 + 2·9·1) = (5, 6; 6, 19), of determinant 59.
        var m = new AlignedFloats(256);
        (m.Span[0], m.Span[1], m.Span[16], m.Span[17]) = (2, 1, 1, 1);
        var s = new float[16];
        (s[0], s[1]) = (1, 3);
        var system = new GramCholesky(2);
        system.Begin(m.Pointer, s, 2);
        system.Factor();
        var b = new AlignedFloats(16);
        (b.Span[0], b.Span[1]) = (1, 2);
        system.Solve(b.Pointer);
        Assert.Equal(7f / 59, b.Span[0], 1e-6f);
        Assert.Equal(4f / 59, b.Span[1], 1e-6f);
    }

    private static AlignedFloats Numbers(Random random, int count)
    {
        var numbers = new AlignedFloats(Math.Max(1, count));
        foreach (ref var number in numbers.Span) number = random.NextSingle() - 0.5f;
        return numbers;
    }
}
