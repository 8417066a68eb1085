using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace GraphRec.Learning.Models.Blending;

/// <summary>
/// Scores of a model whose scale has nothing to do with that of others, brought to [0, 1] per user: with r the score over the
/// user's highest among items they do not have, ln(1 + 50 r) / ln 51, and 0 for scores below 0. Not for concurrent use.
/// </summary>
/// <remarks>
/// The logarithm makes a sum of a product of powers, r₁^w₁ · r₂^w₂; the 1 beside it keeps a model that says "not at all" from
/// forbidding an item.
/// </remarks>
internal sealed class MemberScores(IModel member)
{
    private const float Steepness = 50;

    private readonly IScorer _scorer = member.NewScorer();
    private float[] _scores = [];

    /// <summary>How many users are best scored together.</summary>
    public int BlockSize => _scorer.BlockSize;

    /// <summary>Adds to the sums of each user <paramref name="weight"/> times the scores of all items.</summary>
    /// <param name="users">The users.</param>
    /// <param name="weight">Of this member.</param>
    /// <param name="sums">users.Count × items, a row per user.</param>
    public void AddTo(in UserBlock users, float weight, Span<float> sums)
    {
        var items = member.ItemCount;
        if (_scores.Length < users.Count * items) _scores = new float[users.Count * items];
        _scorer.Score(users, _scores.AsSpan(0, users.Count * items));
        for (var row = 0; row < users.Count; row++) Add(_scores.AsSpan(row * items, items), users.ItemsOf(row), weight, sums.Slice(row * items, items));
    }

    private static void Add(Span<float> row, ReadOnlySpan<int> own, float weight, Span<float> sums)
    {
        var kept = own.Length <= 1024 ? stackalloc float[own.Length] : new float[own.Length];
        for (var n = 0; n < own.Length; n++) (kept[n], row[own[n]]) = (row[own[n]], 0);
        var highest = TensorPrimitives.Max(row);
        for (var n = 0; n < own.Length; n++) row[own[n]] = kept[n];
        if (highest <= 0) return;
        // In one pass: five, one per operation, took three times as long as most members take to score.
        var (slope, factor) = (Steepness / highest, weight / MathF.Log2(1 + Steepness));
        var scores = MemoryMarshal.Cast<float, Vector<float>>(row);
        var into = MemoryMarshal.Cast<float, Vector<float>>(sums);
        for (var n = 0; n < scores.Length; n++) into[n] += factor * Vector.Log2(Vector.Max(scores[n] * slope, Vector<float>.Zero) + Vector<float>.One);
        for (var n = scores.Length * Vector<float>.Count; n < row.Length; n++) sums[n] += factor * MathF.Log2(Math.Max(row[n] * slope, 0) + 1);
    }
}
