using GraphRec.Learning.Simulation;
using MathNet.Numerics.LinearAlgebra;

namespace GraphRec.Learning.Linear;

/// <summary>AAᵀ on the side of a matrix that has fewer rows: of the users, or, with A transposed, of the items.</summary>
internal sealed class SmallSide
{
    private readonly int _threads;
    private readonly CancellationToken _cancel;
    private float[] _between = [];

    public SmallSide(ScaledPattern matrix, int threads, CancellationToken cancel)
    {
        (Matrix, _threads, _cancel) = (matrix, threads, cancel);
        IsUsers = matrix.UserCount <= matrix.ItemCount;
        Size = Math.Min(matrix.UserCount, matrix.ItemCount);
    }

    public ScaledPattern Matrix { get; }

    public bool IsUsers { get; }

    /// <summary>Rows of AAᵀ.</summary>
    public int Size { get; }

    /// <summary>vectors = AAᵀ · vectors, which are <see cref="Size"/> × width.</summary>
    public void Apply(float[] vectors, int width)
    {
        var length = Math.Max(Matrix.UserCount, Matrix.ItemCount) * width;
        if (_between.Length != length) _between = new float[length];
        if (IsUsers)
        {
            Matrix.MultiplyTransposed(vectors, _between, width, _threads, _cancel);
            Matrix.Multiply(_between, vectors, width, _threads, _cancel);
        }
        else
        {
            Matrix.Multiply(vectors, _between, width, _threads, _cancel);
            Matrix.MultiplyTransposed(_between, vectors, width, _threads, _cancel);
        }
    }
}

/// <summary>
/// An orthonormal basis Q of a block Krylov space of AAᵀ, and QᵀAAᵀQ. Every new block is made orthogonal to all before it
/// twice ("twice is enough", Giraud, Langou, Rozložník, van den Eshof, Numerische Mathematik 101, 2005) and within itself by
/// CholeskyQR, also twice (Yamamoto, Nakatsukasa, Yanagisawa, Fukaya, ETNA 44, 2015). Directions that come out dependent,
/// since the space is exhausted, are replaced by random ones: QᵀAAᵀQ is computed whole and does not rely on its being a band.
/// </summary>
internal sealed class KrylovBasis
{
    /// <summary>Of a column's square, how much must be outside of the others' span; less is rounding of a float32 product.</summary>
    private const double Dependent = 1e-5;

    private readonly SmallSide _side;
    private readonly SimulationRandom _random;
    private readonly int _block;
    private readonly int _threads;
    private readonly CancellationToken _cancel;
    private readonly float[] _next;
    private readonly float[] _copy;

    /// <param name="side">AAᵀ.</param>
    /// <param name="size">Vectors of the basis; at most the side's rows. Less than all of these: a multiple of the block.</param>
    /// <param name="block">Vectors per power of AAᵀ.</param>
    /// <param name="seed">Of the first block.</param>
    /// <param name="threads">How many.</param>
    /// <param name="cancel">Looked at in every product.</param>
    public KrylovBasis(SmallSide side, int size, int block, int seed, int threads, CancellationToken cancel)
    {
        (_side, _block, _threads, _cancel) = (side, block, threads, cancel);
        _random = new SimulationRandom(seed, 0);
        Vectors = new MatrixBlock(new float[checked(side.Size * size)], side.Size, size);
        Projected = Matrix<double>.Build.Dense(size, size);
        (_next, _copy) = (new float[side.Size * block], new float[side.Size * block]);
    }

    /// <summary>Q: the side's rows × size.</summary>
    public MatrixBlock Vectors { get; }

    /// <summary>QᵀAAᵀQ: size × size, symmetric.</summary>
    public Matrix<double> Projected { get; }

    /// <summary>Fills the basis with powers of AAᵀ times a random block.</summary>
    public void Grow(IProgress<double>? progress)
    {
        for (var column = 0; column < _block; column++) Randomise(column);
        for (var first = 0; first < Vectors.Columns; first += _block)
        {
            Orthonormalise(first);
            for (var row = 0; row < _side.Size; row++)
                _next.AsSpan(row * _block, _block).CopyTo(Vectors.Values.AsSpan((row * Vectors.Columns) + first));
            _side.Apply(_next, _block);
            var onto = Project(first + _block);
            for (var n = 0; n < onto.Length; n++) Keep(n / _block, first + (n % _block), onto[n]);
            progress?.Report(0.9 * (first + _block) / Vectors.Columns);
        }
    }

