using System.Numerics;
using System.Runtime.Intrinsics;

namespace GraphRec.Graph.Kernels;

/// <summary>
/// How a history is spread over co-viewers and from them over items. With s(v) = Σ_a w_a / deg(a)^ItemAlpha over the items a
/// of the history that v has too, a co-viewer weighs W(v) = (s · |s| / (|s| + Shrinkage))^Power / deg(v)^Alpha, and an item b
/// scores Σ_v W(v) / deg(b)^Beta over its viewers v.
/// </summary>
/// <remarks>
/// Power 1 without shrinkage and with every co-viewer is the three-hop walk of <see cref="WalkParameters"/>. ItemAlpha 0 and
/// Alpha = Power / 2 is user-based k-NN with the cosine raised to a power (the user's own degree is one factor for all scores).
/// </remarks>
/// <param name="ItemAlpha">How much a popular item of the history says less about who is alike; 0 to count items.</param>
/// <param name="Alpha">How much a viewer of many items says less about each of them.</param>
/// <param name="Beta">Penalty of popular destinations.</param>
/// <param name="Power">Above 1, those who have most in common count for more than their share.</param>
/// <param name="Shrinkage">In common items: how much in common it takes for half of it to be believed.</param>
/// <param name="Neighbours">How many co-viewers of the largest positive weight to keep, ties by higher degree; 0 for all.</param>
public sealed record CoViewerParameters(
    double ItemAlpha, double Alpha, double Beta = 0, double Power = 1, double Shrinkage = 0, int Neighbours = 0);

/// <summary>
/// Exact scores of all items from a history, by way of everyone who shares an item with it: the history is summed per
/// co-viewer, and then each co-viewer's row is added to a dense array of scores once. Immutable; several threads may use it,
/// each with a <see cref="Scratch"/> of its own.
/// </summary>
/// <remarks>
/// Measured on Gowalla (29,858 × 40,981, 810,128 edges; one core of an EPYC with 1 MiB of L2), CPU seconds for all users:
/// <list type="bullet">
/// <item>Summing per co-viewer before the third hop leaves 1.83·10⁹ of 4.13·10⁹ additions.</item>
/// <item>Users numbered by falling degree and visited in that order: 1.8 s, against 2.0 s in the given order. The rows then
/// have nearly the same length one after the other, so the end of the inner loop is predicted, and they are read from
/// memory in order.</item>
/// <item>Items numbered by falling degree too: no gain, so the given numbers stay.</item>
/// <item>16-bit item numbers: 1.65 s, but a second copy of the loop for larger catalogues. Not taken.</item>
/// <item>Blocks of 16 users in vector lanes: only 2.3 of 16 lanes would be used. Not taken.</item>
/// </list>
/// </remarks>
public sealed unsafe class CoViewerWalk
{
    private readonly int _itemCount;
    private readonly int[] _itemOffsets;
    private readonly int[] _itemViewers;
    private readonly int[] _rank;
    private readonly int[] _rowOffsets;
    private readonly int[] _rowItems;
    private readonly float[] _viewerOut;
    private readonly float[] _itemOut;
    private readonly float[] _destination;
    private readonly float _power;
    private readonly float _shrinkage;
    private readonly int _neighbours;

