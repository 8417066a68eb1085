using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using GraphRec.Core;
using GraphRec.Graph.Kernels;
using GraphRec.Learning.Linear;
using GraphRec.Learning.Models.Factors;

namespace GraphRec.Learning.Embeddings;

/// <summary>By what vectors are near.</summary>
public enum Similarity
{
    /// <summary>The cosine of their angle; 0 to a vector of zeros.</summary>
    Cosine,

    /// <summary>Their scalar product.</summary>
    Dot,
}

/// <summary>
/// Exact nearest neighbours by reading every vector: nothing to build or to keep up, and as fast as memory gives the vectors,
/// 256 MB for a million of 64 numbers. Immutable; safe to use from several threads.
/// </summary>
public sealed unsafe class VectorScan
{
    // About 1 MB of vectors of 64 numbers: enough to be worth handing out, and few enough for threads to end together.
    private const int RowsPerTask = 4096;

    private readonly FactorTable _table;

    /// <param name="vectors">What is searched; its numbers are copied.</param>
    /// <param name="similarity">By what.</param>
    public VectorScan(NodeVectors vectors, Similarity similarity)
        : this(vectors.Table, 0, vectors.Count, similarity)
    {
    }

    /// <param name="vectors">Whose vectors are searched; the numbers are copied.</param>
    /// <param name="type">The place in <see cref="NodeVectors.Types"/> of the nodes that are searched; they are numbered from 0 within their type.</param>
    /// <param name="similarity">By what.</param>
    public VectorScan(NodeVectors vectors, int type, Similarity similarity)
        : this(vectors.Table, vectors.Types[type].First, vectors.Types[type].Ids.Count, similarity)
    {
    }

    private VectorScan(FactorTable table, int first, int count, Similarity similarity)
    {
        (_table, By) = (new FactorTable(count, table.Factors), similarity);
        for (var row = 0; row < count; row++)
        {
            table[first + row].CopyTo(_table[row]);
            if (similarity == Similarity.Cosine) Normalise(_table[row]);
        }
    }

    /// <summary>By what vectors are near.</summary>
    public Similarity By { get; }

    /// <summary>How many vectors are searched.</summary>
    public int Count => _table.Count;

    /// <summary>How long they are.</summary>
    public int Dimensions => _table.Factors;

    internal FactorTable Table => _table;

    /// <summary>
    /// The nearest vectors, nearest first, ties by lower number: the same for any number of threads.
    /// </summary>
    /// <param name="query">Of <see cref="Dimensions"/> numbers.</param>
    /// <param name="top">How many, from 0; fewer where there are fewer.</param>
    /// <param name="threads">How many, from 1.</param>
    /// <param name="cancel">Looked at about every millisecond.</param>
    /// <exception cref="InvalidInputException">The query is of another length, or has a number that is not finite.</exception>
    public (int Number, float Score)[] Nearest(ReadOnlySpan<float> query, int top, int threads, CancellationToken cancel = default)
    {
        var prepared = Prepare(query);
        var found = new TopK?[threads];
        var next = -1;
        Tasks.ForEach((Count + RowsPerTask - 1) / RowsPerTask, threads, () => found[Interlocked.Increment(ref next)] = new TopK(Math.Min(top, Count)), (best, task) =>
        {
            var first = task * RowsPerTask;
            Scan(prepared.Pointer, first, Math.Min(RowsPerTask, Count - first), best!);
        }, cancel);
        GC.KeepAlive(prepared);
        GC.KeepAlive(this);
        return Merge(found, top);
    }

    /// <summary>The query padded to whole vectors, and of length 1 where cosines are asked for.</summary>
    internal AlignedFloats Prepare(ReadOnlySpan<float> query)
    {
        if (query.Length != Dimensions) throw new InvalidInputException(ErrorCodes.BadUserInput, $"The query has {query.Length} numbers; give {Dimensions}.");
        foreach (var number in query)
        {
            if (!float.IsFinite(number)) throw new InvalidInputException(ErrorCodes.BadUserInput, $"The query has the number {number}; give finite ones.");
        }
        var prepared = new AlignedFloats(_table.Stride);
        query.CopyTo(prepared.Span);
        if (By == Similarity.Cosine) Normalise(prepared.Span);
        return prepared;
    }

    internal static (int Number, float Score)[] Merge(IReadOnlyList<TopK?> found, int top)
    {
        var all = new TopK(Math.Min(top, found.Sum(part => part?.Count ?? 0)));
        foreach (var part in found)
        {
            for (var n = 0; n < part?.Count; n++) all.Offer(part.Items[n], part.Scores[n]);
        }
        all.Sort();
        var nearest = new (int, float)[all.Count];
        for (var n = 0; n < nearest.Length; n++) nearest[n] = (all.Items[n], all.Scores[n]);
        return nearest;
    }

    internal static float Dot(float* a, float* b, int stride)
    {
        var sum = Vector512<float>.Zero;
        for (var k = 0; k < stride; k += Vector512<float>.Count) sum = Vector512.FusedMultiplyAdd(Vector512.LoadAligned(a + k), Vector512.LoadAligned(b + k), sum);
        return Vector512.Sum(sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Scan(float* query, int first, int count, TopK best)
    {
        var stride = _table.Stride;
        var row = _table.Row(first);
        for (var n = 0; n < count; n++, row += stride)
        {
            var score = Dot(query, row, stride);
            // A task's rows ascend, but tasks of one thread may have others between them: an equal score may win by its number.
            if (score >= best.Floor) best.Offer(first + n, score);
        }
    }

    private static void Normalise(Span<float> vector)
    {
        if (TensorPrimitives.Norm<float>(vector) is > 0 and var norm) TensorPrimitives.Divide(vector, norm, vector);
    }
}