    /// <summary>Takes all unit vectors for a basis: the whole space, when that is small.</summary>
    public void SpanAll()
    {
        for (var first = 0; first < _side.Size; first += _block)
        {
            var width = Math.Min(_block, _side.Size - first);
            Array.Clear(_next);
            for (var column = 0; column < width; column++)
            {
                _next[((first + column) * _block) + column] = 1;
                Vectors.Values[((first + column) * Vectors.Columns) + first + column] = 1;
            }
            _side.Apply(_next, _block);
            for (var row = 0; row < _side.Size; row++)
            {
                for (var column = 0; column < width; column++) Keep(row, first + column, _next[(row * _block) + column]);
            }
        }
    }

    private MatrixBlock Next => new(_next, _side.Size, _block);

    /// <summary>Of an entry and its mirror image, that from above the diagonal stands for both.</summary>
    private void Keep(int row, int column, double value)
    {
        if (row > column) return;
        Projected[row, column] = value;
        Projected[column, row] = value;
    }

    /// <summary>Takes from the next block its part within the first <paramref name="count"/> vectors, whose coordinates are returned.</summary>
    private float[] Project(int count)
    {
        var onto = new float[count * _block];
        if (count == 0) return onto;
        var (basis, coordinates) = (Vectors.Block(0, 0, _side.Size, count), new MatrixBlock(onto, count, _block));
        Gemm.Add(1, basis.Transposed(), Next, coordinates, _threads, _cancel);
        Gemm.Add(-1, basis, coordinates, Next, _threads, _cancel);
        return onto;
    }

    private void Orthonormalise(int done)
    {
        // Where projecting took most of a column, what is left is largely rounding and must be projected again. That is so
        // when the space is exhausted; otherwise the second round finds nothing to do. The bound is against an endless loop.
        for (var round = 0; round < 12; round++)
        {
            var (replaced, least) = CholeskyQr();
            if (round > 0 && replaced == 0 && least > 0.7) return;
            Project(done);
        }
    }

    /// <summary>
    /// Makes the next block's columns orthonormal. Returns how many were dependent on those before and are random now, and the
    /// least length that one of the others had outside of the span of those before.
    /// </summary>
    private (int Replaced, double Least) CholeskyQr()
    {
        var gram = new float[_block * _block];
        Gemm.Add(1, Next.Transposed(), Next, new MatrixBlock(gram, _block, _block), _threads, _cancel);
        var factor = new double[_block, _block];
        var replaced = new bool[_block];
        var least = double.PositiveInfinity;
        for (var row = 0; row < _block; row++)
        {
            double square = gram[(row * _block) + row], rest = square;
            for (var column = 0; column < row; column++)
            {
                if (replaced[column]) continue;
                double sum = gram[(row * _block) + column];
                for (var k = 0; k < column; k++) sum -= factor[row, k] * factor[column, k];
                factor[row, column] = sum / factor[column, column];
                rest -= factor[row, column] * factor[row, column];
            }
            replaced[row] = !(square > 1e-30) || rest <= Dependent * square;
            for (var k = 0; replaced[row] && k < row; k++) factor[row, k] = 0;
            factor[row, row] = replaced[row] ? 1 : Math.Sqrt(rest);
            if (!replaced[row]) least = Math.Min(least, factor[row, row]);
        }
        Array.Copy(_next, _copy, _next.Length);
        Array.Clear(_next);
        Gemm.Add(1, new MatrixBlock(_copy, _side.Size, _block), new MatrixBlock(InverseTransposed(factor), _block, _block), Next, _threads, _cancel);
        for (var column = 0; column < _block; column++)
        {
            if (replaced[column]) Randomise(column);
        }
        return (replaced.Count(true), least);
    }

    /// <summary>L⁻ᵀ of a lower triangle, row after row.</summary>
    private float[] InverseTransposed(double[,] factor)
    {
        var inverse = new float[_block * _block];
        var solution = new double[_block];
        for (var column = 0; column < _block; column++)
        {
            Array.Clear(solution);
            for (var row = column; row < _block; row++)
            {
                var sum = row == column ? 1.0 : 0;
                for (var k = column; k < row; k++) sum -= factor[row, k] * solution[k];
                solution[row] = sum / factor[row, row];
                inverse[(column * _block) + row] = (float)solution[row];
            }
        }
        return inverse;
    }

    /// <summary>A random direction of about unit length.</summary>
    private void Randomise(int column)
    {
        var scale = 1 / Math.Sqrt(_side.Size);
        for (var row = 0; row < _side.Size; row++) _next[(row * _block) + column] = (float)(scale * _random.Normal());
    }
}
