using System.Numerics.Tensors;

namespace GraphRec.Learning.Linear;

/// <summary>A small square of doubles: a block on the diagonal of a symmetric matrix of floats.</summary>
internal sealed class DiagonalBlock
{
    private readonly double[] _values;
    private readonly int _size;

    private DiagonalBlock(double[] values, int size) => (_values, _size) = (values, size);

    /// <summary>The block from row and column <paramref name="first"/>; of the matrix only the lower triangle is read.</summary>
    public static DiagonalBlock Read(MatrixBlock matrix, int first, int size)
    {
        var values = new double[size * size];
        for (var row = 0; row < size; row++)
        {
            for (var column = 0; column <= row; column++)
                values[(row * size) + column] = values[(column * size) + row] = matrix.Values[matrix.Start + ((first + row) * matrix.Stride) + first + column];
        }
        return new DiagonalBlock(values, size);
    }

    /// <summary>Replaces it by its lower Cholesky factor; above the diagonal it is zero then.</summary>
    /// <param name="least">The least that each pivot may be.</param>
    /// <param name="first">The block's first row in the matrix, for the message.</param>
    public void Factor(ReadOnlySpan<float> least, int first)
    {
        for (var row = 0; row < _size; row++)
        {
            for (var column = 0; column < row; column++)
            {
                var sum = TensorPrimitives.Dot(Row(row)[..column], Row(column)[..column]);
                Row(row)[column] = (Row(row)[column] - sum) / Row(column)[column];
            }
            var pivot = Row(row)[row] - TensorPrimitives.SumOfSquares(Row(row)[..row]);
            Row(row)[row] = Math.Sqrt(Checked(pivot, least[row], first + row));
            Row(row)[(row + 1)..].Clear();
        }
    }

    /// <summary>Replaces a lower triangle by its inverse.</summary>
    public void InvertTriangle()
    {
        // By rows, from the top: row i of the inverse is made of those above it.
        var sums = new double[_size];
        for (var row = 0; row < _size; row++)
        {
            var scale = 1 / Row(row)[row];
            var above = sums.AsSpan(0, row);
            above.Clear();
            for (var column = 0; column < row; column++)
                TensorPrimitives.MultiplyAdd(Row(column)[..row], Row(row)[column], above, above);
            for (var column = 0; column < row; column++) Row(row)[column] = -above[column] * scale;
            Row(row)[row] = scale;
        }
    }

    /// <summary>Replaces it by its inverse, by Gauss-Jordan elimination in place.</summary>
    public void Invert(ReadOnlySpan<float> least, int first)
    {
        for (var pivotRow = 0; pivotRow < _size; pivotRow++)
        {
            var pivots = Row(pivotRow);
            var scale = 1 / Checked(pivots[pivotRow], least[pivotRow], first + pivotRow);
            pivots[pivotRow] = 1;
            TensorPrimitives.Multiply(pivots, scale, pivots);
            for (var row = 0; row < _size; row++)
            {
                if (row == pivotRow) continue;
                var values = Row(row);
                var factor = -values[pivotRow];
                values[pivotRow] = 0;
                TensorPrimitives.MultiplyAdd(pivots, factor, values, values);
            }
        }
    }

    public MatrixBlock ToFloat() => new(Array.ConvertAll(_values, value => (float)value), _size, _size);

    /// <summary>Writes the lower triangle, times a factor, to where it came from.</summary>
    public void WriteLower(MatrixBlock matrix, int first, float factor)
    {
        for (var row = 0; row < _size; row++)
        {
            for (var column = 0; column <= row; column++)
                matrix.Values[matrix.Start + ((first + row) * matrix.Stride) + first + column] = factor * (float)_values[(row * _size) + column];
        }
    }

    private Span<double> Row(int row) => _values.AsSpan(row * _size, _size);

    private static double Checked(double pivot, float least, int row) => pivot > least ? pivot : throw new ArithmeticException(
        $"The matrix is not positive definite in float32: at row {row} the pivot is {pivot}.");
}
