using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace GraphRec.Learning.Linear;

/// <summary>12 × 32 in 24 of the 32 registers of AVX-512.</summary>
internal readonly unsafe struct Tile512 : ITile
{
    public static int Rows => 12;

    public static int Columns => 32;

    // The sums are named one by one, since the JIT keeps variables in registers, and never the elements of an array.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(int depth, float* a, float* b, float alpha, float* c, long stride, bool add)
    {
        Vector512<float> c00 = default, c01 = default, c10 = default, c11 = default, c20 = default, c21 = default;
        Vector512<float> c30 = default, c31 = default, c40 = default, c41 = default, c50 = default, c51 = default;
        Vector512<float> c60 = default, c61 = default, c70 = default, c71 = default, c80 = default, c81 = default;
        Vector512<float> c90 = default, c91 = default, ca0 = default, ca1 = default, cb0 = default, cb1 = default;
        for (; depth > 0; depth--)
        {
            var b0 = Vector512.Load(b);
            var b1 = Vector512.Load(b + 16);
            c00 = Vector512.FusedMultiplyAdd(Vector512.Create(a[0]), b0, c00);
            c01 = Vector512.FusedMultiplyAdd(Vector512.Create(a[0]), b1, c01);
            c10 = Vector512.FusedMultiplyAdd(Vector512.Create(a[1]), b0, c10);
            c11 = Vector512.FusedMultiplyAdd(Vector512.Create(a[1]), b1, c11);
            c20 = Vector512.FusedMultiplyAdd(Vector512.Create(a[2]), b0, c20);
            c21 = Vector512.FusedMultiplyAdd(Vector512.Create(a[2]), b1, c21);
            c30 = Vector512.FusedMultiplyAdd(Vector512.Create(a[3]), b0, c30);
            c31 = Vector512.FusedMultiplyAdd(Vector512.Create(a[3]), b1, c31);
            c40 = Vector512.FusedMultiplyAdd(Vector512.Create(a[4]), b0, c40);
            c41 = Vector512.FusedMultiplyAdd(Vector512.Create(a[4]), b1, c41);
            c50 = Vector512.FusedMultiplyAdd(Vector512.Create(a[5]), b0, c50);
            c51 = Vector512.FusedMultiplyAdd(Vector512.Create(a[5]), b1, c51);
            c60 = Vector512.FusedMultiplyAdd(Vector512.Create(a[6]), b0, c60);
            c61 = Vector512.FusedMultiplyAdd(Vector512.Create(a[6]), b1, c61);
            c70 = Vector512.FusedMultiplyAdd(Vector512.Create(a[7]), b0, c70);
            c71 = Vector512.FusedMultiplyAdd(Vector512.Create(a[7]), b1, c71);
            c80 = Vector512.FusedMultiplyAdd(Vector512.Create(a[8]), b0, c80);
            c81 = Vector512.FusedMultiplyAdd(Vector512.Create(a[8]), b1, c81);
            c90 = Vector512.FusedMultiplyAdd(Vector512.Create(a[9]), b0, c90);
            c91 = Vector512.FusedMultiplyAdd(Vector512.Create(a[9]), b1, c91);
            ca0 = Vector512.FusedMultiplyAdd(Vector512.Create(a[10]), b0, ca0);
            ca1 = Vector512.FusedMultiplyAdd(Vector512.Create(a[10]), b1, ca1);
            cb0 = Vector512.FusedMultiplyAdd(Vector512.Create(a[11]), b0, cb0);
            cb1 = Vector512.FusedMultiplyAdd(Vector512.Create(a[11]), b1, cb1);
            a += Rows;
            b += Columns;
        }
        Store(c00, c01, alpha, c, add);
        Store(c10, c11, alpha, c + stride, add);
        Store(c20, c21, alpha, c + (2 * stride), add);
        Store(c30, c31, alpha, c + (3 * stride), add);
        Store(c40, c41, alpha, c + (4 * stride), add);
        Store(c50, c51, alpha, c + (5 * stride), add);
        Store(c60, c61, alpha, c + (6 * stride), add);
        Store(c70, c71, alpha, c + (7 * stride), add);
        Store(c80, c81, alpha, c + (8 * stride), add);
        Store(c90, c91, alpha, c + (9 * stride), add);
        Store(ca0, ca1, alpha, c + (10 * stride), add);
        Store(cb0, cb1, alpha, c + (11 * stride), add);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector512<float> c0, Vector512<float> c1, float alpha, float* c, bool add)
    {
        var scale = Vector512.Create(alpha);
        (add ? Vector512.FusedMultiplyAdd(scale, c0, Vector512.Load(c)) : scale * c0).Store(c);
        (add ? Vector512.FusedMultiplyAdd(scale, c1, Vector512.Load(c + 16)) : scale * c1).Store(c + 16);
    }
}
