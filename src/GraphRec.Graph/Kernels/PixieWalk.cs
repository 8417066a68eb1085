using System.Runtime.CompilerServices;

namespace GraphRec.Graph.Kernels;

/// <summary>How many random steps are made, and when they end.</summary>
/// <param name="Steps">For a whole history; a step goes from an item over one of its users to one of that user's items.</param>
/// <param name="Restart">The chance to go back to the seed after a step, in (0, 1]; 1 makes every walk one step long.</param>
/// <param name="StopItems">n_p: a seed's walk ends early once more than so many items were visited often; 0 to never end early.</param>
/// <param name="StopVisits">n_v: how many visits are often, from 1.</param>
/// <param name="ItemAlpha">
/// How much less a popular seed says: its allotment is divided by |E(q)|^ItemAlpha. 0 is the paper's; 1 gives seeds nearly the same.
/// </param>
public sealed record PixieParameters(int Steps, double Restart, int StopItems, int StopVisits, double ItemAlpha = 0);

/// <summary>
/// Random walks with restarts from the items of a history, counting visits (Eksombatchai et al., "Pixie: a system for recommending
/// 3+ billion items to 200+ million users in real-time", WWW 2018, §3.1): steps are allotted to the seeds by their degree, a seed's
/// walk ends early when enough items were visited often enough, and an item that several seeds lead to gains from all of them,
/// V[b] = (Σ_q √V_q[b])². The cost does not depend on the size of the graph. Immutable; several threads may use it, each with a
/// <see cref="Scratch"/> of its own.
/// </summary>
public sealed unsafe class PixieWalk
{
    // Walks that are advanced side by side: each step waits for four reads that depend on one another, and those of different
    // walks overlap.
    private const int Lanes = 8;

    private readonly Bipartite _relation;
    private readonly PixieParameters _parameters;
    private readonly ulong _seed;
    private readonly int _maxDegree;
    private readonly uint _restartBelow;

