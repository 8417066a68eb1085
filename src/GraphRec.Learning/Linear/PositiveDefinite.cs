namespace GraphRec.Learning.Linear;

/// <summary>
/// Factor and inverse of a symmetric positive definite matrix of float32, in place: one n × n array, and four blocks of
/// n × 384 beside it. Nearly all the work is in <see cref="Gemm.AddLower"/>; diagonal blocks are treated in double precision.
/// Bit-identical for any number of threads.
/// </summary>
public static class PositiveDefinite
{
    /// <summary>How many columns are eliminated together: as many as <see cref="Gemm"/> packs at once, so that each element of the matrix goes through the caches once per block.</summary>
    private const int BlockSize = 384;

    /// <summary>
    /// A pivot below this share of its diagonal element has no correct digit left in float32, whose rounding errors are 6e-8
    /// of the elements each.
    /// </summary>
    private const double LeastPivot = 1e-6;

    /// <summary>
    /// Replaces a by its lower Cholesky factor l, a = l · lᵀ; above the diagonal it is zero then. n³/3 multiplications and
    /// additions (blocked, right-looking: Golub and Van Loan, "Matrix Computations", 4th ed., section 4.2).
    /// </summary>
    /// <param name="a">n × n; only the lower triangle is read.</param>
    /// <param name="n">Rows and columns.</param>
    /// <param name="threads">How many, from 1.</param>
    /// <param name="cancel">Looked at every few milliseconds; <paramref name="a"/> is then half done.</param>
    /// <param name="progress">Told the share done.</param>
    /// <exception cref="ArithmeticException">It is not positive definite, or too nearly not so for float32.</exception>
    public static void Factor(float[] a, int n, int threads, CancellationToken cancel = default, IProgress<double>? progress = null)
    {
        var matrix = new MatrixBlock(a, n, n);
        var least = LeastPivots(matrix);
        var below = new float[(long)Math.Max(0, n - BlockSize) * BlockSize];
        for (var first = 0; first < n; first += BlockSize)
        {
            var count = Math.Min(BlockSize, n - first);
            var rest = n - first - count;
            var diagonal = DiagonalBlock.Read(matrix, first, count);
            diagonal.Factor(least.AsSpan(first, count), first);
            diagonal.WriteLower(matrix, first, 1);
            // The rows below are solved for by multiplying them with the inverse of the small triangle: a product is what
            // we are fast at, and the triangle is inverted in double precision.
            diagonal.InvertTriangle();
            var panel = matrix.Block(first + count, first, rest, count);
            var copy = new MatrixBlock(below, rest, count);
            Copy(panel, copy, threads, cancel);
            Gemm.Set(1, copy, diagonal.ToFloat().Transposed(), panel, threads, cancel);
            Gemm.AddLower(-1, panel, panel.Transposed(), matrix.Block(first + count, first + count, rest, rest), threads, cancel);
            progress?.Report(1 - Math.Pow(rest / (double)n, 3));
        }
        Tasks.ForEach(n, threads, row => a.AsSpan((int)(((long)row * n) + row + 1), n - row - 1).Clear(), cancel);
    }

    /// <summary>
    /// Replaces a by its inverse, both triangles. n³ multiplications and additions, as Cholesky's factor, its inverse and
    /// their product take together, but in one pass: block by block, symmetric Gauss-Jordan elimination (the sweep operator;
    /// Goodnight, "A tutorial on the SWEEP operator", The American Statistician 33(3), 1979), which needs no pivoting where
    /// the matrix is positive definite.
    /// </summary>
    /// <inheritdoc cref="Factor"/>
    public static void Invert(float[] a, int n, int threads, CancellationToken cancel = default, IProgress<double>? progress = null)
    {
        var matrix = new MatrixBlock(a, n, n);
        var least = LeastPivots(matrix);
        var width = Math.Min(n, BlockSize);
        var (taken, swept) = (new float[(long)n * width], new float[(long)n * width]);
        for (var first = 0; first < n; first += BlockSize)
        {
            var count = Math.Min(BlockSize, n - first);
            var diagonal = DiagonalBlock.Read(matrix, first, count);
            diagonal.Invert(least.AsSpan(first, count), first);
            var (v, w) = (new MatrixBlock(taken, n, count), new MatrixBlock(swept, n, count));
            // With zeros in its own rows, the block takes part in the product below without being changed.
            Take(matrix, first, count, v, threads, cancel);
            Gemm.Set(1, v, diagonal.ToFloat(), w, threads, cancel);
            Gemm.AddLower(-1, w, v.Transposed(), matrix, threads, cancel);
            Put(matrix, first, count, w, threads, cancel);
            diagonal.WriteLower(matrix, first, -1);
            progress?.Report((first + count) / (double)n);
        }
        Mirror(a, n, -1, threads, cancel);
    }