    /// <param name="engaged">Whose rows the walk goes over.</param>
    /// <param name="p">How.</param>
    /// <exception cref="ArgumentOutOfRangeException">The power is not above 0, or shrinkage or neighbours are below.</exception>
    public CoViewerWalk(Bipartite engaged, CoViewerParameters p)
        : this(engaged, new WalkWeights(engaged, new WalkParameters((float)p.Alpha, (float)p.ItemAlpha, (float)p.Beta)))
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(p.Power);
        ArgumentOutOfRangeException.ThrowIfNegative(p.Shrinkage);
        ArgumentOutOfRangeException.ThrowIfNegative(p.Neighbours);
        (_power, _shrinkage, _neighbours) = ((float)p.Power, (float)p.Shrinkage, p.Neighbours);
    }

    /// <summary>The three-hop walk with these weights; their <see cref="WalkWeights.UserSeed"/> are not applied.</summary>
    internal CoViewerWalk(Bipartite engaged, WalkWeights weights)
    {
        _power = 1;
        _itemCount = engaged.ItemCount;
        // Users are renumbered by falling degree; a user's new number is their rank.
        var users = Enumerable.Range(0, engaged.UserCount).OrderByDescending(engaged.UserDegree).ToArray();
        _rank = new int[users.Length];
        _rowOffsets = new int[users.Length + 1];
        _rowItems = new int[engaged.EdgeCount];
        _viewerOut = new float[users.Length + Vector512<float>.Count];
        for (var r = 0; r < users.Length; r++)
        {
            _rank[users[r]] = r;
            engaged.ItemsOf(users[r]).CopyTo(_rowItems.AsSpan(_rowOffsets[r]));
            _rowOffsets[r + 1] = _rowOffsets[r] + engaged.UserDegree(users[r]);
            _viewerOut[r] = weights.UserOut[users[r]];
        }
        _itemOffsets = engaged.ItemOffsets;
        _itemViewers = Array.ConvertAll(engaged.Users, user => _rank[user]);
        _itemOut = weights.ItemOut.ToArray();
        _destination = new float[engaged.ItemCount + Vector512<float>.Count];
        weights.Destination.CopyTo(_destination);
    }

    /// <summary>Whether W(v) is s(v) times something of v alone, so that nothing need be done between the hops.</summary>
    private bool IsLinear => _power == 1 && _shrinkage == 0 && _neighbours == 0;

    /// <summary>Buffers for one thread.</summary>
    /// <param name="top">How many items <see cref="Top"/> is to find.</param>
    public Scratch NewScratch(int top = 0) => new(_rank.Length, _itemCount, top, Math.Min(_neighbours, _rank.Length));

    /// <summary>
    /// Buffers of one thread: about 4 bytes per user and per item. All zero between calls.
    /// </summary>
    public sealed class Scratch
    {
        internal Scratch(int users, int items, int top, int neighbours)
        {
            Viewers = new float[users + Vector512<float>.Count];
            Scores = new float[items + Vector512<float>.Count];
            (Best, Nearest) = (new TopK(top), new TopK(neighbours));
        }

        /// <summary>What <see cref="CoViewerWalk.Top"/> found, best first.</summary>
        public TopK Best { get; }

        /// <summary>Weight on each co-viewer, by rank; padded to whole vectors.</summary>
        internal float[] Viewers { get; }

        /// <summary>Scores by item; padded to whole vectors.</summary>
        internal float[] Scores { get; }

        internal TopK Nearest { get; }
    }

    /// <summary>Writes the score of every item.</summary>
    /// <param name="items">The history, each item once.</param>
    /// <param name="weights">One weight per item; a negative one takes score away.</param>
    /// <param name="self">A user who is not to be a co-viewer, because the history is theirs; −1 for none.</param>
    /// <param name="scratch">Buffers of this thread.</param>
    /// <param name="scores">One per item; what it held is overwritten.</param>
    public void Score(ReadOnlySpan<int> items, ReadOnlySpan<float> weights, int self, Scratch scratch, Span<float> scores)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(scores.Length, _itemCount);
        Gather(items, weights, self, scratch);
        Weigh(scratch);
        Spread(scratch);
        fixed (float* from = scratch.Scores, destination = _destination, to = scores)
        {
            var item = 0;
            for (; item + Vector512<float>.Count <= _itemCount; item += Vector512<float>.Count)
                (Vector512.Load(from + item) * Vector512.Load(destination + item)).Store(to + item);
            for (; item < _itemCount; item++) to[item] = from[item] * destination[item];
        }
        Array.Clear(scratch.Scores);
    }

    /// <summary>
    /// Finds the best items of positive score that are not in <paramref name="known"/>, ties by lower number, and leaves them
    /// in <see cref="Scratch.Best"/>: as many as the scratch was made for, or as there are.
    /// </summary>
    public void Top(ReadOnlySpan<int> items, ReadOnlySpan<float> weights, int self, ReadOnlySpan<int> known, Scratch scratch)
    {
        Gather(items, weights, self, scratch);
        Weigh(scratch);
        Spread(scratch);
        Select(known, scratch);
    }

    /// <summary>
    /// What each item of the history adds to the score of <paramref name="target"/>: of every co-viewer's part, each common
    /// item has its share of s(v). The shares sum to the score; where Power or Shrinkage bend it, a share counts in company
    /// and not alone, and where items of both signs cancel in s(v), shares can be larger than their sum.
    /// </summary>
    public void Contributions(
        ReadOnlySpan<int> items, ReadOnlySpan<float> weights, int self, int target, Scratch scratch, Span<float> contributions)
    {
        Gather(items, weights, self, scratch);
        var viewers = scratch.Viewers;
        var of = _itemViewers.AsSpan(_itemOffsets[target].._itemOffsets[target + 1]);
        var gathered = new float[of.Length];
        for (var n = 0; n < of.Length; n++) gathered[n] = viewers[of[n]];
        Weigh(scratch);
        // Per common viewer, how much each unit of s(v) adds to the target.
        var worth = new float[of.Length];
        for (var n = 0; n < of.Length; n++)
            if (gathered[n] != 0) worth[n] = (IsLinear ? _viewerOut[of[n]] : viewers[of[n]] / gathered[n]) * _destination[target];
        Array.Clear(viewers);
        for (var n = 0; n < of.Length; n++) viewers[of[n]] = worth[n];
        for (var n = 0; n < items.Length; n++)
        {
            var sum = 0.0;
            foreach (var viewer in _itemViewers.AsSpan(_itemOffsets[items[n]].._itemOffsets[items[n] + 1])) sum += viewers[viewer];
            contributions[n] = (float)(sum * weights[n] * _itemOut[items[n]]);
        }
        foreach (var viewer in of) viewers[viewer] = 0;
    }

    /// <summary>Hops one and two: s(v) of each co-viewer.</summary>
    private void Gather(ReadOnlySpan<int> items, ReadOnlySpan<float> weights, int self, Scratch scratch)
    {
        fixed (int* viewers = _itemViewers)
        fixed (float* into = scratch.Viewers)
        {
            for (var n = 0; n < items.Length; n++)
            {
                var (start, end) = (_itemOffsets[items[n]], _itemOffsets[items[n] + 1]);
                Scatter.Add(viewers + start, end - start, weights[n] * _itemOut[items[n]], into);
            }
        }
        if (self >= 0) scratch.Viewers[_rank[self]] = 0;
    }

    /// <summary>Turns s(v) into W(v), unless the two differ by a factor of v alone that <see cref="Spread"/> applies.</summary>
    private void Weigh(Scratch scratch)
    {
        if (IsLinear) return;
        var nearest = scratch.Nearest;
        nearest.Clear();
        fixed (float* viewers = scratch.Viewers, viewerOut = _viewerOut)
        {
            for (var first = 0; first < _rank.Length; first += Vector512<float>.Count)
            {
                for (var met = Met(viewers + first); met != 0; met &= met - 1)
                {
                    var rank = first + BitOperations.TrailingZeroCount(met);
                    var weight = Bent(viewers[rank]) * viewerOut[rank];
                    viewers[rank] = weight;
                    if (_neighbours == 0) continue;
                    viewers[rank] = 0;
                    if (weight > nearest.Floor && weight > 0) nearest.Offer(rank, weight);
                }
            }
        }
        for (var n = 0; n < nearest.Count; n++) scratch.Viewers[nearest.Items[n]] = nearest.Scores[n];
    }

    private float Bent(float common)
    {
        var size = Math.Abs(common);
        var believed = _shrinkage == 0 ? size : size * size / (size + _shrinkage);
        return MathF.CopySign(_power == 1 ? believed : MathF.Pow(believed, _power), common);
    }

    /// <summary>Hop three: every co-viewer's weight onto their items. Leaves the weights zero.</summary>
    private void Spread(Scratch scratch)
    {
        var linear = IsLinear;
        fixed (int* items = _rowItems, offsets = _rowOffsets)
        fixed (float* viewers = scratch.Viewers, scores = scratch.Scores, viewerOut = _viewerOut)
        {
            for (var first = 0; first < _rank.Length; first += Vector512<float>.Count)
            {
                // One viewer in 24 is met on average, so empty groups of 16 are skipped by one comparison.
                for (var met = Met(viewers + first); met != 0; met &= met - 1)
                {
                    var rank = first + BitOperations.TrailingZeroCount(met);
                    var weight = linear ? viewers[rank] * viewerOut[rank] : viewers[rank];
                    Scatter.Add(items + offsets[rank], offsets[rank + 1] - offsets[rank], weight, scores);
                    viewers[rank] = 0;
                }
            }
        }
    }

    private static ulong Met(float* viewers) =>
        ~Vector512.Equals(Vector512.Load(viewers), Vector512<float>.Zero).ExtractMostSignificantBits() & 0xFFFF;

    /// <summary>The best items that are not known. Leaves the scores zero.</summary>
    private void Select(ReadOnlySpan<int> known, Scratch scratch)
    {
        var best = scratch.Best;
        best.Clear();
        foreach (var item in known) scratch.Scores[item] = 0;
        fixed (float* scores = scratch.Scores, destination = _destination)
        {
            // Items come ascending, so one whose score only equals the floor loses the tie: strictly greater suffices.
            var floor = Vector512<float>.Zero;
            for (var first = 0; first < _itemCount; first += Vector512<float>.Count)
            {
                var group = Vector512.Load(scores + first) * Vector512.Load(destination + first);
                Vector512<float>.Zero.Store(scores + first);
                var better = Vector512.GreaterThan(group, floor).ExtractMostSignificantBits();
                if (better == 0) continue;
                for (; better != 0; better &= better - 1)
                {
                    var lane = BitOperations.TrailingZeroCount(better);
                    best.Offer(first + lane, group[lane]);
                }
                floor = Vector512.Create(Math.Max(best.Floor, 0));
            }
        }
        best.Sort();
    }
}
