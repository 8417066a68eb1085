using System.Numerics;
using System.Runtime.Intrinsics;
using GraphRec.Graph.Kernels;
using GraphRec.Learning.Evaluation;

namespace GraphRec.Learning.Linear;

/// <summary>
/// The best items so far of some users, to which scores come in pieces, by ascending item. A piece is compared with the
/// user's k-th best score by vectors, and nearly always ends there. Different rows may be used by different threads.
/// </summary>
internal sealed unsafe class TopRows
{
    private readonly InteractionMatrix _known;
    private readonly int _top;
    private readonly TopK?[] _best;
    private readonly int[] _users;

    // The score that a user's next item must exceed, and how many of the known items lie before the next one.
    private readonly float[] _floors;
    private readonly int[] _passed;

    /// <param name="known">What users have, and are not to be given.</param>
    /// <param name="rows">For how many users.</param>
    /// <param name="top">How many items each.</param>
    public TopRows(InteractionMatrix known, int rows, int top)
    {
        (_known, _top) = (known, top);
        (_best, _users, _floors, _passed) = (new TopK?[rows], new int[rows], new float[rows], new int[rows]);
    }

    /// <summary>Empties a row for a user.</summary>
    public void Start(int row, int user)
    {
        var best = _best[row] ??= new TopK(_top);
        best.Clear();
        (_users[row], _floors[row], _passed[row]) = (user, best.Floor, 0);
    }

    /// <summary>Takes the scores of the items from <paramref name="first"/> on, which come after all that the row was offered before.</summary>
    /// <param name="row">Whose scores.</param>
    /// <param name="scores">Readable in whole vectors of 16; NaN is passed over.</param>
    /// <param name="count">How many are items.</param>
    /// <param name="first">The number of the first.</param>
    /// <param name="items">Ascending: what the numbers stand for; empty where they are items themselves.</param>
    public void Offer(int row, float* scores, int count, int first, ReadOnlySpan<int> items = default)
    {
        // Items come ascending, so one whose score only equals the floor loses the tie: strictly greater suffices.
        var floor = Vector512.Create(_floors[row]);
        for (var column = 0; column < count; column += Vector512<float>.Count)
        {
            var better = Vector512.GreaterThan(Vector512.Load(scores + column), floor).ExtractMostSignificantBits();
            if (better == 0) continue;
            if (count - column < Vector512<float>.Count) better &= (1UL << (count - column)) - 1;
            for (; better != 0; better &= better - 1)
            {
                var number = column + BitOperations.TrailingZeroCount(better);
                Offer(row, items.IsEmpty ? first + number : items[first + number], scores[number]);
            }
            floor = Vector512.Create(_floors[row] = _best[row]!.Floor);
        }
    }

    /// <summary>Takes items that all score the same, ascending, whatever was offered before.</summary>
    public void OfferRest(int row, ReadOnlySpan<int> items, float score)
    {
        var known = _known.ItemsOf(_users[row]);
        var best = _best[row]!;
        var left = _top;
        foreach (var item in items)
        {
            // Of items that tie, no more than the first can be among the best.
            if (left == 0 || best.Floor > score) return;
            if (known.BinarySearch(item) >= 0) continue;
            best.Offer(item, score);
            left--;
        }
    }

    /// <summary>Hands a row over, best items first.</summary>
    public void Finish(int row, UserTopItems consume)
    {
        var best = _best[row]!;
        best.Sort();
        consume(_users[row], best.Items, best.Scores);
    }

    private void Offer(int row, int item, float score)
    {
        var known = _known.ItemsOf(_users[row]);
        ref var passed = ref _passed[row];
        while (passed < known.Length && known[passed] < item) passed++;
        if (passed == known.Length || known[passed] != item) _best[row]!.Offer(item, score);
    }
}
