using System.Numerics;
using System.Runtime.Intrinsics;

namespace GraphRec.Graph.Kernels;

/// <summary>Which measure two items are compared by; n(a) is the weight of an item's users together, n(a,b) of those they share.</summary>
public enum ItemSimilarity
{
    /// <summary>n(a,b) · rowScale(a) · columnScale(b): the cosine where both are 1/√n.</summary>
    Product,

    /// <summary>n(a,b) / (n(a) + n(b) − n(a,b)); the scales are not looked at.</summary>
    Jaccard,
}

/// <summary>How similar items are found.</summary>
/// <param name="UserWeights">What each user counts, from 0.</param>
/// <param name="RowScales">A factor per item whose neighbours are looked for.</param>
/// <param name="ColumnScales">A factor per neighbour.</param>
/// <param name="Measure">Of which the similarity is made.</param>
/// <param name="Shrinkage">
/// In the unit of the user weights: the similarity is multiplied by n(a,b) / (n(a,b) + shrinkage), as a few shared users prove
/// little (Bell, Koren, "Improved neighborhood-based collaborative filtering", KDD Cup 2007).
/// </param>
/// <param name="Neighbours">How many to keep per item.</param>
public sealed record SimilarItemsParameters(
    float[] UserWeights, float[] RowScales, float[] ColumnScales, ItemSimilarity Measure, float Shrinkage, int Neighbours);

/// <summary>A sparse matrix of items by items, as compressed sparse rows, each ascending by item.</summary>
/// <param name="Starts">Where each row begins, and where the last ends: length items + 1.</param>
/// <param name="Items">The column of each entry.</param>
/// <param name="Weights">The value of each entry.</param>
public sealed record ItemWeights(int[] Starts, int[] Items, float[] Weights)
{
    public int ItemCount => Starts.Length - 1;

    /// <summary>The columns of a row, ascending.</summary>
    public ReadOnlySpan<int> Of(int item) => Items.AsSpan(Starts[item], Starts[item + 1] - Starts[item]);

    /// <summary>One value per column of the row.</summary>
    public ReadOnlySpan<float> WeightsOf(int item) => Weights.AsSpan(Starts[item], Starts[item + 1] - Starts[item]);

    /// <summary>The same entries with rows and columns exchanged.</summary>
    public ItemWeights Transposed()
    {
        var starts = new int[Starts.Length];
        foreach (var item in Items) starts[item + 1]++;
        for (var row = 1; row < starts.Length; row++) starts[row] += starts[row - 1];
        var (items, weights, next) = (new int[Items.Length], new float[Items.Length], starts[..^1]);
        for (var row = 0; row < ItemCount; row++)
        {
            for (var n = Starts[row]; n < Starts[row + 1]; n++)
            {
                var at = next[Items[n]]++;
                (items[at], weights[at]) = (row, Weights[n]);
            }
        }
        return new ItemWeights(starts, items, weights);
    }

    /// <summary>Joins rows, each ascending by item.</summary>
    public static ItemWeights OfRows(IReadOnlyList<(int[] Items, float[] Weights)> rows)
    {
        var starts = new int[rows.Count + 1];
        for (var row = 0; row < rows.Count; row++) starts[row + 1] = checked(starts[row] + rows[row].Items.Length);
        var (items, weights) = (new int[starts[^1]], new float[starts[^1]]);
        for (var row = 0; row < rows.Count; row++)
        {
            rows[row].Items.CopyTo(items, starts[row]);
            rows[row].Weights.CopyTo(weights, starts[row]);
        }
        return new ItemWeights(starts, items, weights);
    }
}

/// <summary>
/// The most similar items of every item by the users they share: rows of XᵀDX, of which nothing but the best entries of each
/// is ever stored.
/// </summary>
/// <remarks>
/// Work: Σ deg(user)² additions and items² / 16 comparisons: a row is summed into a dense array, which is gone over by whole vectors.
/// Cosine with 100 neighbours on Gowalla (40,981 items, 62.5·10⁶ additions, 42.4·10⁶ pairs that share a user), CPU seconds on one core:
/// <list type="bullet">
/// <item>The sums alone: 0.17. Listing what was touched instead of going over the array costs more than it saves, up to some 10⁵ items.</item>
/// <item>Every pair offered to <see cref="TopK"/>'s heap: about 1.6; gathered, and the best selected in linear time: 1.1.</item>
/// <item>Of every sixteenth vector, first, a guess of what the worst of the best will be, so that most pairs are never gathered: 0.8.</item>
/// </list>
/// </remarks>
public static unsafe class SimilarItems
{
    private const int SampleStride = 16;

    /// <summary>
    /// The rows: the best of each item, those of equal similarity by lower number, itself and what shares no user excluded.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Neighbours or shrinkage is below 0.</exception>
    public static ItemWeights Build(Bipartite relation, SimilarItemsParameters p, int threads, CancellationToken cancel, IProgress<double>? progress = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(p.Neighbours);
        ArgumentOutOfRangeException.ThrowIfNegative(p.Shrinkage);
        var done = 0;
        var rows = new (int[], float[])[relation.ItemCount];
        var padded = relation.ItemCount + Vector512<float>.Count;
        var factors = new float[padded];
        if (p.Measure == ItemSimilarity.Product) p.ColumnScales.CopyTo(factors, 0);
        else
            for (var item = 0; item < relation.ItemCount; item++) factors[item] = Weight(relation, item, p.UserWeights);
        Rows.ForEach(
            relation.ItemCount, 64, threads,
            () => new Scratch(padded, p.Neighbours),
            (scratch, item) =>
            {
                Sum(relation, item, p.UserWeights, scratch.Sums);
                scratch.Sums[item] = 0;
                if (p.Measure == ItemSimilarity.Product && p.Shrinkage == 0) Select(new Plain(p.RowScales[item]), factors, scratch);
                else if (p.Measure == ItemSimilarity.Product) Select(new Product(p.RowScales[item], p.Shrinkage), factors, scratch);
                else Select(new Jaccard(factors[item], p.Shrinkage), factors, scratch);
                rows[item] = scratch.Best.ToArrays();
                if (progress is not null && Interlocked.Increment(ref done) is var n && n % 1024 == 0) progress.Report((double)n / rows.Length);
            },
            cancel);
        return ItemWeights.OfRows(rows);
    }

