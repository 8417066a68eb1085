using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using GraphRec.Learning.Evaluation;

namespace GraphRec.Learning.Linear;

/// <summary>
/// The sparse matrix diag(users) · R · diag(items), where R is who has which item: users × items. The entries of R are 1, so
/// that only the two diagonals are kept beside it. Normalised interaction matrices are of this form.
/// </summary>
/// <param name="pattern">R.</param>
/// <param name="users">A factor per user.</param>
/// <param name="items">A factor per item.</param>
public sealed class ScaledPattern(InteractionMatrix pattern, float[] users, float[] items)
{
    /// <summary>Dense matrices that are multiplied have rows of a multiple of so many floats.</summary>
    public const int WidthUnit = 16;

    private const int RowsPerTask = 128;

    /// <summary>How many rows there are.</summary>
    public int UserCount => users.Length;

    /// <summary>How many columns there are.</summary>
    public int ItemCount => items.Length;

    /// <summary>
    /// diag(Du)^−userExponent · R · diag(Di)^−itemExponent, where D are the degrees; the factor of whoever has no pair is 0.
    /// </summary>
    public static ScaledPattern Normalised(InteractionMatrix pattern, double userExponent, double itemExponent) => new(
        pattern,
        DegreePowers.Of(pattern.Users.Count, user => pattern.ItemsOf(user).Length, -userExponent),
        DegreePowers.Of(pattern.Items.Count, item => pattern.UsersOf(item).Length, -itemExponent));

    /// <summary>
    /// product = this · dense. Each row is summed by one thread in the order of the items: bit-identical for any number of
    /// threads. Memory-bound: 2 · pairs · width · 4 bytes pass through the caches.
    /// </summary>
    /// <param name="dense">items × width, row after row.</param>
    /// <param name="product">users × width; overwritten.</param>
    /// <param name="width">A multiple of <see cref="WidthUnit"/>.</param>
    /// <param name="threads">How many, from 1.</param>
    /// <param name="cancel">Looked at every few rows.</param>
    public void Multiply(float[] dense, float[] product, int width, int threads, CancellationToken cancel) =>
        Multiply(UserCount, user => pattern.ItemsOf(user), users, items, dense, product, width, threads, cancel);

    /// <summary>product = thisᵀ · dense: users × width in, items × width out; otherwise as <c>Multiply</c>.</summary>
    public void MultiplyTransposed(float[] dense, float[] product, int width, int threads, CancellationToken cancel) =>
        Multiply(ItemCount, item => pattern.UsersOf(item), items, users, dense, product, width, threads, cancel);

    private delegate ReadOnlySpan<int> RowOf(int row);

    private static void Multiply(
        int rows, RowOf row, float[] rowScale, float[] columnScale, float[] dense, float[] product, int width, int threads,
        CancellationToken cancel)
    {
        if (width % WidthUnit != 0) throw new ArgumentException($"is {width}; give a multiple of {WidthUnit}.", nameof(width));
        if (dense.LongLength < (long)columnScale.Length * width) throw new ArgumentException("is too short.", nameof(dense));
        if (product.LongLength < (long)rows * width) throw new ArgumentException("is too short.", nameof(product));
        Tasks.ForEach(
            (rows + RowsPerTask - 1) / RowsPerTask,
            threads,
            task =>
            {
                for (var n = task * RowsPerTask; n < Math.Min(rows, (task + 1) * RowsPerTask); n++)
                    SumRow(row(n), rowScale[n], columnScale, dense, width, product.AsSpan(checked(n * width), width));
            },
            cancel);
    }

    /// <summary>One row: 64 columns at a time, so that the sums stay in registers while the row's columns are run through.</summary>
    private static unsafe void SumRow(ReadOnlySpan<int> columns, float scale, float[] columnScale, float[] dense, int width, Span<float> product)
    {
        fixed (float* from = dense, scales = columnScale, into = product)
        {
            var first = 0;
            for (; first + 64 <= width; first += 64) SumFour(columns, scale, scales, from + first, width, into + first);
            for (; first < width; first += 16)
            {
                var sum = Vector512<float>.Zero;
                foreach (var column in columns)
                {
                    var values = Vector512.Load(from + ((long)column * width) + first);
                    sum = Vector512.FusedMultiplyAdd(Vector512.Create(scales[column]), values, sum);
                }
                (sum * Vector512.Create(scale)).Store(into + first);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void SumFour(ReadOnlySpan<int> columns, float scale, float* scales, float* from, int width, float* into)
    {
        var (s0, s1, s2, s3) = (Vector512<float>.Zero, Vector512<float>.Zero, Vector512<float>.Zero, Vector512<float>.Zero);
        foreach (var column in columns)
        {
            var weight = Vector512.Create(scales[column]);
            var at = from + ((long)column * width);
            s0 = Vector512.FusedMultiplyAdd(weight, Vector512.Load(at), s0);
            s1 = Vector512.FusedMultiplyAdd(weight, Vector512.Load(at + 16), s1);
            s2 = Vector512.FusedMultiplyAdd(weight, Vector512.Load(at + 32), s2);
            s3 = Vector512.FusedMultiplyAdd(weight, Vector512.Load(at + 48), s3);
        }
        var all = Vector512.Create(scale);
        (s0 * all).Store(into);
        (s1 * all).Store(into + 16);
        (s2 * all).Store(into + 32);
        (s3 * all).Store(into + 48);
    }
}

/// <summary>Powers of degrees: what graph filters normalise with.</summary>
internal static class DegreePowers
{
    /// <summary>degree^exponent of each; 0 where the degree is 0, whatever the exponent.</summary>
    public static float[] Of(int count, Func<int, int> degree, double exponent)
    {
        var powers = new float[count];
        for (var n = 0; n < count; n++)
        {
            if (degree(n) is var d and > 0) powers[n] = (float)Math.Pow(d, exponent);
        }
        return powers;
    }
}
