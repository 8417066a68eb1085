using System.Numerics.Tensors;
using GraphRec.Learning.Evaluation;
using GraphRec.Learning.Linear;

namespace GraphRec.Learning.Models.Graphs;

/// <summary>
/// The softmax loss by cosines (Wu, Wang, Gao, Chen, Fu, Qiu, "On the effectiveness of sampled softmax loss for item
/// recommendation", TOIS 2024), over candidates shared by all users of a batch:
/// <code>Σ users Σ their items i of ( log Σ candidates j of cⱼ exp(cos(u, j) / τ) − cos(u, i) / τ ) / pairs of the batch.</code>
/// With all items as candidates nothing is sampled: the sums of a user's items share one row of exponentials, so that an epoch
/// of Gowalla has 1.2·10⁹ of them, where pairs with 2,048 other pairs of a batch as negatives need 1.7·10⁹. Not for concurrent use.
/// </summary>
internal sealed class SoftmaxLoss
{
    // Exponentials that one task takes at once: 16 KiB stay in the first cache.
    private const int Piece = 4096;

    private readonly InteractionMatrix _train;
    private readonly int _width;
    private readonly float _inverse;
    private readonly float[] _users;
    private readonly float[] _userLengths;
    private readonly float[] _userSlopes;
    private readonly float[] _items;
    private readonly float[] _itemLengths;
    private readonly float[] _itemSlopes;
    private readonly float[] _losses;
    private float[] _chances = [];
    private float[] _candidates = [];
    private float[] _candidateSlopes = [];

    /// <param name="train">Who has which item.</param>
    /// <param name="width">Length of the vectors.</param>
    /// <param name="temperature">τ, above 0.</param>
    /// <param name="batch">The most users of a batch.</param>
    public SoftmaxLoss(InteractionMatrix train, int width, double temperature, int batch)
    {
        (_train, _width, _inverse) = (train, width, (float)(1 / temperature));
        (_users, _userSlopes, _userLengths, _losses) = (new float[batch * width], new float[batch * width], new float[batch], new float[batch]);
        (_items, _itemSlopes, _itemLengths) = (new float[checked(train.Items.Count * width)], new float[train.Items.Count * width], new float[train.Items.Count]);
    }

    /// <summary>The loss of a batch; its gradient is added to what <paramref name="gradient"/> holds.</summary>
    /// <param name="users">The batch, each user once and with an item.</param>
    /// <param name="candidates">Which items are compared with, each once.</param>
    /// <param name="logWeights">ln c of each candidate.</param>
    /// <param name="values">The vectors of all users and items.</param>
    /// <param name="gradient">Of the vectors.</param>
    /// <param name="threads">How many, from 1; the result is bit-identical for any number.</param>
    /// <param name="cancel">Looked at often.</param>
    public double Add(
        int[] users, int[] candidates, float[] logWeights, NodeValues values, NodeValues gradient, int threads, CancellationToken cancel)
    {
        var pairs = 0L;
        foreach (var user in users) pairs += _train.ItemsOf(user).Length;
        Prepare(users, candidates, values, threads, cancel);
        var (b, c, w) = (users.Length, candidates.Length, _width);
        var chances = new MatrixBlock(_chances, b, c);
        var (u, v) = (new MatrixBlock(_users, b, w), new MatrixBlock(_candidates, c, w));
        Gemm.Set(_inverse, u, v.Transposed(), chances, threads, cancel);
        var share = 1f / pairs;
        Tasks.ForEach(b, threads, row => Exponentials(row, c, users[row], logWeights, share), cancel);
        Gemm.Set(1, chances, v, new MatrixBlock(_userSlopes, b, w), threads, cancel);
        Gemm.Set(1, chances.Transposed(), u, new MatrixBlock(_candidateSlopes, c, w), threads, cancel);
        for (var n = 0; n < c; n++) _candidateSlopes.AsSpan(n * w, w).CopyTo(_itemSlopes.AsSpan(candidates[n] * w, w));
        var loss = 0.0;
        for (var row = 0; row < b; row++)
        {
            Positives(row, users[row], share);
            loss += _losses[row];
        }
        UnitVectors.AddSlopes(_users, _userLengths, _userSlopes, _inverse, w, b, row => users[row], gradient.Users, threads, cancel);
        UnitVectors.AddSlopes(_items, _itemLengths, _itemSlopes, _inverse, w, _itemLengths.Length, item => item, gradient.Items, threads, cancel);
        return loss;
    }

