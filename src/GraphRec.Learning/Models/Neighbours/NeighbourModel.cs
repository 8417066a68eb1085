using GraphRec.Graph.Kernels;
using GraphRec.Learning.Evaluation;

namespace GraphRec.Learning.Models.Neighbours;

/// <summary>
/// Items that speak for items, as a sparse matrix W with a row per item: a user's score of b is Σ w_a · W[a,b] over their items
/// a. Item-based nearest neighbours and sparse linear models are such; users need not be known. Linear, so that what each item
/// adds is exact.
/// </summary>
public sealed class NeighbourModel : ITopItemsModel
{
    private readonly ItemWeights _rows;

    /// <param name="kind">As which kind it is saved.</param>
    /// <param name="rows">W.</param>
    internal NeighbourModel(string kind, ItemWeights rows) => (Kind, _rows) = (kind, rows);

    public string Kind { get; }

    public int ItemCount => _rows.ItemCount;

    /// <summary>How many entries of W are kept.</summary>
    public int EntryCount => _rows.Items.Length;

    public IScorer NewScorer() => new Scorer(this);

    public bool TryExplain(in UserBlock user, int item, Span<float> contributions)
    {
        var items = user.ItemsOf(0);
        var weights = user.WeightsOf(0);
        for (var n = 0; n < items.Length; n++)
        {
            var at = _rows.Of(items[n]).BinarySearch(item);
            contributions[n] = at < 0 ? 0 : weights[n] * _rows.WeightsOf(items[n])[at];
        }
        return true;
    }

    public void TopItems(
        InteractionMatrix known, IReadOnlyList<int> users, int top, int threads, UserTopItems consume, CancellationToken cancel)
    {
        Rows.ForEach(
            users.Count, 32, threads,
            () => (Scores: new float[ItemCount], Best: new TopK(top)),
            (scratch, n) =>
            {
                var items = known.ItemsOf(users[n]);
                foreach (var item in items) Add(item, 1, scratch.Scores);
                scratch.Best.TakeUnknown(scratch.Scores, items);
                consume(users[n], scratch.Best.Items, scratch.Best.Scores);
            },
            cancel);
    }

    public void Save(Stream stream)
    {
        using var writer = new ModelWriter(stream, Kind, version: 1);
        writer.Array<int>("starts", _rows.Starts);
        writer.Array<int>("items", _rows.Items);
        writer.Array<float>("weights", _rows.Weights);
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    internal static NeighbourModel Load(ModelReader reader)
    {
        reader.CheckVersion(1);
        var rows = new ItemWeights(reader.Array<int>("starts"), reader.Array<int>("items"), reader.Array<float>("weights"));
        if (!IsMatrix(rows)) throw reader.Bad("is damaged (its rows are no matrix); train again or copy it again");
        return new NeighbourModel(reader.Kind, rows);
    }

    private static bool IsMatrix(ItemWeights rows)
    {
        if (rows.Starts.Length == 0 || rows.Starts[0] != 0 || rows.Starts[^1] != rows.Items.Length || rows.Items.Length != rows.Weights.Length) return false;
        for (var item = 0; item < rows.ItemCount; item++)
        {
            if (rows.Starts[item + 1] < rows.Starts[item]) return false;
            var last = -1;
            foreach (var other in rows.Of(item))
            {
                if (other <= last || other >= rows.ItemCount) return false;
                last = other;
            }
        }
        return true;
    }

    private void Add(int item, float weight, Span<float> scores)
    {
        var others = _rows.Of(item);
        var weights = _rows.WeightsOf(item);
        for (var n = 0; n < others.Length; n++) scores[others[n]] += weight * weights[n];
    }

    private sealed class Scorer(NeighbourModel model) : IScorer
    {
        // Rows of different users have little in common, and are read once each: a block saves nothing.
        public int BlockSize => 1;

        public void Score(in UserBlock users, Span<float> scores)
        {
            scores[..(users.Count * model.ItemCount)].Clear();
            for (var row = 0; row < users.Count; row++)
            {
                var items = users.ItemsOf(row);
                var weights = users.WeightsOf(row);
                var into = scores.Slice(row * model.ItemCount, model.ItemCount);
                for (var n = 0; n < items.Length; n++) model.Add(items[n], weights[n], into);
            }
        }
    }
}
