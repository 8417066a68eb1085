using GraphRec.Core;
using GraphRec.Graph.Kernels;
using GraphRec.Learning.Models;

namespace GraphRec.Learning.Training;

/// <summary>
/// What serving reads of a model that is linear in the user's items: a user's score of b is Σ w_a · W[a,b] over their items a,
/// so that row a of W is the scores of somebody who has a alone. Serving adds up the rows of a viewer's dramas, and each row is
/// the evidence of one of them.
/// </summary>
public static class ItemLists
{
    /// <summary>Dramas in each list that is served: with more, every request reads more.</summary>
    public const int ServedLength = 100;

    /// <summary>For each item the <paramref name="length"/> largest positive entries of its row, best first, itself left out; without counts.</summary>
    /// <exception cref="InvalidInputException">The model is not linear in the user's items; the message lists those that are.</exception>
    public static ItemNeighbours Of(IModel model, int length, int threads, CancellationToken cancel = default)
    {
        RefuseOther(model.Kind);
        var rows = new (int[] Items, float[] Scores)[model.ItemCount];
        Rows.ForEach(
            model.ItemCount, 16, threads,
            () => (Scorer: model.NewScorer(), Scores: new float[model.ItemCount], Best: new TopK(length)),
            (scratch, item) =>
            {
                scratch.Scorer.Score(new UserBlock([UserBlock.Unknown], [0, 1], [item], [1]), scratch.Scores);
                scratch.Best.TakeUnknown(scratch.Scores, [item]);
                rows[item] = (scratch.Best.Items.ToArray(), scratch.Best.Scores.ToArray());
            },
            cancel);
        var starts = new int[rows.Length + 1];
        for (var item = 0; item < rows.Length; item++) starts[item + 1] = starts[item] + rows[item].Items.Length;
        return new ItemNeighbours(starts, [.. rows.SelectMany(row => row.Items)], [.. rows.SelectMany(row => row.Scores)], []);
    }

    /// <summary>Refuses kinds whose scores are no sum over the user's items with fixed weights.</summary>
    /// <exception cref="InvalidInputException">It is one of them.</exception>
    public static void RefuseOther(string kind)
    {
        if (ModelKinds.Of(kind).IsLinear) return;
        throw new InvalidInputException(
            ErrorCodes.BadUserInput,
            $"{kind} cannot be served: its scores are no sum over a viewer's own dramas. Train one of {string.Join(", ", ModelKinds.All.Where(k => k.IsLinear).Select(k => k.Name))}.");
    }
}
