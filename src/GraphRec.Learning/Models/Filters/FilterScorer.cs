using System.Numerics.Tensors;
using GraphRec.Graph.Kernels;
using GraphRec.Learning.Evaluation;
using GraphRec.Learning.Linear;

namespace GraphRec.Learning.Models.Filters;

/// <summary>A scorer that can also keep the best items while a user's scores are still in the cache.</summary>
internal interface IFilterScorer : IScorer
{
    /// <summary>The best items of up to <see cref="IScorer.BlockSize"/> users by their rows of <paramref name="known"/>, which are left out.</summary>
    void TopItems(InteractionMatrix known, ReadOnlySpan<int> users, TopK best, UserTopItems consume);
}

/// <summary>
/// Scores by a <see cref="FilterWeights"/>: a block of users' low-rank parts as one product, tile by tile, into a buffer; then,
/// user by user, the walk is added to the row, which is in L2 from then on, and the row is scaled or its best items are kept.
/// </summary>
internal sealed unsafe class FilterScorer<TTile>(FilterWeights weights, HistoryWalk walk, ItemPanels<TTile>? panels) : IFilterScorer
    where TTile : struct, ITile
{
    private readonly int _items = weights.Seed.Length;
    private readonly int _stride = (weights.Seed.Length + 31) / 32 * 32;
    private readonly float[] _scores = new float[Users * ((weights.Seed.Length + 31) / 32 * 32)];
    private readonly float[] _vectors = new float[Users * weights.Rank];
    private readonly float[] _packed = new float[Users * weights.Rank];
    private readonly float[] _destination = [.. weights.Destination, .. new float[31]];
    private readonly float[] _viewers = walk.NewBuffer();

    // The panels, 73 MB for 41,000 items and 448 factors, are read from memory once per block: at 60 users the product takes
    // far longer than the reading.
    private static int Users => 60;

    public int BlockSize => Users;

    public void Score(in UserBlock users, Span<float> scores)
    {
        for (var first = 0; first < users.Count; first += Users)
        {
            var count = Math.Min(Users, users.Count - first);
            Array.Clear(_vectors);
            for (var row = 0; row < count; row++) AddVector(users.ItemsOf(first + row), users.WeightsOf(first + row), Vector(row));
            Product(count);
            fixed (float* own = _scores)
            {
                for (var row = 0; row < count; row++)
                {
                    walk.Add(users.ItemsOf(first + row), users.WeightsOf(first + row), own + (row * _stride), _viewers);
                    TensorPrimitives.Multiply(_scores.AsSpan(row * _stride, _items), weights.Destination, scores.Slice((first + row) * _items, _items));
                }
            }
        }
    }

    public void TopItems(InteractionMatrix known, ReadOnlySpan<int> users, TopK best, UserTopItems consume)
    {
        Array.Clear(_vectors);
        for (var row = 0; row < users.Length; row++) AddVector(known.ItemsOf(users[row]), default, Vector(row));
        Product(users.Length);
        fixed (float* scores = _scores)
        {
            for (var row = 0; row < users.Length; row++)
            {
                var items = known.ItemsOf(users[row]);
                var own = scores + (row * _stride);
                walk.Add(items, default, own, _viewers);
                BestOfRow.Select(_items, items, _scores.AsSpan(row * _stride, _stride), _destination, best);
                consume(users[row], best.Items, best.Scores);
            }
        }
    }

    private Span<float> Vector(int row) => _vectors.AsSpan(row * weights.Rank, weights.Rank);

    /// <summary>vector += history · SeedFactors.</summary>
    private void AddVector(ReadOnlySpan<int> items, ReadOnlySpan<float> by, Span<float> vector)
    {
        for (var n = 0; n < items.Length; n++)
        {
            var factors = weights.SeedFactors.AsSpan(items[n] * weights.Rank, weights.Rank);
            if (by.IsEmpty) TensorPrimitives.Add(vector, factors, vector);
            else TensorPrimitives.MultiplyAdd(factors, by[n], vector, vector);
        }
    }

    /// <summary>scores = vectors · ItemFactorsᵀ for the first rows; 0 without factors.</summary>
    private void Product(int count)
    {
        if (panels is null)
        {
            Array.Clear(_scores);
            return;
        }
        var rank = weights.Rank;
        fixed (float* vectors = _vectors, packed = _packed, values = panels.Values, scores = _scores)
        {
            for (var row = 0; row < count; row += TTile.Rows)
                Packing.Across(vectors + (row * rank), rank, TTile.Rows, rank, TTile.Rows, packed + (row * rank));
            for (var panel = 0; panel < panels.Count; panel++)
            {
                for (var row = 0; row < count; row += TTile.Rows)
                {
                    TTile.Multiply(
                        rank, packed + (row * rank), values + ((long)panel * panels.PanelLength), 1,
                        scores + (row * _stride) + (panel * TTile.Columns), _stride, add: false);
                }
            }
        }
    }
}