    private static float Weight(Bipartite relation, int item, float[] userWeights)
    {
        var sum = 0.0;
        foreach (var user in relation.UsersOf(item)) sum += userWeights[user];
        return (float)sum;
    }

    private static void Sum(Bipartite relation, int item, float[] userWeights, float[] into)
    {
        fixed (int* items = relation.Items)
        fixed (float* sums = into)
        {
            foreach (var user in relation.UsersOf(item))
            {
                var weight = userWeights[user];
                var at = items + relation.UserOffsets[user];
                var end = items + relation.UserOffsets[user + 1];
                for (; at + 4 <= end; at += 4)
                {
                    sums[at[0]] += weight;
                    sums[at[1]] += weight;
                    sums[at[2]] += weight;
                    sums[at[3]] += weight;
                }
                for (; at < end; at++) sums[*at] += weight;
            }
        }
    }

    /// <summary>Leaves the best in the scratch, and the sums zero.</summary>
    private static void Select<T>(T measure, float[] factors, Scratch scratch) where T : struct, IMeasure
    {
        var (sums, sample, best) = (scratch.Sums, scratch.Sample, scratch.Best);
        sample.Clear(0);
        Offer(measure, sums, factors, sample, SampleStride);
        sample.Settle();
        best.Clear(sample.Floor);
        Offer(measure, sums, factors, best, 1);
        if (sample.Floor > 0 && best.Count < scratch.Neighbours)
        {
            // The guess was too high.
            best.Clear(0);
            Offer(measure, sums, factors, best, 1);
        }
        Array.Clear(sums);
    }

    /// <summary>Offers the entries above the floor of every so many-th vector, by rising index.</summary>
    private static void Offer<T>(T measure, float[] row, float[] factors, BestEntries best, int stride) where T : struct, IMeasure
    {
        fixed (float* sums = row, other = factors)
        {
            var floor = Vector512.Create(best.Floor);
            for (var first = 0; first + Vector512<float>.Count <= row.Length; first += stride * Vector512<float>.Count)
            {
                var sum = Vector512.Load(sums + first);
                // A branch that is mispredicted costs more than two products, but less than two quotients.
                if (T.Divides && sum == Vector512<float>.Zero) continue;
                var scores = measure.Of(sum, Vector512.Load(other + first));
                var better = Vector512.GreaterThan(scores, floor).ExtractMostSignificantBits();
                if (better == 0) continue;
                for (; better != 0; better &= better - 1)
                {
                    var lane = BitOperations.TrailingZeroCount(better);
                    best.Add(first + lane, scores[lane]);
                }
                floor = Vector512.Create(best.Floor);
            }
        }
    }

    /// <summary>Buffers of one thread.</summary>
    private sealed class Scratch(int padded, int neighbours)
    {
        public int Neighbours { get; } = neighbours;

        /// <summary>n(a,b) by item, padded to whole vectors; all zero between rows.</summary>
        public float[] Sums { get; } = new float[padded];

        public BestEntries Best { get; } = new(neighbours);

        /// <summary>
        /// Half as many again as a fair sample has of the best, and a few: the guess is to be too low, for too high costs a second round.
        /// </summary>
        public BestEntries Sample { get; } = new(8 + (neighbours * 3 / (2 * SampleStride)));
    }

    /// <summary>A measure of sixteen pairs at once. Where nothing is shared it is 0 or NaN, neither of which is above the floor.</summary>
    private interface IMeasure
    {
        Vector512<float> Of(Vector512<float> shared, Vector512<float> other);

        static abstract bool Divides { get; }
    }

    private readonly struct Plain(float scale) : IMeasure
    {
        private readonly Vector512<float> _scale = Vector512.Create(scale);

        public static bool Divides => false;

        public Vector512<float> Of(Vector512<float> shared, Vector512<float> other) => shared * _scale * other;
    }

    private readonly struct Product(float scale, float shrinkage) : IMeasure
    {
        private readonly Vector512<float> _scale = Vector512.Create(scale);
        private readonly Vector512<float> _shrinkage = Vector512.Create(shrinkage);

        public static bool Divides => true;

        public Vector512<float> Of(Vector512<float> shared, Vector512<float> other) =>
            shared * _scale * other * (shared / (shared + _shrinkage));
    }

    private readonly struct Jaccard(float weight, float shrinkage) : IMeasure
    {
        private readonly Vector512<float> _weight = Vector512.Create(weight);
        private readonly Vector512<float> _shrinkage = Vector512.Create(shrinkage);

        public static bool Divides => true;

        public Vector512<float> Of(Vector512<float> shared, Vector512<float> other) =>
            shared / (_weight + other - shared) * (shared / (shared + _shrinkage));
    }
}