    /// <param name="relation">Where to walk.</param>
    /// <param name="p">How far.</param>
    /// <param name="seed">For every random choice.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is out of range.</exception>
    public PixieWalk(Bipartite relation, PixieParameters p, int seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(p.Steps, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(p.StopVisits, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(p.StopItems);
        if (p.Restart is not (> 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(p), p.Restart, "restart must be above 0 and at most 1.");
        (_relation, _parameters, _seed) = (relation, p, Mix((uint)seed));
        for (var item = 0; item < relation.ItemCount; item++) _maxDegree = Math.Max(_maxDegree, relation.ItemDegree(item));
        _restartBelow = (uint)Math.Min(p.Restart * uint.MaxValue, uint.MaxValue);
    }

    /// <summary>Buffers for one thread.</summary>
    public Scratch NewScratch() => new(_relation.ItemCount);

    /// <summary>Buffers of one thread: 12 bytes per item.</summary>
    public sealed class Scratch
    {
        internal Scratch(int items) => (Visits, Touched, Roots) = (new int[items], new int[items + 1], new float[items]);

        /// <summary>How many steps the last <see cref="PixieWalk.Score"/> made; fewer than allotted when walks ended early.</summary>
        public long StepsMade { get; internal set; }

        /// <summary>V_q by item; all zero between seeds.</summary>
        internal int[] Visits { get; }

        /// <summary>The items visited from this seed; one longer than needed, because an append is written before it is known to be new.</summary>
        internal int[] Touched { get; }

        internal int TouchedCount { get; set; }

        /// <summary>Σ_q √V_q by item; all zero between users.</summary>
        internal float[] Roots { get; }
    }

    /// <summary>
    /// How many steps each seed is allotted, in proportion to |w_q| · s_q with s_q = |E(q)| · (C − ln |E(q)|), C the largest degree
    /// (§3.1, equations 1 and 2) over |E(q)|^ItemAlpha; rounded up. An item without users gets none.
    /// </summary>
    public void Allot(ReadOnlySpan<int> items, ReadOnlySpan<float> weights, Span<int> steps)
    {
        var sum = 0.0;
        for (var n = 0; n < items.Length; n++) sum += Share(items[n], weights[n]);
        for (var n = 0; n < items.Length; n++) steps[n] = sum > 0 ? (int)Math.Ceiling(_parameters.Steps * Share(items[n], weights[n]) / sum) : 0;
    }

    /// <summary>Writes V of every item for a history.</summary>
    /// <param name="user">Whose history it is: each user's walks are drawn from a stream of their own for each seed.</param>
    /// <param name="items">The history, each item once.</param>
    /// <param name="weights">One per item; of negative weight, a seed's visits count against an item.</param>
    /// <param name="scratch">Buffers of this thread.</param>
    /// <param name="scores">One per item; what it held is overwritten.</param>
    public void Score(int user, ReadOnlySpan<int> items, ReadOnlySpan<float> weights, Scratch scratch, Span<float> scores)
    {
        var roots = scratch.Roots;
        Span<int> steps = items.Length <= 1024 ? stackalloc int[items.Length] : new int[items.Length];
        Allot(items, weights, steps);
        scratch.StepsMade = 0;
        for (var n = 0; n < items.Length; n++)
        {
            Walk(user, items[n], steps[n], scratch);
            foreach (var item in scratch.Touched.AsSpan(0, scratch.TouchedCount))
            {
                roots[item] += MathF.CopySign(MathF.Sqrt(scratch.Visits[item]), weights[n]);
                scratch.Visits[item] = 0;
            }
        }
        for (var item = 0; item < roots.Length; item++) scores[item] = roots[item] * Math.Abs(roots[item]);
        Array.Clear(roots);
    }

    /// <summary>
    /// What each seed adds to V of <paramref name="target"/>: √V_q · |Σ_r √V_r|, which sum to V. Makes all walks of the user anew.
    /// </summary>
    public void Contributions(
        int user, ReadOnlySpan<int> items, ReadOnlySpan<float> weights, int target, Scratch scratch, Span<float> contributions)
    {
        var steps = new int[items.Length];
        Allot(items, weights, steps);
        var sum = 0f;
        for (var n = 0; n < items.Length; n++)
        {
            Walk(user, items[n], steps[n], scratch);
            contributions[n] = scratch.Visits[target] == 0 ? 0 : MathF.CopySign(MathF.Sqrt(scratch.Visits[target]), weights[n]);
            sum += contributions[n];
            foreach (var item in scratch.Touched.AsSpan(0, scratch.TouchedCount)) scratch.Visits[item] = 0;
        }
        for (var n = 0; n < items.Length; n++) contributions[n] *= Math.Abs(sum);
    }

    private double Share(int item, float weight)
    {
        var degree = _relation.ItemDegree(item);
        return degree == 0 ? 0 : Math.Abs(weight) * Math.Pow(degree, 1 - _parameters.ItemAlpha) * (_maxDegree - Math.Log(degree));
    }

    /// <summary>One seed's walks: visits into the scratch, which must be zero.</summary>
    private void Walk(int user, int seedItem, int steps, Scratch scratch)
    {
        scratch.TouchedCount = 0;
        var state = _seed ^ Mix(((ulong)(uint)user << 32) | (uint)seedItem);
        var (count, often) = (0, 0);
        var limit = _parameters.StopItems == 0 ? int.MaxValue : _parameters.StopItems;
        var lanes = stackalloc int[Lanes];
        new Span<int>(lanes, Lanes).Fill(seedItem);
        fixed (int* itemStarts = _relation.ItemOffsets, users = _relation.Users, userStarts = _relation.UserOffsets, items = _relation.Items)
        fixed (int* visits = scratch.Visits, touched = scratch.Touched)
        {
            var made = 0;
            while (made < steps && often <= limit)
            {
                made += Lanes;
                for (var lane = 0; lane < Lanes; lane++)
                {
                    var random = Next(ref state);
                    var via = users[Draw(itemStarts, lanes[lane], (uint)random)];
                    lanes[lane] = items[Draw(userStarts, via, (uint)(random >> 32))];
                }
                for (var lane = 0; lane < Lanes; lane++)
                {
                    var item = lanes[lane];
                    touched[count] = item;
                    var seen = ++visits[item];
                    count += seen == 1 ? 1 : 0;
                    often += seen == _parameters.StopVisits ? 1 : 0;
                    lanes[lane] = (uint)Next(ref state) <= _restartBelow ? seedItem : item;
                }
            }
            scratch.StepsMade += made;
        }
        scratch.TouchedCount = count;
    }

    /// <summary>The place of one of a row's entries, all equally likely but for one in 2³² of the row's length.</summary>
    private static int Draw(int* starts, int row, uint random)
    {
        var start = starts[row];
        return start + (int)(((ulong)random * (uint)(starts[row + 1] - start)) >> 32);
    }

    /// <summary>SplitMix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Next(ref ulong state) => Mix(state += 0x9E3779B97F4A7C15UL);

    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9UL;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EBUL;
        return value ^ (value >> 31);
    }
}
