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
/// Work: Σ deg(user)² additions and items² / 16 comparisons. A row is summed into a dense array and the best are found by
/// comparing whole vectors with the worst that is kept: a list of what was touched costs more to keep than it saves, up to
/// some 10⁵ items.
/// </remarks>
public static unsafe class SimilarItems
{
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
            () => (Sums: new float[padded], Best: new BestEntries(p.Neighbours)),
            (scratch, item) =>
            {
                Sum(relation, item, p.UserWeights, scratch.Sums);
                scratch.Sums[item] = 0;
                scratch.Best.Clear();
                if (p.Measure == ItemSimilarity.Product && p.Shrinkage == 0) Select(new Plain(p.RowScales[item]), scratch.Sums, factors, scratch.Best);
                else if (p.Measure == ItemSimilarity.Product) Select(new Product(p.RowScales[item], p.Shrinkage), scratch.Sums, factors, scratch.Best);
                else Select(new Jaccard(factors[item], p.Shrinkage), scratch.Sums, factors, scratch.Best);
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

    /// <summary>Offers the entries that can enter, and leaves the sums zero.</summary>
    private static void Select<T>(T measure, float[] into, float[] factors, BestEntries best) where T : struct, IMeasure
    {
        fixed (float* sums = into, other = factors)
        {
            // Items come ascending, so one whose score only equals the floor loses the tie: strictly greater suffices.
            var floor = Vector512<float>.Zero;
            for (var first = 0; first + Vector512<float>.Count <= into.Length; first += Vector512<float>.Count)
            {
                var sum = Vector512.Load(sums + first);
                if (sum == Vector512<float>.Zero) continue;
                Vector512<float>.Zero.Store(sums + first);
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

    /// <summary>A measure of sixteen pairs at once. Where nothing is shared it is 0 or NaN, neither of which is above the floor.</summary>
    private interface IMeasure
    {
        Vector512<float> Of(Vector512<float> shared, Vector512<float> other);
    }

    private readonly struct Plain(float scale) : IMeasure
    {
        private readonly Vector512<float> _scale = Vector512.Create(scale);

        public Vector512<float> Of(Vector512<float> shared, Vector512<float> other) => shared * _scale * other;
    }

    private readonly struct Product(float scale, float shrinkage) : IMeasure
    {
        private readonly Vector512<float> _scale = Vector512.Create(scale);
        private readonly Vector512<float> _shrinkage = Vector512.Create(shrinkage);

        public Vector512<float> Of(Vector512<float> shared, Vector512<float> other) =>
            shared * _scale * other * (shared / (shared + _shrinkage));
    }

    private readonly struct Jaccard(float weight, float shrinkage) : IMeasure
    {
        private readonly Vector512<float> _weight = Vector512.Create(weight);
        private readonly Vector512<float> _shrinkage = Vector512.Create(shrinkage);

        public Vector512<float> Of(Vector512<float> shared, Vector512<float> other) =>
            shared / (_weight + other - shared) * (shared / (shared + _shrinkage));
    }
}
