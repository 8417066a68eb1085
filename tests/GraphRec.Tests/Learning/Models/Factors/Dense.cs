using Xunit;

namespace GraphRec.Tests.Learning.Models.Factors;

/// <summary>Dense algebra in double precision, as plain as it can be.</summary>
internal static class Dense
{
    /// <summary>I + PᵀP, P of rows × n.</summary>
    public static double[,] IdentityPlusGram(ReadOnlySpan<float> p, int rows, int n)
    {
        var a = new double[n, n];
        for (var i = 0; i < n; i++)
        {
            a[i, i] = 1;
            for (var j = 0; j < n; j++)
            {
                for (var r = 0; r < rows; r++) a[i, j] += (double)p[(r * n) + i] * p[(r * n) + j];
            }
        }
        return a;
    }

    /// <summary>Gaussian elimination; enough for symmetric positive definite matrices.</summary>
    public static double[] Solve(double[,] a, double[] b)
    {
        var n = b.Length;
        var (m, x) = ((double[,])a.Clone(), (double[])b.Clone());
        for (var k = 0; k < n; k++)
        {
            for (var i = k + 1; i < n; i++)
            {
                var factor = m[i, k] / m[k, k];
                for (var j = k; j < n; j++) m[i, j] -= factor * m[k, j];
                x[i] -= factor * x[k];
            }
        }
        for (var k = n - 1; k >= 0; k--)
        {
            for (var j = k + 1; j < n; j++) x[k] -= m[k, j] * x[j];
            x[k] /= m[k, k];
        }
        return x;
    }

    /// <summary>Equal to one part in a thousand of the longest number.</summary>
    public static void Close(ReadOnlySpan<double> expected, ReadOnlySpan<float> actual)
    {
        var longest = 1e-6;
        foreach (var number in expected) longest = Math.Max(longest, Math.Abs(number));
        for (var n = 0; n < expected.Length; n++) Assert.Equal(expected[n], actual[n], 1e-3 * longest);
    }
}
