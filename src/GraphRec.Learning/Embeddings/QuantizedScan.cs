using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using GraphRec.Core;
using GraphRec.Graph.Kernels;
using GraphRec.Learning.Linear;
using GraphRec.Learning.Models.Factors;

namespace GraphRec.Learning.Embeddings;

/// <summary>
/// Nearest neighbours by reading a byte per number instead of four, each row with a scale of its own, and then the exact scores
/// of the best of them: a quarter of the memory to read. A neighbour is missed only where rounding puts more than
/// <see cref="Spare"/> others before it. Immutable; safe to use from several threads.
/// </summary>
public sealed unsafe class QuantizedScan
{
    /// <summary>How many candidates beyond those asked for get their exact scores.</summary>
    public const int Spare = 100;

    // Sixteen rows side by side, four numbers of each in a lane, so that no sum ever runs across lanes.
    private const int Lanes = 16;
    private const int Together = 4;
    private const int BlocksPerTask = 1024;

    // Products of an unsigned byte and a number of this size fit in 16 bits two at a time: 2 · 255 · 63 < 2¹⁵.
    private const int QueryRange = 63;

    private readonly VectorScan _exact;
    private readonly AlignedFloats _bytes;
    private readonly AlignedFloats _scales;
    private readonly int _groups;
    private readonly int _blocks;

    /// <param name="exact">The exact scan, which is kept for the exact scores.</param>
    public QuantizedScan(VectorScan exact)
    {
        (_exact, _groups, _blocks) = (exact, (exact.Dimensions + Together - 1) / Together, (exact.Count + Lanes - 1) / Lanes);
        // Lanes · Together bytes of a block and group are Lanes floats of memory.
        if ((long)_blocks * _groups * Lanes > Array.MaxLength - Lanes)
            throw new InvalidInputException(ErrorCodes.BadUserInput, $"{exact.Count} vectors of {exact.Dimensions} numbers are too many for one scan; search one type of node.");
        _bytes = new AlignedFloats(_blocks * _groups * Lanes);
        _scales = new AlignedFloats(_blocks * Lanes);
        for (var row = 0; row < exact.Count; row++) Quantize(row, exact.Table[row]);
    }

    /// <summary>The nearest vectors, nearest first, ties by lower number, with exact scores: the same for any number of threads.</summary>
    /// <param name="query">As many numbers as vectors have.</param>
    /// <param name="top">How many, from 0; fewer where there are fewer.</param>
    /// <param name="threads">How many, from 1.</param>
    /// <param name="cancel">Looked at about every millisecond.</param>
    /// <exception cref="InvalidInputException">The query is of another length, or has a number that is not finite.</exception>
    public (int Number, float Score)[] Nearest(ReadOnlySpan<float> query, int top, int threads, CancellationToken cancel = default) =>
        Nearest(query, top, threads, Avx512BW.IsSupported, cancel);

    /// <summary>The same, with or without the instructions of AVX-512, for tests.</summary>
    internal (int Number, float Score)[] Nearest(ReadOnlySpan<float> query, int top, int threads, bool fast, CancellationToken cancel)
    {
        var prepared = _exact.Prepare(query);
        var packed = Pack(prepared.Span, out var sum);
        var found = new TopK?[threads];
        var (next, capacity) = (-1, (int)Math.Min((long)top + Spare, _exact.Count));
        Tasks.ForEach((_blocks + BlocksPerTask - 1) / BlocksPerTask, threads, () => found[Interlocked.Increment(ref next)] = new TopK(capacity), (best, task) =>
        {
            var (from, to) = (task * BlocksPerTask, Math.Min(_blocks, (task + 1) * BlocksPerTask));
            if (fast) Scan(packed, sum, from, to, best!);
            else ScanPlainly(packed, sum, from, to, best!);
        }, cancel);
        var exact = new TopK(Math.Min(top, _exact.Count));
        foreach (var (row, _) in VectorScan.Merge(found, capacity))
            exact.Offer(row, VectorScan.Dot(prepared.Pointer, _exact.Table.Row(row), _exact.Table.Stride));
        GC.KeepAlive(prepared);
        GC.KeepAlive(this);
        return VectorScan.Merge([exact], top);
    }

    private void Quantize(int row, ReadOnlySpan<float> vector)
    {
        var most = TensorPrimitives.MaxMagnitude(vector);
        var scale = Math.Abs(most) / 127;
        _scales.Span[row] = scale;
        var into = (byte*)_bytes.Pointer + ((nint)(row / Lanes) * _groups * Lanes * Together) + (row % Lanes * Together);
        for (var k = 0; k < _groups * Together; k++)
        {
            var number = scale > 0 && k < vector.Length ? (int)MathF.Round(vector[k] / scale) : 0;
            into[(k / Together * Lanes * Together) + (k % Together)] = (byte)(number + 128);
        }
    }

    /// <summary>The query as signed bytes, four to a number; the sum is what the rows' offset of 128 adds to every score.</summary>
    private int[] Pack(ReadOnlySpan<float> query, out int sum)
    {
        var most = Math.Abs(TensorPrimitives.MaxMagnitude(query));
        var packed = new int[_groups];
        sum = 0;
        for (var k = 0; k < _groups * Together && most > 0; k++)
        {
            var number = k < query.Length ? (int)MathF.Round(query[k] / most * QueryRange) : 0;
            packed[k / Together] |= (byte)(sbyte)number << (8 * (k % Together));
            sum += 128 * number;
        }
        return packed;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Scan(int[] query, int sum, int from, int to, TopK best)
    {
        var ones = Vector512.Create((short)1);
        var offset = Vector512.Create(sum);
        fixed (int* packed = query)
        {
            var bytes = (byte*)_bytes.Pointer + ((nint)from * _groups * Lanes * Together);
            for (var block = from; block < to; block++)
            {
                var sums = Vector512<int>.Zero;
                for (var group = 0; group < _groups; group++, bytes += Lanes * Together)
                {
                    var pairs = Avx512BW.MultiplyAddAdjacent(Vector512.LoadAligned(bytes), Vector512.Create(packed[group]).AsSByte());
                    sums += Avx512BW.MultiplyAddAdjacent(pairs, ones);
                }
                Offer(Vector512.ConvertToSingle(sums - offset), block, best);
            }
        }
    }

    private void ScanPlainly(int[] query, int sum, int from, int to, TopK best)
    {
        Span<int> sums = stackalloc int[Lanes];
        for (var block = from; block < to; block++)
        {
            var bytes = (byte*)_bytes.Pointer + ((nint)block * _groups * Lanes * Together);
            for (var lane = 0; lane < Lanes; lane++)
            {
                sums[lane] = -sum;
                for (var k = 0; k < _groups * Together; k++)
                    sums[lane] += bytes[(k / Together * Lanes * Together) + (lane * Together) + (k % Together)] * (sbyte)(query[k / Together] >> (8 * (k % Together)));
            }
            Offer(Vector512.ConvertToSingle(Vector512.Create<int>(sums)), block, best);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Offer(Vector512<float> scores, int block, TopK best)
    {
        scores *= Vector512.LoadAligned(_scales.Pointer + ((nint)block * Lanes));
        var good = Vector512.GreaterThanOrEqual(scores, Vector512.Create(best.Floor)).ExtractMostSignificantBits();
        for (; good != 0; good &= good - 1)
        {
            var row = (block * Lanes) + BitOperations.TrailingZeroCount(good);
            if (row < _exact.Count) best.Offer(row, scores[row % Lanes]);
        }
    }
}
