using GraphRec.Graph.Kernels;
using GraphRec.Learning.Evaluation;
using GraphRec.Learning.Linear;

namespace GraphRec.Learning.Models;

/// <summary>
/// EASE^R: item-to-item weights by ridge regression of each item on all others, in closed form (Steck, "Embarrassingly
/// shallow autoencoders for sparse data", WWW 2019): with G = XᵀX + λI and P = G⁻¹, the weights are −P[j, i] / P[i, i], and 0
/// on the diagonal. Users are folded in by their items; explained exactly. Memory and time grow with the square and the cube
/// of the number of items.
/// </summary>
public sealed class EaseModel : ITopItemsModel
{
    private static readonly ModelParameter Lambda = new("lambda", 200, 10, 5000, "how strongly weights are drawn to 0 (the ridge), in engagements per item") { IsLogarithmic = true, Minimum = 0.01 };
    private static readonly ModelParameter MaxItems = new("maxItems", 0, 0, EaseFit.MostItems, "only so many items, the most engaged with, are learned from and scored, the others score 0; 0 for all that fit") { IsWhole = true, IsFixed = true, Minimum = 0 };

    // Row j, column i: P[j, i], and 0 on the diagonal; symmetric. An item's column is its place in _items.
    private readonly float[] _inverse;
    private readonly int[] _items;
    private readonly int[] _columns;

    // By column: −1 / P[i, i].
    private readonly float[] _scales;

    internal EaseModel(int itemCount, int[] items, float[] inverse, float[] scales)
    {
        (ItemCount, _items, _inverse, _scales) = (itemCount, items, inverse, scales);
        _columns = new int[itemCount];
        Array.Fill(_columns, -1);
        for (var column = 0; column < items.Length; column++) _columns[items[column]] = column;
    }

    public static ModelKind Definition { get; } = new("ease", "each item's ridge regression on all others, in closed form (EASE^R, Steck 2019)", [Lambda, MaxItems])
    {
        Fit = (recipe, input, cancel) => Fit(input, recipe[Lambda], recipe.Whole(MaxItems), cancel),
        Load = Load,
        IsLinear = true,
        MemoryEstimate = (recipe, input) => EaseFit.Of(input.Train, recipe[Lambda], recipe.Whole(MaxItems), AvailableBytes).MemoryEstimate,
    };

    private static long AvailableBytes => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    public string Kind => Definition.Name;

    public int ItemCount { get; }

    /// <summary>How many items are learned from and scored.</summary>
    public int ScoredItems => _items.Length;

    /// <summary>
    /// Fits, over items or, where they are fewer and memory allows it, over users. The result does not depend on the seed or
    /// the order of pairs.
    /// </summary>
    /// <param name="input">What to learn from; engagements count 1.</param>
    /// <param name="lambda">The ridge, above 0.</param>
    /// <param name="maxItems">How many items at most; 0 for all.</param>
    /// <param name="cancel">Looked at every few milliseconds.</param>
    /// <exception cref="Core.InvalidInputException">It does not fit into memory; the message says what would.</exception>
    public static EaseModel Fit(FitInput input, double lambda, int maxItems = 0, CancellationToken cancel = default)
    {
        var fit = EaseFit.Of(input.Train, lambda, maxItems, AvailableBytes);
        fit.CheckMemory();
        return fit.Run(input.Threads, input.Progress, cancel);
    }

    public IScorer NewScorer() => new Scorer(this);

    public bool TryExplain(in UserBlock user, int item, Span<float> contributions)
    {
        var column = _columns[item];
        var items = user.ItemsOf(0);
        for (var n = 0; n < items.Length; n++) contributions[n] = column < 0 || _columns[items[n]] < 0 ? 0 : user.WeightsOf(0)[n] * Weight(_columns[items[n]], column);
        return true;
    }

