using System.Numerics.Tensors;

namespace GraphRec.Learning.Models.Blending;

/// <summary>
/// Scores of models whose scales have nothing to do with each other, brought to [0, 1] per user: with r the score over the
/// user's highest among items they do not have, ln(1 + 50 r) / ln 51, and 0 for scores below 0. Not for concurrent use.
/// </summary>
/// <remarks>
/// The logarithm makes of a product of powers a sum, which is what weights are for: r₁^w₁ · r₂^w₂ ranks as the sum does, and
/// r/51 apart from 0 no one model that says "not at all" can forbid an item. On Gowalla stacked weights on r itself found
/// 1 % less NDCG@20 than on its logarithm.
/// </remarks>
internal sealed class MemberScores(IModel member)
{
    private const float Steepness = 50;

    private readonly IScorer _scorer = member.NewScorer();
    private readonly float _scale = 1 / MathF.Log(1 + Steepness);

    /// <summary>How many users are best scored together.</summary>
    public int BlockSize => _scorer.BlockSize;

    /// <summary>Writes the scores of all items for each user, in [0, 1] but for the user's own items.</summary>
    /// <param name="users">The users.</param>
    /// <param name="scores">users.Count × items, a row per user.</param>
    public void Score(in UserBlock users, Span<float> scores)
    {
        _scorer.Score(users, scores);
        for (var row = 0; row < users.Count; row++) Transform(scores.Slice(row * member.ItemCount, member.ItemCount), users.ItemsOf(row));
    }

    private void Transform(Span<float> row, ReadOnlySpan<int> own)
    {
        Span<float> kept = own.Length <= 1024 ? stackalloc float[own.Length] : new float[own.Length];
        for (var n = 0; n < own.Length; n++)
        {
            kept[n] = row[own[n]];
            row[own[n]] = 0;
        }
        var highest = TensorPrimitives.Max(row);
        for (var n = 0; n < own.Length; n++) row[own[n]] = kept[n];
        if (highest <= 0)
        {
            row.Clear();
            return;
        }
        TensorPrimitives.Multiply(row, Steepness / highest, row);
        TensorPrimitives.Max(row, 0, row);
        TensorPrimitives.LogP1(row, row);
        TensorPrimitives.Multiply(row, _scale, row);
    }
}
