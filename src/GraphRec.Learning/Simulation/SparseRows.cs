namespace GraphRec.Learning.Simulation;

/// <summary>For every drama of the simulation the features of one kind it has, as dense numbers (CSR without values).</summary>
internal sealed class SparseRows
{
    private readonly int[] _starts;
    private readonly int[] _columns;

    private SparseRows(int[] starts, int[] columns, int columnCount)
    {
        (_starts, _columns, ColumnCount) = (starts, columns, columnCount);
    }

    public int ColumnCount { get; }

    /// <summary>The features of one row, in the order given.</summary>
    public ReadOnlySpan<int> this[int row] => _columns.AsSpan(_starts[row].._starts[row + 1]);

    /// <summary>How many rows have each feature.</summary>
    public int[] ColumnCounts()
    {
        var counts = new int[ColumnCount];
        foreach (var column in _columns) counts[column]++;
        return counts;
    }

    /// <summary>Numbers the names in order of first appearance; at most <paramref name="most"/> per row are kept.</summary>
    public static SparseRows Of(int rows, Func<int, IReadOnlyList<string>> namesOf, int most = int.MaxValue)
    {
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        var starts = new int[rows + 1];
        var columns = new List<int>();
        for (var row = 0; row < rows; row++)
        {
            foreach (var name in namesOf(row).Distinct(StringComparer.Ordinal).Take(most))
            {
                if (!numbers.TryGetValue(name, out var number)) numbers.Add(name, number = numbers.Count);
                columns.Add(number);
            }
            starts[row + 1] = columns.Count;
        }
        return new SparseRows(starts, [.. columns], numbers.Count);
    }
}