    public void TopItems(
        InteractionMatrix known, IReadOnlyList<int> users, int top, int threads, UserTopItems consume, CancellationToken cancel) =>
        new EaseTopItems(_inverse, _scales, _items, _columns, known, users, top).Run(threads, consume, cancel);

    public void Save(Stream stream)
    {
        using var writer = new ModelWriter(stream, Kind, version: 1);
        writer.Number("itemCount", ItemCount);
        writer.Array<int>("items", _items);
        writer.Array<float>("scales", _scales);
        // The half below the diagonal, row by row.
        for (var row = 0; row < _items.Length; row++) writer.Array<float>("row", Row(row)[..row]);
    }

    private static EaseModel Load(ModelReader reader)
    {
        reader.CheckVersion(1);
        var itemCount = (int)reader.Number("itemCount");
        var items = reader.Array<int>("items");
        var scales = reader.Array<float>("scales");
        if (scales.Length != items.Length || items.Length > EaseFit.MostItems || items.Any(item => item < 0 || item >= itemCount)) throw reader.Bad("is damaged; train again or copy it again");
        var inverse = new float[(long)items.Length * items.Length];
        for (var row = 0; row < items.Length; row++)
        {
            var below = reader.Array<float>("row");
            if (below.Length != row) throw reader.Bad("is damaged; train again or copy it again");
            below.CopyTo(inverse.AsSpan(row * items.Length));
        }
        EaseFit.Mirror(inverse, items.Length, Environment.ProcessorCount, CancellationToken.None);
        return new EaseModel(itemCount, items, inverse, scales);
    }

    private float Weight(int from, int to) => _inverse[((long)from * _items.Length) + to] * _scales[to];

    private ReadOnlySpan<float> Row(int row) => _inverse.AsSpan(row * _items.Length, _items.Length);

    /// <summary>Buffers of one thread: the columns and weights of a block's users, and their sums.</summary>
    private sealed unsafe class Scorer(EaseModel model) : IScorer
    {
        // Columns are taken 1,024 at a time, so that the pieces of rows that several users of the block share, 4 KiB each,
        // are still in L3 for the next user; those of 64 users are some 1,500 rows.
        private const int Piece = 1024;

        private readonly float[] _sums = new float[Piece];
        private readonly List<int> _starts = [], _rows = [];
        private readonly List<float> _weights = [];

        public int BlockSize => 64;

        public void Score(in UserBlock users, Span<float> scores)
        {
            Gather(users);
            scores[..(users.Count * model.ItemCount)].Clear();
            var columns = model._items.Length;
            var (starts, rows, weights) = (_starts.ToArray(), _rows.ToArray(), _weights.ToArray());
            fixed (float* inverse = model._inverse, sums = _sums)
            {
                for (var first = 0; first < columns; first += Piece)
                {
                    var count = Math.Min(Piece, columns - first);
                    for (var user = 0; user < users.Count; user++)
                    {
                        var own = starts[user]..starts[user + 1];
                        RowSums.Sum(inverse + first, columns, rows.AsSpan(own), weights.AsSpan(own), count, sums);
                        var into = scores.Slice(user * model.ItemCount, model.ItemCount);
                        for (var n = 0; n < count; n++) into[model._items[first + n]] = sums[n] * model._scales[first + n];
                    }
                }
            }
        }

        /// <summary>The rows of the matrix that each user's items are, without the items that are not scored.</summary>
        private void Gather(in UserBlock users)
        {
            _starts.Clear();
            _rows.Clear();
            _weights.Clear();
            for (var user = 0; user < users.Count; user++)
            {
                _starts.Add(_rows.Count);
                var items = users.ItemsOf(user);
                var weights = users.WeightsOf(user);
                for (var n = 0; n < items.Length; n++)
                {
                    if (model._columns[items[n]] < 0) continue;
                    _rows.Add(model._columns[items[n]]);
                    _weights.Add(weights[n]);
                }
            }
            _starts.Add(_rows.Count);
        }
    }
}