    private void Prepare(int[] users, int[] candidates, NodeValues values, int threads, CancellationToken cancel)
    {
        UnitVectors.Make(values.Users, _width, users.Length, row => users[row], _users, _userLengths, threads, cancel);
        UnitVectors.Make(values.Items, _width, _itemLengths.Length, item => item, _items, _itemLengths, threads, cancel);
        if (_chances.LongLength < (long)users.Length * candidates.Length) _chances = new float[checked(users.Length * candidates.Length)];
        if (_candidates.Length < candidates.Length * _width)
            (_candidates, _candidateSlopes) = (new float[candidates.Length * _width], new float[candidates.Length * _width]);
        for (var n = 0; n < candidates.Length; n++) _items.AsSpan(candidates[n] * _width, _width).CopyTo(_candidates.AsSpan(n * _width));
        _itemSlopes.AsSpan().Clear();
    }

    /// <summary>Cosines / τ of a row become chances, times the share of the user's pairs in the batch.</summary>
    private void Exponentials(int row, int count, int user, float[] logWeights, float share)
    {
        var chances = _chances.AsSpan(row * count, count);
        var sum = 0.0;
        for (var at = 0; at < count; at += Piece)
        {
            var piece = chances.Slice(at, Math.Min(Piece, count - at));
            TensorPrimitives.Add(piece, logWeights.AsSpan(at, piece.Length), piece);
            // No cosine is above 1: what is subtracted keeps exponentials finite, and is added to the logarithm below.
            TensorPrimitives.Subtract(piece, _inverse, piece);
            TensorPrimitives.Exp(piece, piece);
            sum += TensorPrimitives.Sum<float>(piece);
        }
        var pairs = _train.ItemsOf(user).Length;
        TensorPrimitives.Multiply(chances, (float)(pairs * share / sum), chances);
        _losses[row] = (float)(pairs * share * (Math.Log(sum) + _inverse));
    }

    /// <summary>The user's own items pull.</summary>
    private void Positives(int row, int user, float share)
    {
        var vector = _users.AsSpan(row * _width, _width);
        var slope = _userSlopes.AsSpan(row * _width, _width);
        foreach (var item in _train.ItemsOf(user))
        {
            var other = _items.AsSpan(item * _width, _width);
            var otherSlope = _itemSlopes.AsSpan(item * _width, _width);
            _losses[row] -= share * _inverse * TensorPrimitives.Dot<float>(vector, other);
            TensorPrimitives.MultiplyAdd(other, -share, slope, slope);
            TensorPrimitives.MultiplyAdd(vector, -share, otherSlope, otherSlope);
        }
    }
}

/// <summary>Vectors divided by their length, and gradients led back through that.</summary>
internal static class UnitVectors
{
    /// <summary>Lengths below this count as this, so that a vector of zeros stays one.</summary>
    private const float Least = 1e-12f;

    private const int Chunk = 256;

    /// <summary>unit[n] = values[row(n)] / |values[row(n)]|, for n of 0 … count − 1.</summary>
    public static void Make(
        float[] values, int width, int count, Func<int, int> row, float[] unit, float[] lengths, int threads, CancellationToken cancel) =>
        ParallelRows.ForEach(count, Chunk, threads, () => 0, (_, n) =>
        {
            var from = values.AsSpan(row(n) * width, width);
            lengths[n] = Math.Max(TensorPrimitives.Norm<float>(from), Least);
            TensorPrimitives.Multiply(from, 1 / lengths[n], unit.AsSpan(n * width, width));
        }, cancel);

    /// <summary>
    /// Adds the gradient with respect to the vectors, factor · (s − û (û·s)) / |v| of a slope s with respect to the unit vector û;
    /// what <paramref name="slopes"/> held is lost.
    /// </summary>
    public static void AddSlopes(
        float[] unit, float[] lengths, float[] slopes, float factor, int width, int count, Func<int, int> row, float[] gradient,
        int threads, CancellationToken cancel) =>
        ParallelRows.ForEach(count, Chunk, threads, () => 0, (_, n) =>
        {
            var own = unit.AsSpan(n * width, width);
            var slope = slopes.AsSpan(n * width, width);
            TensorPrimitives.MultiplyAdd(own, -TensorPrimitives.Dot<float>(own, slope), slope, slope);
            var into = gradient.AsSpan(row(n) * width, width);
            TensorPrimitives.MultiplyAdd(slope, factor / lengths[n], into, into);
        }, cancel);
}
