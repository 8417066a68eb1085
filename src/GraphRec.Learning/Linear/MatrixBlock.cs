namespace GraphRec.Learning.Linear;

/// <summary>
/// A rectangle of a float32 matrix that lies row after row in an array, or its transpose; no copy. Offsets are 64-bit: an
/// array of 41,000 × 41,000 has more than 2³² bytes.
/// </summary>
public readonly record struct MatrixBlock
{
    /// <summary>A rectangle of an array.</summary>
    /// <param name="values">Where the rows lie.</param>
    /// <param name="rows">How many.</param>
    /// <param name="columns">How long each is.</param>
    /// <param name="stride">From the start of a row to that of the next, in elements; 0 for <paramref name="columns"/>.</param>
    /// <param name="start">Where the first row starts.</param>
    /// <exception cref="ArgumentException">It reaches beyond the array.</exception>
    public MatrixBlock(float[] values, int rows, int columns, long stride = 0, long start = 0)
    {
        if (stride == 0) stride = columns;
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfLessThan(stride, columns);
        if (rows > 0 && start + ((rows - 1) * stride) + columns > values.LongLength)
            throw new ArgumentException($"{rows} × {columns} from {start} with stride {stride} reaches beyond an array of {values.LongLength}.", nameof(values));
        (Values, Rows, Columns, Stride, Start) = (values, rows, columns, stride, start);
    }

    /// <summary>The array that holds it, and what lies around it.</summary>
    public float[] Values { get; private init; }

    public int Rows { get; private init; }

    public int Columns { get; private init; }

    /// <summary>From one row to the next, in elements; of a transpose, from one column to the next.</summary>
    public long Stride { get; private init; }

    /// <summary>Where in <see cref="Values"/> the first element lies.</summary>
    public long Start { get; private init; }

    /// <summary>Whether columns, and not rows, lie contiguously.</summary>
    public bool IsTransposed { get; private init; }

    /// <summary>The transpose of the same numbers.</summary>
    public MatrixBlock Transposed() => this with { Rows = Columns, Columns = Rows, IsTransposed = !IsTransposed };

    /// <summary>A rectangle of it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It reaches beyond.</exception>
    public MatrixBlock Block(int row, int column, int rows, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        ArgumentOutOfRangeException.ThrowIfNegative(column);
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rows, Rows - row);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(columns, Columns - column);
        return this with { Rows = rows, Columns = columns, Start = Start + (IsTransposed ? row + (column * Stride) : (row * Stride) + column) };
    }
}
