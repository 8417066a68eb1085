using GraphRec.Core;
using GraphRec.Learning.Evaluation;
using GraphRec.Learning.Linear;

namespace GraphRec.Learning.Models;

/// <summary>
/// Fits <see cref="EaseModel"/>: P = (XᵀX + λI)⁻¹ over items; or, where there are fewer users than items, from the inverse over
/// users, K = (XXᵀ + λI)⁻¹, since P = (I − XᵀKX) / λ (the matrix inversion lemma). Time goes with the cube of the smaller.
/// </summary>
internal sealed unsafe class EaseFit
{
    /// <summary>The most items whose square fits into one array.</summary>
    public static readonly int MostItems = (int)Math.Sqrt(Array.MaxLength);

    // XᵀKX is the identity but for λP: of items with many users, λP is what is left of 1 − (1 − λ/users), and float32 loses
    // as many digits. Up to here three stay; beyond, the other way is taken.
    private const double MostUsersPerLambda = 1000;

    /// <summary>How many columns of P are made at once from K.</summary>
    private const int Piece = 1024;

    private readonly int _itemCount;
    private readonly double _lambda;
    private readonly int[] _items;
    private readonly SparseRows _usersOf;
    private readonly SparseRows _itemsOf;

    private readonly long _availableBytes;

    private EaseFit(int itemCount, double lambda, int[] items, SparseRows usersOf, SparseRows itemsOf, long availableBytes)
    {
        (_itemCount, _lambda, _items, _usersOf, _itemsOf, _availableBytes) = (itemCount, lambda, items, usersOf, itemsOf, availableBytes);
        long users = itemsOf.Count;
        // While K is there, only the half of P below its diagonal is touched, but under a limit the collector counts both whole.
        IsOverUsers = users < 0.8 * items.Length && usersOf.LongestRow <= MostUsersPerLambda * lambda && items.Length <= MostItems
            && Square(items.Length) + Square(users) + (sizeof(float) * users * Piece) <= availableBytes;
        MemoryEstimate = IsOverUsers
            ? Math.Max(Square(items.Length), Square(users) + (sizeof(float) * users * Piece) + (Square(items.Length) / 2))
            : Square(items.Length) + PositiveDefinite.BytesBeside(items.Length);
    }

    /// <summary>How the model of a matrix is to be fitted; nothing large is allocated yet.</summary>
    /// <param name="train">Who has which item.</param>
    /// <param name="lambda">The ridge, above 0.</param>
    /// <param name="maxItems">How many items at most, the most engaged with; 0 for all.</param>
    /// <param name="availableBytes">How much memory there is.</param>
    public static EaseFit Of(InteractionMatrix train, double lambda, int maxItems, long availableBytes)
    {
        int[] items = [.. Enumerable.Range(0, train.Items.Count)];
        if (maxItems > 0 && maxItems < items.Length)
            items = [.. items.OrderByDescending(item => train.UsersOf(item).Length).ThenBy(item => item).Take(maxItems).Order()];
        var rowOf = new int[train.Users.Count];
        var users = 0;
        Array.Fill(rowOf, -1);
        foreach (var item in items)
            foreach (var user in train.UsersOf(item)) rowOf[user] = 0;
        for (var user = 0; user < rowOf.Length; user++) rowOf[user] = rowOf[user] < 0 ? -1 : users++;
        var usersOf = new SparseRows(items.Length, users, item => [.. train.UsersOf(items[item]).ToArray().Select(user => rowOf[user])]);
        return new EaseFit(train.Items.Count, lambda, items, usersOf, usersOf.Transposed(), availableBytes);
    }

    /// <summary>Whether the inverse is made over users.</summary>
    public bool IsOverUsers { get; }

    /// <summary>How many bytes are in use at once at most.</summary>
    public long MemoryEstimate { get; }

    /// <exception cref="InvalidInputException">It does not fit.</exception>
    public void CheckMemory()
    {
        // The n at which 4n² and what is held beside it, which grows with n, fill the memory.
        double beside = PositiveDefinite.BytesBeside(1);
        var fitting = Math.Min(MostItems, (int)((Math.Sqrt((beside * beside) + (16d * _availableBytes)) - beside) / 8));
        if (_items.Length <= MostItems && MemoryEstimate <= _availableBytes) return;
        throw new InvalidInputException(
            ErrorCodes.BadUserInput,
            FormattableString.Invariant($"ease of {_items.Length:N0} items needs {MemoryEstimate / 1e9:F1} GB of memory, and there are {_availableBytes / 1e9:F1} GB")
            + FormattableString.Invariant($" (and at most {MostItems:N0} items in any case); set maxItems to {fitting} or less, or choose another model."));
    }

    public EaseModel Run(int threads, IProgress<double>? progress, CancellationToken cancel)
    {
        var n = _items.Length;
        var inverse = IsOverUsers ? FromUsers(threads, progress, cancel) : Inverse(_usersOf, _itemsOf, threads, progress, cancel);
        var scales = new float[n];
        for (var item = 0; item < n; item++)
        {
            ref var diagonal = ref inverse[((long)item * n) + item];
            scales[item] = -1 / diagonal;
            diagonal = 0;
        }
        return new EaseModel(_itemCount, _items, inverse, scales);
    }

