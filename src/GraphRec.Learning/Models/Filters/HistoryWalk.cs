using System.Numerics;
using System.Runtime.Intrinsics;
using GraphRec.Graph.Kernels;
using GraphRec.Learning.Evaluation;

namespace GraphRec.Learning.Models.Filters;

/// <summary>
/// The part of a filter that is linear in the item graph, for any history h: scores += h · diag(Seed) · Rᵀ · diag(Users) · R,
/// exactly and without the graph. The first two hops are summed per co-viewer, then each co-viewer's row is added once.
/// </summary>
/// <remarks>
/// As the kernel of GraphRec.Graph that walks from all users at once, from which it differs in that histories need not be
/// rows of R: users are numbered by falling degree, since rows that follow one another are then of nearly the same length.
/// </remarks>
internal sealed unsafe class HistoryWalk
{
    private readonly float[] _seed;
    private readonly float[] _users;
    private readonly int[] _itemStarts;
    private readonly int[] _viewers;
    private readonly int[] _rowStarts;
    private readonly int[] _rowItems;

    /// <param name="train">R.</param>
    /// <param name="seed">A factor per item of the history.</param>
    /// <param name="users">A factor ≥ 0 per user of R.</param>
    public HistoryWalk(InteractionMatrix train, float[] seed, float[] users)
    {
        _seed = seed;
        var order = Enumerable.Range(0, users.Length).OrderByDescending(user => train.ItemsOf(user).Length).ToArray();
        var rank = new int[users.Length];
        (_users, _rowStarts, _rowItems) = (new float[users.Length], new int[users.Length + 1], new int[train.Count]);
        for (var r = 0; r < order.Length; r++)
        {
            rank[order[r]] = r;
            _users[r] = users[order[r]];
            train.ItemsOf(order[r]).CopyTo(_rowItems.AsSpan(_rowStarts[r]));
            _rowStarts[r + 1] = _rowStarts[r] + train.ItemsOf(order[r]).Length;
        }
        (_itemStarts, _viewers) = (new int[seed.Length + 1], new int[train.Count]);
        for (var item = 0; item < seed.Length; item++)
        {
            var viewers = train.UsersOf(item);
            for (var n = 0; n < viewers.Length; n++) _viewers[_itemStarts[item] + n] = rank[viewers[n]];
            _itemStarts[item + 1] = _itemStarts[item] + viewers.Length;
        }
    }

    /// <summary>A buffer for <see cref="Add"/>, all zero between calls.</summary>
    public float[] NewBuffer() => new float[_users.Length + Vector512<float>.Count];

    /// <summary>Adds a history's walk to the scores.</summary>
    /// <param name="items">The history.</param>
    /// <param name="weights">One per item; empty: all are 1.</param>
    /// <param name="scores">One per item.</param>
    /// <param name="buffer">A thread's own.</param>
    public void Add(ReadOnlySpan<int> items, ReadOnlySpan<float> weights, float* scores, float[] buffer)
    {
        fixed (float* met = buffer, onward = _users)
        fixed (int* viewers = _viewers, rowItems = _rowItems, rowStarts = _rowStarts)
        {
            for (var n = 0; n < items.Length; n++)
            {
                var item = items[n];
                var weight = weights.IsEmpty ? _seed[item] : weights[n] * _seed[item];
                Scatter.Add(viewers + _itemStarts[item], _itemStarts[item + 1] - _itemStarts[item], weight, met);
            }
            for (var first = 0; first < _users.Length; first += Vector512<float>.Count)
            {
                // Few of the users are met: whole groups of 16 are skipped by one comparison.
                var zero = Vector512.Equals(Vector512.Load(met + first), Vector512<float>.Zero).ExtractMostSignificantBits();
                for (var rest = ~zero & 0xFFFF; rest != 0; rest &= rest - 1)
                {
                    var rank = first + BitOperations.TrailingZeroCount(rest);
                    Scatter.Add(rowItems + rowStarts[rank], rowStarts[rank + 1] - rowStarts[rank], met[rank] * onward[rank], scores);
                    met[rank] = 0;
                }
            }
        }
    }
}