    private static float[] LeastPivots(MatrixBlock matrix)
    {
        var least = new float[matrix.Rows];
        for (var row = 0; row < least.Length; row++) least[row] = (float)(LeastPivot * matrix.Values[(row * matrix.Stride) + row]);
        return least;
    }

    private static void Copy(MatrixBlock from, MatrixBlock to, int threads, CancellationToken cancel) =>
        Tasks.ForEach(from.Rows, threads, row => Row(from, row).CopyTo(Row(to, row)), cancel);

    /// <summary>The columns of a block, whole: above it from its rows, since only the lower triangle is kept; zero at the block itself.</summary>
    private static void Take(MatrixBlock matrix, int first, int count, MatrixBlock to, int threads, CancellationToken cancel) =>
        ForEachRows(matrix.Rows, threads, (start, end) =>
        {
            for (var row = start; row < Math.Min(end, first); row++)
                for (var column = 0; column < count; column++)
                    to.Values[((long)row * count) + column] = matrix.Values[((first + column) * matrix.Stride) + row];
            for (var row = Math.Max(start, first); row < end; row++)
            {
                if (row < first + count) Row(to, row).Clear();
                else Row(matrix, row).Slice(first, count).CopyTo(Row(to, row));
            }
        }, cancel);

    /// <summary>The reverse of <see cref="Take"/>; the block itself is left alone.</summary>
    private static void Put(MatrixBlock matrix, int first, int count, MatrixBlock from, int threads, CancellationToken cancel) =>
        ForEachRows(matrix.Rows, threads, (start, end) =>
        {
            for (var row = start; row < Math.Min(end, first); row++)
                for (var column = 0; column < count; column++)
                    matrix.Values[((first + column) * matrix.Stride) + row] = from.Values[((long)row * count) + column];
            for (var row = Math.Max(start, first + count); row < end; row++) Row(from, row).CopyTo(Row(matrix, row).Slice(first, count));
        }, cancel);

    /// <summary>How many bytes <see cref="Invert"/> holds beside the matrix.</summary>
    internal static long BytesBeside(int n) => 2L * sizeof(float) * n * BlockSize;

    /// <summary>Multiplies the half below the diagonal, and the diagonal, by a number and copies it above.</summary>
    internal static void Mirror(float[] a, int n, float factor, int threads, CancellationToken cancel)
    {
        // In squares whose lines stay in L1 on both sides of the diagonal.
        const int square = 64;
        ForEachRows(n, threads, (start, end) =>
        {
            for (var left = 0; left < end; left += square)
            {
                for (var row = start; row < end; row++)
                {
                    for (var column = left; column < Math.Min(left + square, row + 1); column++)
                    {
                        ref var value = ref a[((long)row * n) + column];
                        value *= factor;
                        a[((long)column * n) + row] = value;
                    }
                }
            }
        }, cancel);
    }

    private static void ForEachRows(int rows, int threads, Action<int, int> task, CancellationToken cancel)
    {
        const int together = 64;
        Tasks.ForEach((rows + together - 1) / together, threads, number => task(number * together, Math.Min(rows, (number + 1) * together)), cancel);
    }

    private static Span<float> Row(MatrixBlock matrix, int row) => matrix.Values.AsSpan((int)(matrix.Start + (row * matrix.Stride)), matrix.Columns);
}
