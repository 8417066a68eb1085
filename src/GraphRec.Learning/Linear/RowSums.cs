using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace GraphRec.Learning.Linear;

/// <summary>
/// Weighted sums of rows of a dense matrix: a sparse vector times the matrix. The sums of <see cref="Width"/> columns stay in
/// registers while the rows are read, so that nothing but the matrix moves. Each sum is made in the order of the rows.
/// </summary>
internal static unsafe class RowSums
{
    /// <summary>How many columns are summed at once.</summary>
    public const int Width = 128;

    /// <summary>into[c] = Σ weights[k] · matrix[rows[k] · stride + c].</summary>
    /// <param name="matrix">The first of the columns, in row 0.</param>
    /// <param name="stride">From one row to the next, in elements.</param>
    /// <param name="rows">Which rows.</param>
    /// <param name="weights">One for each of them.</param>
    /// <param name="columns">How many sums, any number.</param>
    /// <param name="into">Overwritten.</param>
    public static void Sum(float* matrix, long stride, ReadOnlySpan<int> rows, ReadOnlySpan<float> weights, int columns, float* into)
    {
        fixed (int* row = rows)
        fixed (float* weight = weights)
        {
            var column = 0;
            for (; column + Width <= columns; column += Width) Wide(matrix + column, stride, row, weight, rows.Length, into + column);
            for (; column + Vector512<float>.Count <= columns; column += Vector512<float>.Count)
            {
                var sum = Vector512<float>.Zero;
                for (var k = 0; k < rows.Length; k++)
                    sum = Vector512.FusedMultiplyAdd(Vector512.Create(weight[k]), Vector512.Load(matrix + column + (row[k] * stride)), sum);
                sum.Store(into + column);
            }
            for (; column < columns; column++)
            {
                var sum = 0f;
                for (var k = 0; k < rows.Length; k++) sum = MathF.FusedMultiplyAdd(weight[k], matrix[column + (row[k] * stride)], sum);
                into[column] = sum;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Wide(float* matrix, long stride, int* rows, float* weights, int count, float* into)
    {
        Vector512<float> s0 = default, s1 = default, s2 = default, s3 = default, s4 = default, s5 = default, s6 = default, s7 = default;
        for (var k = 0; k < count; k++)
        {
            var from = matrix + (rows[k] * stride);
            var weight = Vector512.Create(weights[k]);
            s0 = Vector512.FusedMultiplyAdd(weight, Vector512.Load(from), s0);
            s1 = Vector512.FusedMultiplyAdd(weight, Vector512.Load(from + 16), s1);
            s2 = Vector512.FusedMultiplyAdd(weight, Vector512.Load(from + 32), s2);
            s3 = Vector512.FusedMultiplyAdd(weight, Vector512.Load(from + 48), s3);
            s4 = Vector512.FusedMultiplyAdd(weight, Vector512.Load(from + 64), s4);
            s5 = Vector512.FusedMultiplyAdd(weight, Vector512.Load(from + 80), s5);
            s6 = Vector512.FusedMultiplyAdd(weight, Vector512.Load(from + 96), s6);
            s7 = Vector512.FusedMultiplyAdd(weight, Vector512.Load(from + 112), s7);
        }
        s0.Store(into);
        s1.Store(into + 16);
        s2.Store(into + 32);
        s3.Store(into + 48);
        s4.Store(into + 64);
        s5.Store(into + 80);
        s6.Store(into + 96);
        s7.Store(into + 112);
    }
}
