using System.Numerics;
using System.Runtime.Intrinsics;

namespace GraphRec.Graph.Kernels;

/// <summary>
/// The best <paramref name="capacity"/> of a stream of scored items: higher score first, ties by lower index. A binary
/// heap with the worst kept item at its root. Reused between rows; not for concurrent use.
/// </summary>
public sealed class TopK(int capacity)
{
    private readonly int[] _items = new int[capacity];
    private readonly float[] _scores = new float[capacity];

    public int Capacity => _items.Length;

    /// <summary>How many items are held.</summary>
    public int Count { get; private set; }

    /// <summary>A score below this cannot enter; equal may, by its index.</summary>
    public float Floor => Count < _items.Length ? float.NegativeInfinity : Count == 0 ? float.PositiveInfinity : _scores[0];

    /// <summary>The items held; best first after <see cref="Sort"/>, in no order before it.</summary>
    public ReadOnlySpan<int> Items => _items.AsSpan(0, Count);

    /// <summary>One score per item.</summary>
    public ReadOnlySpan<float> Scores => _scores.AsSpan(0, Count);

    public void Clear() => Count = 0;

    /// <summary>Keeps the item if it is among the best so far. Each item may be offered once; NaN is not allowed.</summary>
    public void Offer(int item, float score)
    {
        if (Count < _items.Length)
        {
            var i = Count++;
            for (; i > 0; i = (i - 1) / 2)
            {
                var parent = (i - 1) / 2;
                if (!Worse(score, item, _scores[parent], _items[parent])) break;
                (_scores[i], _items[i]) = (_scores[parent], _items[parent]);
            }
            (_scores[i], _items[i]) = (score, item);
        }
        else if (Count > 0 && Worse(_scores[0], _items[0], score, item))
        {
            Sink(score, item, Count);
        }
    }

    /// <summary>
    /// Offers every positive score with its index, and leaves all scores zero: for a dense array that is mostly zero, or mostly
    /// too low. Sixteen at a time are compared with the worst that is kept.
    /// </summary>
    /// <param name="scores">By item; of those that are kept already none may be positive here. NaN is passed over.</param>
    public void TakePositive(Span<float> scores)
    {
        // Items come ascending, so one whose score only equals the floor loses the tie: strictly greater suffices.
        var first = 0;
        for (; first + Vector512<float>.Count <= scores.Length; first += Vector512<float>.Count)
        {
            var group = Vector512.Create<float>(scores.Slice(first, Vector512<float>.Count));
            var better = Vector512.GreaterThan(group, Vector512.Create(Math.Max(Floor, 0))).ExtractMostSignificantBits();
            for (; better != 0; better &= better - 1)
            {
                var lane = BitOperations.TrailingZeroCount(better);
                Offer(first + lane, group[lane]);
            }
        }
        for (; first < scores.Length; first++)
            if (scores[first] > Math.Max(Floor, 0)) Offer(first, scores[first]);
        scores.Clear();
    }

    /// <summary>
    /// The best positive scores of what a user does not have, best first, in place of what was held; all scores are left zero.
    /// </summary>
    /// <param name="scores">By item.</param>
    /// <param name="known">The items that they have.</param>
    public void TakeUnknown(Span<float> scores, ReadOnlySpan<int> known)
    {
        foreach (var item in known) scores[item] = 0;
        Clear();
        TakePositive(scores);
        Sort();
    }

    /// <summary>Puts the items best first. Nothing may be offered until <see cref="Clear"/>.</summary>
    public void Sort()
    {
        for (var end = Count - 1; end > 0; end--)
        {
            var (score, item) = (_scores[end], _items[end]);
            (_scores[end], _items[end]) = (_scores[0], _items[0]);
            Sink(score, item, end);
        }
    }

    private static bool Worse(float score, int item, float thanScore, int thanItem) =>
        score < thanScore || (score == thanScore && item > thanItem);

    /// <summary>Puts an item in the root's place and lets it sink within the first <paramref name="count"/>.</summary>
    private void Sink(float score, int item, int count)
    {
        var i = 0;
        while (true)
        {
            var child = (2 * i) + 1;
            if (child >= count) break;
            if (child + 1 < count && Worse(_scores[child + 1], _items[child + 1], _scores[child], _items[child])) child++;
            if (!Worse(_scores[child], _items[child], score, item)) break;
            (_scores[i], _items[i]) = (_scores[child], _items[child]);
            i = child;
        }
        (_scores[i], _items[i]) = (score, item);
    }
}
