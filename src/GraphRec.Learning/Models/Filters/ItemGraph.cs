using System.Numerics.Tensors;
using GraphRec.Core;
using GraphRec.Learning.Evaluation;
using GraphRec.Learning.Linear;

namespace GraphRec.Learning.Models.Filters;

/// <summary>
/// The item graph of Turbo-CF with its filter applied: rows of the pairs that have a user in common, or, at order 2, whole
/// rows. Symmetric.
/// </summary>
internal sealed class ItemGraph
{
    /// <summary>Of the memory that the process may have, so much at most is taken.</summary>
    private const double MemoryShare = 0.7;

    private readonly int[][] _columns;
    private readonly float[][] _values;
    private readonly float[]? _dense;

    private ItemGraph(int[][] columns, float[][] values, float[]? dense) => (_columns, _values, _dense) = (columns, values, dense);

    public required double Alpha { get; init; }

    public required double Power { get; init; }

    public required int Order { get; init; }

    public int ItemCount { get; private init; }

    /// <summary>Entries that are not 0, before the second order.</summary>
    public long EntryCount { get; private init; }

    /// <summary>Bytes at most; at order 1 as if no two users had a pair in common.</summary>
    public static long MemoryEstimate(InteractionMatrix train, int order)
    {
        long pairs = 0, items = train.Items.Count;
        for (var user = 0; user < train.Users.Count; user++) pairs += (long)train.ItemsOf(user).Length * train.ItemsOf(user).Length;
        return (8 * Math.Min(pairs, items * items)) + (order == 1 ? 0 : 8 * items * items);
    }

    /// <summary>Builds it. Work: Σ degree(user)² additions; at order 2, 2 · items³ operations besides.</summary>
    /// <exception cref="InvalidInputException">It does not fit into memory.</exception>
    public static ItemGraph Of(InteractionMatrix train, double alpha, double power, int order, int threads, CancellationToken cancel)
    {
        var items = train.Items.Count;
        Check(items, order, order == 1 ? 0 : 8L * items * items);
        var item = DegreePowers.Of(items, n => train.UsersOf(n).Length, alpha - 1);
        var user = DegreePowers.Of(train.Users.Count, n => train.ItemsOf(n).Length, -2 * alpha);
        var (columns, values) = (new int[items][], new float[items][]);
        long entries = 0;
        Tasks.ForEach(items, threads, () => new Accumulator(items), (own, row) =>
        {
            foreach (var viewer in train.UsersOf(row)) own.Add(train.ItemsOf(viewer), user[viewer]);
            (columns[row], values[row]) = own.Take();
            var made = values[row];
            for (var n = 0; n < made.Length; n++) made[n] = (float)Math.Pow(item[row] * made[n] * item[columns[row][n]], power);
            Check(items, order, 8 * Interlocked.Add(ref entries, made.Length));
        }, cancel);
        var dense = order == 1 ? null : SecondOrder(columns, values, threads, cancel);
        return new ItemGraph(columns, values, dense) { Alpha = alpha, Power = power, Order = order, ItemCount = items, EntryCount = entries };
    }

    /// <summary>scores += weight · an item's row.</summary>
    public void AddRow(int item, float weight, Span<float> scores)
    {
        if (_dense is not null)
        {
            var own = scores[..ItemCount];
            TensorPrimitives.MultiplyAdd(_dense.AsSpan(item * ItemCount, ItemCount), weight, own, own);
            return;
        }
        var (columns, values) = (_columns[item], _values[item]);
        for (var n = 0; n < columns.Length; n++) scores[columns[n]] += weight * values[n];
    }

    /// <summary>One entry.</summary>
    public float Entry(int row, int column)
    {
        if (_dense is not null) return _dense[(row * ItemCount) + column];
        var at = _columns[row].AsSpan().IndexOf(column);
        return at < 0 ? 0 : _values[row][at];
    }

    /// <summary>2P − P², items × items.</summary>
    private static float[] SecondOrder(int[][] columns, float[][] values, int threads, CancellationToken cancel)
    {
        var items = columns.Length;
        var (graph, filter) = (new float[items * items], new float[items * items]);
        for (var row = 0; row < items; row++)
        {
            for (var n = 0; n < columns[row].Length; n++)
            {
                graph[(row * items) + columns[row][n]] = values[row][n];
                filter[(row * items) + columns[row][n]] = 2 * values[row][n];
            }
        }
        var square = new MatrixBlock(graph, items, items);
        Gemm.Add(-1, square, square, new MatrixBlock(filter, items, items), threads, cancel);
        return filter;
    }

    private static void Check(int items, int order, long bytes)
    {
        // A dense matrix is one array, which .NET limits to 2³¹ elements.
        var limit = (long)(MemoryShare * GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
        if (bytes <= limit && (order == 1 || items <= 46_340)) return;
        throw new InvalidInputException(
            ErrorCodes.BadUserInput,
            $"turbocf of {items} items needs more than {bytes >> 20} MiB for its item graph, and may take {limit >> 20}; "
            + (order == 1 ? "set power to 1, which needs no graph, or leave users with very many items out." : "set order to 1."));
    }

    /// <summary>Sums by item, of one row at a time.</summary>
    private sealed class Accumulator(int items)
    {
        private readonly float[] _sums = new float[items];
        private readonly int[] _touched = new int[items];
        private int _count;

        public void Add(ReadOnlySpan<int> columns, float value)
        {
            foreach (var column in columns)
            {
                // What was added is above 0, so that 0 means untouched.
                if (_sums[column] == 0) _touched[_count++] = column;
                _sums[column] += value;
            }
        }

        /// <summary>The row, by ascending column; the accumulator is empty afterwards.</summary>
        public (int[] Columns, float[] Values) Take()
        {
            var columns = _touched[.._count];
            Array.Sort(columns);
            var values = new float[_count];
            for (var n = 0; n < _count; n++)
            {
                values[n] = _sums[columns[n]];
                _sums[columns[n]] = 0;
            }
            _count = 0;
            return (columns, values);
        }
    }
}
