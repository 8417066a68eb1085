using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace GraphRec.Learning.Linear;

/// <summary>6 × 16 in 12 of the 16 registers of AVX2, and what any other processor gets.</summary>
internal readonly unsafe struct Tile256 : ITile
{
    public static int Rows => 6;

    public static int Columns => 16;

    // The sums are named one by one, since the JIT keeps variables in registers, and never the elements of an array.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(int depth, float* a, float* b, float alpha, float* c, long stride, bool add)
    {
        Vector256<float> c00 = default, c01 = default, c10 = default, c11 = default, c20 = default, c21 = default;
        Vector256<float> c30 = default, c31 = default, c40 = default, c41 = default, c50 = default, c51 = default;
        for (; depth > 0; depth--)
        {
            var b0 = Vector256.Load(b);
            var b1 = Vector256.Load(b + 8);
            c00 = Vector256.FusedMultiplyAdd(Vector256.Create(a[0]), b0, c00);
            c01 = Vector256.FusedMultiplyAdd(Vector256.Create(a[0]), b1, c01);
            c10 = Vector256.FusedMultiplyAdd(Vector256.Create(a[1]), b0, c10);
            c11 = Vector256.FusedMultiplyAdd(Vector256.Create(a[1]), b1, c11);
            c20 = Vector256.FusedMultiplyAdd(Vector256.Create(a[2]), b0, c20);
            c21 = Vector256.FusedMultiplyAdd(Vector256.Create(a[2]), b1, c21);
            c30 = Vector256.FusedMultiplyAdd(Vector256.Create(a[3]), b0, c30);
            c31 = Vector256.FusedMultiplyAdd(Vector256.Create(a[3]), b1, c31);
            c40 = Vector256.FusedMultiplyAdd(Vector256.Create(a[4]), b0, c40);
            c41 = Vector256.FusedMultiplyAdd(Vector256.Create(a[4]), b1, c41);
            c50 = Vector256.FusedMultiplyAdd(Vector256.Create(a[5]), b0, c50);
            c51 = Vector256.FusedMultiplyAdd(Vector256.Create(a[5]), b1, c51);
            a += Rows;
            b += Columns;
        }
        Store(c00, c01, alpha, c, add);
        Store(c10, c11, alpha, c + stride, add);
        Store(c20, c21, alpha, c + (2 * stride), add);
        Store(c30, c31, alpha, c + (3 * stride), add);
        Store(c40, c41, alpha, c + (4 * stride), add);
        Store(c50, c51, alpha, c + (5 * stride), add);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector256<float> c0, Vector256<float> c1, float alpha, float* c, bool add)
    {
        var scale = Vector256.Create(alpha);
        (add ? Vector256.FusedMultiplyAdd(scale, c0, Vector256.Load(c)) : scale * c0).Store(c);
        (add ? Vector256.FusedMultiplyAdd(scale, c1, Vector256.Load(c + 8)) : scale * c1).Store(c + 8);
    }
}
