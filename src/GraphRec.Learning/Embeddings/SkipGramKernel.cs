using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace GraphRec.Learning.Embeddings;

/// <summary>
/// One step of skip-gram with negative sampling (Mikolov et al., "Distributed representations of words and phrases and their
/// compositionality", NIPS 2013, §2.2, eq. 4): for a centre u, a context c and negatives n it ascends
/// ln σ(u·c) + Σ ln σ(−u·n), all gradients taken before anything moves. A negative that is the context is passed over.
/// </summary>
internal static unsafe class SkipGramKernel
{
    /// <summary>How many contexts and negatives a step can have.</summary>
    public const int MaxTargets = 8;

    private const int Lanes = 16;

    /// <summary>Fetches a row towards the first cache.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Fetch(float* row, int stride)
    {
        if (!Sse.IsSupported) return;
        for (var k = 0; k < stride; k += Lanes) Sse.Prefetch0(row + k);
    }

    /// <summary>Makes a step.</summary>
    /// <param name="centre">The centre's row, of <paramref name="stride"/> numbers.</param>
    /// <param name="targets">The context's row, then those of the negatives.</param>
    /// <param name="count">How many targets, 1 to <see cref="MaxTargets"/>.</param>
    /// <param name="stride">A multiple of 16; rows are aligned to 64 bytes.</param>
    /// <param name="rate">The learning rate.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Step(float* centre, float** targets, int count, int stride, float rate)
    {
        if (count == 6) StepSix(centre, targets[0], targets[1], targets[2], targets[3], targets[4], targets[5], stride, rate);
        else StepAny(centre, targets, count, stride, rate);
    }

    /// <summary>With any number of targets.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void StepAny(float* centre, float** targets, int count, int stride, float rate)
    {
        Span<float> sums = stackalloc float[MaxTargets];
        for (var n = 0; n < count; n++)
        {
            var sum = Vector512<float>.Zero;
            for (var k = 0; k < stride; k += Lanes) sum = Vector512.FusedMultiplyAdd(Vector512.LoadAligned(centre + k), Vector512.LoadAligned(targets[n] + k), sum);
            sums[n] = Vector512.Sum(sum);
        }
        var pulls = Pulls(Vector256.Create<float>(sums), rate);
        pulls.CopyTo(sums);
        for (var n = 1; n < count; n++)
        {
            if (targets[n] == targets[0]) sums[n] = 0;
        }
        for (var k = 0; k < stride; k += Lanes)
        {
            var u = Vector512.LoadAligned(centre + k);
            var moved = u;
            for (var n = 0; n < count; n++)
            {
                var pull = Vector512.Create(sums[n]);
                var target = Vector512.LoadAligned(targets[n] + k);
                moved = Vector512.FusedMultiplyAdd(pull, target, moved);
                Vector512.FusedMultiplyAdd(pull, u, target).StoreAligned(targets[n] + k);
            }
            moved.StoreAligned(centre + k);
        }
    }

    // The same with one context and five negatives, the default, unrolled: sums and pulls stay in registers.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void StepSix(float* centre, float* t0, float* t1, float* t2, float* t3, float* t4, float* t5, int stride, float rate)
    {
        Vector512<float> s0 = default, s1 = default, s2 = default, s3 = default, s4 = default, s5 = default;
        for (var k = 0; k < stride; k += Lanes)
        {
            var u = Vector512.LoadAligned(centre + k);
            s0 = Vector512.FusedMultiplyAdd(u, Vector512.LoadAligned(t0 + k), s0);
            s1 = Vector512.FusedMultiplyAdd(u, Vector512.LoadAligned(t1 + k), s1);
            s2 = Vector512.FusedMultiplyAdd(u, Vector512.LoadAligned(t2 + k), s2);
            s3 = Vector512.FusedMultiplyAdd(u, Vector512.LoadAligned(t3 + k), s3);
            s4 = Vector512.FusedMultiplyAdd(u, Vector512.LoadAligned(t4 + k), s4);
            s5 = Vector512.FusedMultiplyAdd(u, Vector512.LoadAligned(t5 + k), s5);
        }
        var pulls = Pulls(Vector256.Create(Vector512.Sum(s0), Vector512.Sum(s1), Vector512.Sum(s2), Vector512.Sum(s3), Vector512.Sum(s4), Vector512.Sum(s5), 0, 0), rate);
        s0 = Vector512.Create(pulls[0]);
        s1 = Vector512.Create(t1 == t0 ? 0 : pulls[1]);
        s2 = Vector512.Create(t2 == t0 ? 0 : pulls[2]);
        s3 = Vector512.Create(t3 == t0 ? 0 : pulls[3]);
        s4 = Vector512.Create(t4 == t0 ? 0 : pulls[4]);
        s5 = Vector512.Create(t5 == t0 ? 0 : pulls[5]);
        for (var k = 0; k < stride; k += Lanes)
        {
            var u = Vector512.LoadAligned(centre + k);
            var moved = Move(t0 + k, s0, u, u);
            moved = Move(t1 + k, s1, u, moved);
            moved = Move(t2 + k, s2, u, moved);
            moved = Move(t3 + k, s3, u, moved);
            moved = Move(t4 + k, s4, u, moved);
            Move(t5 + k, s5, u, moved).StoreAligned(centre + k);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Move(float* at, Vector512<float> pull, Vector512<float> u, Vector512<float> moved)
    {
        var target = Vector512.LoadAligned(at);
        Vector512.FusedMultiplyAdd(pull, u, target).StoreAligned(at);
        return Vector512.FusedMultiplyAdd(pull, target, moved);
    }

    /// <summary>rate · (1 − σ(s)) of the context, which is the first, and rate · −σ(s) of the others.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Pulls(Vector256<float> sums, float rate)
    {
        // σ(s) = 1 / (1 + e⁻ˢ), and e⁻ˢ = 2ⁱ · 2ᶠ with f in [−½, ½] by a polynomial: relative error below 2·10⁻⁷.
        var x = Vector256.Min(Vector256.Max(sums * -1.44269504f, Vector256.Create(-80f)), Vector256.Create(80f));
        var whole = Vector256.Round(x);
        var f = x - whole;
        var power = Vector256.FusedMultiplyAdd(f, Vector256.Create(1.540353e-4f), Vector256.Create(1.3333558e-3f));
        power = Vector256.FusedMultiplyAdd(f, power, Vector256.Create(9.6181291e-3f));
        power = Vector256.FusedMultiplyAdd(f, power, Vector256.Create(5.5504109e-2f));
        power = Vector256.FusedMultiplyAdd(f, power, Vector256.Create(0.24022651f));
        power = Vector256.FusedMultiplyAdd(f, power, Vector256.Create(0.69314718f));
        power = Vector256.FusedMultiplyAdd(f, power, Vector256<float>.One);
        var exponent = Vector256.ShiftLeft(Vector256.ConvertToInt32(whole) + Vector256.Create(127), 23).AsSingle();
        var sigma = Vector256<float>.One / (Vector256<float>.One + (power * exponent));
        return (Vector256.Create(1f, 0, 0, 0, 0, 0, 0, 0) - sigma) * rate;
    }
}
