using System.Runtime.Intrinsics;

namespace GraphRec.Learning.Linear;

/// <summary>
/// The product of dense float32 matrices. Blocked for the caches as by Goto and van de Geijn ("Anatomy of high-performance
/// matrix multiplication", ACM TOMS 34(3), 2008): blocks of both factors are packed, and a tile of sums runs over them in
/// registers. Each element is summed in one order that nothing but the depth determines, so that the result is bit-identical
/// for any number of threads and for any rectangle of it.
/// </summary>
/// <remarks>
/// Why own code: MathNet's managed product and TensorPrimitives.Dot reach a few GFLOP/s, and a native library would be the
/// only one in the house. Measured by <c>learning-kernels</c> (docs/benchmarks.md); one core's limit is 109 GFLOP/s here.
/// </remarks>
public static class Gemm
{
    /// <summary>
    /// c += alpha · a · b. Safe for matrices of more than 2³¹ bytes. Transposes cost nothing: give <c>b.Transposed()</c>.
    /// </summary>
    /// <param name="alpha">Factor of the product.</param>
    /// <param name="a">m × k.</param>
    /// <param name="b">k × n.</param>
    /// <param name="c">m × n, rows contiguous (no transpose); must not overlap the others.</param>
    /// <param name="threads">How many, from 1; the result is bit-identical for any number.</param>
    /// <param name="cancel">Looked at every few milliseconds; <paramref name="c"/> is then half done.</param>
    /// <exception cref="ArgumentException">The shapes do not fit, or <paramref name="c"/> is a transpose.</exception>
    public static void Add(float alpha, MatrixBlock a, MatrixBlock b, MatrixBlock c, int threads, CancellationToken cancel = default) =>
        Run(alpha, a, b, c, lowerOnly: false, threads, cancel);

    /// <summary>
    /// c = alpha · a · b: as <see cref="Add"/>, with what <paramref name="c"/> held forgotten.
    /// </summary>
    public static void Set(float alpha, MatrixBlock a, MatrixBlock b, MatrixBlock c, int threads, CancellationToken cancel = default)
    {
        for (var row = 0; row < c.Rows; row++) c.Values.AsSpan(checked((int)(c.Start + (row * c.Stride))), c.Columns).Clear();
        Run(alpha, a, b, c, lowerOnly: false, threads, cancel);
    }

    /// <summary>
    /// The lower triangle of c += alpha · a · b, diagonal included, for a product that is symmetric: half the work. Above
    /// the diagonal <paramref name="c"/> is undefined afterwards.
    /// </summary>
    /// <exception cref="ArgumentException">The shapes do not fit, or <paramref name="c"/> is not square.</exception>
    public static void AddLower(float alpha, MatrixBlock a, MatrixBlock b, MatrixBlock c, int threads, CancellationToken cancel = default)
    {
        if (c.Rows != c.Columns) throw new ArgumentException($"{c.Rows} × {c.Columns} has no lower triangle; give a square matrix.", nameof(c));
        Run(alpha, a, b, c, lowerOnly: true, threads, cancel);
    }

    private static void Run(float alpha, MatrixBlock a, MatrixBlock b, MatrixBlock c, bool lowerOnly, int threads, CancellationToken cancel)
    {
        if (Vector512.IsHardwareAccelerated) Run<Tile512>(alpha, a, b, c, lowerOnly, threads, cancel);
        else Run<Tile256>(alpha, a, b, c, lowerOnly, threads, cancel);
    }

    /// <summary>With a tile of one's choice, for tests: processors choose between them otherwise.</summary>
    internal static unsafe void Run<TTile>(
        float alpha, MatrixBlock a, MatrixBlock b, MatrixBlock c, bool lowerOnly, int threads, CancellationToken cancel)
        where TTile : struct, ITile
    {
        if (a.Rows != c.Rows || b.Columns != c.Columns || a.Columns != b.Rows)
            throw new ArgumentException($"({a.Rows} × {a.Columns}) · ({b.Rows} × {b.Columns}) does not go into {c.Rows} × {c.Columns}.", nameof(c));
        if (c.IsTransposed) throw new ArgumentException("cannot be written as a transpose; swap and transpose the factors.", nameof(c));
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        if (c.Rows == 0 || c.Columns == 0 || a.Columns == 0) return;
        fixed (float* from = a.Values, and = b.Values, into = c.Values)
        {
            new PackedProduct<TTile>(alpha, a, from + a.Start, b, and + b.Start, c, into + c.Start, lowerOnly, threads, cancel).Run();
        }
    }
}
