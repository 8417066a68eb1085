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

    private const string Kind = "lists";

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

    /// <summary>Writes lists as <see cref="Read"/> reads them.</summary>
    public static void Save(ItemNeighbours lists, Stream stream)
    {
        var starts = new int[lists.ItemCount + 1];
        for (var item = 0; item < lists.ItemCount; item++) starts[item + 1] = starts[item] + lists.Of(item).Length;
        var (items, scores) = (new int[lists.EdgeCount], new float[lists.EdgeCount]);
        for (var item = 0; item < lists.ItemCount; item++)
        {
            lists.Of(item).CopyTo(items.AsSpan(starts[item]));
            lists.Scores(item).CopyTo(scores.AsSpan(starts[item]));
        }
        using var writer = new ModelWriter(stream, Kind, version: 1);
        writer.Array<int>("starts", starts);
        writer.Array<int>("items", items);
        writer.Array<float>("scores", scores);
    }

    /// <summary>Reads lists.</summary>
    /// <param name="stream">Where from.</param>
    /// <param name="name">How messages name the file.</param>
    /// <exception cref="InvalidInputException">The file holds something else, or is damaged.</exception>
    public static ItemNeighbours Read(Stream stream, string name) => ModelReader.Read(stream, name, reader =>
    {
        if (reader.Kind != Kind) throw reader.Bad($"holds {reader.Kind}, and no lists; {ModelFolder.WayOut}");
        reader.CheckVersion(1);
        var (starts, items, scores) = (reader.Array<int>("starts"), reader.Array<int>("items"), reader.Array<float>("scores"));
        var rising = starts is [0, ..] && starts.Zip(starts.Skip(1)).All(p => p.First <= p.Second);
        if (rising && starts[^1] == items.Length && items.Length == scores.Length && items.All(item => item >= 0 && item < starts.Length - 1)) return new ItemNeighbours(starts, items, scores, []);
        throw reader.Bad($"names dramas that are not there; {ModelFolder.WayOut}");
    });

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