    /// <summary>Copies the half below the diagonal above it.</summary>
    public static void Mirror(float[] matrix, int n, int threads, CancellationToken cancel) => PositiveDefinite.Mirror(matrix, n, 1, threads, cancel);

    /// <summary>(A·Aᵀ + λI)⁻¹ for a sparse binary A.</summary>
    /// <param name="rows">The rows of A.</param>
    /// <param name="columns">Its columns.</param>
    private float[] Inverse(SparseRows rows, SparseRows columns, int threads, IProgress<double>? progress, CancellationToken cancel)
    {
        var n = rows.Count;
        var matrix = new float[(long)n * n];
        Tasks.ForEach(n, threads, row =>
        {
            var counts = matrix.AsSpan(row * n, row + 1);
            foreach (var column in rows.Of(row))
            {
                foreach (var other in columns.Of(column))
                {
                    if (other > row) break;
                    counts[other]++;
                }
            }
            counts[row] += (float)_lambda;
        }, cancel);
        try
        {
            PositiveDefinite.Invert(matrix, n, threads, cancel, progress);
        }
        catch (ArithmeticException)
        {
            throw new InvalidInputException(ErrorCodes.BadUserInput, FormattableString.Invariant($"ease.lambda is {_lambda}, too small for these data in single precision; set it to {10 * _lambda} or more."));
        }
        return matrix;
    }

    /// <summary>P from K.</summary>
    private float[] FromUsers(int threads, IProgress<double>? progress, CancellationToken cancel)
    {
        var inverse = HalfFromUsers(threads, progress, cancel);
        // K is garbage now, as large as half of P: without this, both would be there when the other half of P is first written.
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        Mirror(inverse, _items.Length, threads, cancel);
        return inverse;
    }

    private float[] HalfFromUsers(int threads, IProgress<double>? progress, CancellationToken cancel)
    {
        var (n, users) = (_items.Length, _itemsOf.Count);
        var k = Inverse(_itemsOf, _usersOf, threads, progress, cancel);
        var inverse = new float[(long)n * n];
        var product = new float[(long)users * Piece];
        var weights = new float[_usersOf.LongestRow];
        Array.Fill(weights, (float)(-1 / _lambda));
        for (var first = 0; first < n; first += Piece)
        {
            var (left, count) = (first, Math.Min(Piece, n - first));
            // K · X for some columns of X, then Xᵀ · that, for the rows from the diagonal down.
            Tasks.ForEach(users, threads, row => _usersOf.SumOver(k.AsSpan(row * users, users), left, product.AsSpan(row * Piece, count)), cancel);
            Tasks.ForEach(n - left, threads, below =>
            {
                var row = left + below;
                fixed (float* from = product, into = inverse)
                    RowSums.Sum(from, Piece, _usersOf.Of(row), weights.AsSpan(0, _usersOf.Of(row).Length), count, into + ((long)row * n) + left);
                if (row < left + count) inverse[((long)row * n) + row] += (float)(1 / _lambda);
            }, cancel);
        }
        return inverse;
    }

    private static long Square(long n) => sizeof(float) * n * n;

    /// <summary>A sparse binary matrix by rows.</summary>
    private sealed class SparseRows
    {
        private readonly int[] _starts;
        private readonly int[] _columns;
        private readonly int _columnCount;

        public SparseRows(int rows, int columnCount, Func<int, int[]> columnsOf)
        {
            _columnCount = columnCount;
            _starts = new int[rows + 1];
            var columns = new List<int>();
            for (var row = 0; row < rows; row++)
            {
                columns.AddRange(columnsOf(row));
                _starts[row + 1] = columns.Count;
                LongestRow = Math.Max(LongestRow, _starts[row + 1] - _starts[row]);
            }
            _columns = [.. columns];
        }

        public int Count => _starts.Length - 1;

        public int LongestRow { get; }

        public ReadOnlySpan<int> Of(int row) => _columns.AsSpan(_starts[row].._starts[row + 1]);

        public SparseRows Transposed()
        {
            var rows = Enumerable.Range(0, _columnCount).Select(_ => new List<int>()).ToArray();
            for (var row = 0; row < Count; row++)
                foreach (var column in Of(row)) rows[column].Add(row);
            return new SparseRows(_columnCount, Count, column => [.. rows[column]]);
        }

        /// <summary>For each row from <paramref name="first"/> on, the sum of the values at its columns.</summary>
        public void SumOver(ReadOnlySpan<float> values, int first, Span<float> sums)
        {
            for (var row = 0; row < sums.Length; row++)
            {
                var columns = Of(first + row);
                // Four sums, since each addition waits for the one before it in the same sum.
                float a = 0, b = 0, c = 0, d = 0;
                var n = 0;
                for (; n + 4 <= columns.Length; n += 4)
                {
                    a += values[columns[n]];
                    b += values[columns[n + 1]];
                    c += values[columns[n + 2]];
                    d += values[columns[n + 3]];
                }
                for (; n < columns.Length; n++) a += values[columns[n]];
                sums[row] = a + b + (c + d);
            }
        }
    }
}
