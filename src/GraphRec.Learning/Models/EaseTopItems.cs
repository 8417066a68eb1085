using GraphRec.Graph.Kernels;
using GraphRec.Learning.Evaluation;
using GraphRec.Learning.Linear;

namespace GraphRec.Learning.Models;

/// <summary>
/// Every user's best items by EASE. A tile of columns is copied out of the matrix, and every user's scores for it are summed
/// from the copy and compared with their k-th best so far: the matrix comes from memory once, and the 800,000 rows that
/// the users of a data set have, 4 · items bytes each, from L3.
/// </summary>
internal sealed unsafe class EaseTopItems
{
    // 128 columns of 41,000 rows are 21 MB.
    private const int Width = RowSums.Width;

    /// <summary>How many users are a task.</summary>
    private const int Chunk = 64;

    private readonly float[] _inverse;
    private readonly float[] _scales;
    private readonly int[] _items;
    private readonly int[] _columns;
    private readonly IReadOnlyList<int> _users;
    private readonly int _top;
    private readonly TopRows _best;

    // The rows of the matrix that each user's items are, and a weight of 1 for each of the longest.
    private readonly int[] _starts;
    private readonly int[] _rows;
    private readonly float[] _ones;

    public EaseTopItems(float[] inverse, float[] scales, int[] items, int[] columns, InteractionMatrix known, IReadOnlyList<int> users, int top)
    {
        (_inverse, _scales, _items, _columns, _users, _top) = (inverse, scales, items, columns, users, top);
        _best = new TopRows(known, users.Count, top);
        _starts = new int[users.Count + 1];
        var rows = new List<int>();
        for (var row = 0; row < users.Count; row++)
        {
            foreach (var item in known.ItemsOf(users[row]))
                if (columns[item] >= 0) rows.Add(columns[item]);
            _starts[row + 1] = rows.Count;
            _best.Start(row, users[row]);
        }
        _rows = [.. rows];
        _ones = new float[Enumerable.Range(0, users.Count).Select(row => _starts[row + 1] - _starts[row]).DefaultIfEmpty().Max()];
        Array.Fill(_ones, 1);
    }

    public void Run(int threads, UserTopItems consume, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(_top);
        var tile = GC.AllocateUninitializedArray<float>(_items.Length * Width);
        for (var first = 0; first < _items.Length; first += Width)
        {
            var (left, count) = (first, Math.Min(Width, _items.Length - first));
            ForEach(_items.Length, threads, row => _inverse.AsSpan((row * _items.Length) + left, count).CopyTo(tile.AsSpan(row * Width)), cancel);
            ForEach(_users.Count, threads, row => Offer(row, tile, left, count), cancel);
        }
        var rest = Enumerable.Range(0, _columns.Length).Where(item => _columns[item] < 0).ToArray();
        ForEach(_users.Count, threads, row =>
        {
            _best.OfferRest(row, rest, 0);
            _best.Finish(row, consume);
        }, cancel);
    }

    private void Offer(int row, float[] tile, int first, int count)
    {
        var scores = stackalloc float[Width];
        var rows = _rows.AsSpan(_starts[row].._starts[row + 1]);
        fixed (float* from = tile, scales = _scales)
        {
            RowSums.Sum(from, Width, rows, _ones.AsSpan(0, rows.Length), Width, scores);
            for (var column = 0; column < count; column++) scores[column] *= scales[first + column];
        }
        _best.Offer(row, scores, count, first, _items);
    }

    private static void ForEach(int count, int threads, Action<int> row, CancellationToken cancel) => Tasks.ForEach(
        (count + Chunk - 1) / Chunk,
        threads,
        task =>
        {
            for (var n = task * Chunk; n < Math.Min(count, (task + 1) * Chunk); n++) row(n);
        },
        cancel);
}
