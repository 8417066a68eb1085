using System.Runtime.Intrinsics;

namespace GraphRec.Learning.Models.Factors;

/// <summary>
/// Solves (I + PᵀP) x = b in single precision, P given by rows: the normal equations of least squares, of size n × n.
/// The upper triangle alone is computed, in blocks of 8 × 32 that are kept in registers; the factorisation is Cholesky's,
/// UᵀU (Golub, Van Loan, "Matrix computations", §4.2), with the same blocks. Buffers are kept between systems; not for
/// concurrent use.
/// </summary>
/// <param name="capacity">The largest n; systems are padded to a multiple of <see cref="Lanes"/>.</param>
internal sealed unsafe class GramCholesky(int capacity)
{
    /// <summary>What sizes are padded to.</summary>
    public const int Lanes = RegisterBlocks.Lanes;

    private const int RowBlock = RegisterBlocks.Rows;

    private readonly AlignedFloats _u = new(Padded(capacity) * Padded(capacity));
    private readonly AlignedFloats _inverse = new(Padded(capacity));
    private readonly AlignedFloats _work = new(Padded(capacity));
    private int _n;

    /// <summary>The least multiple of <see cref="Lanes"/> that is not less.</summary>
    public static int Padded(int n) => (n + Lanes - 1) / Lanes * Lanes;

    /// <summary>Begins a system: the identity of size n, a multiple of <see cref="Lanes"/> up to the capacity.</summary>
    public void Begin(int n)
    {
        _n = n;
        new Span<float>(_u.Pointer, n * n).Clear();
        for (var i = 0; i < n; i++) _u.Pointer[(i * n) + i] = 1;
    }

    /// <summary>Begins a system: the identity plus factor · SMS, M symmetric, n × n, and S diagonal, of n numbers.</summary>
    public void Begin(float* m, ReadOnlySpan<float> s, float factor)
    {
        _n = s.Length;
        for (var i = 0; i < _n; i++)
        {
            for (var j = 0; j < _n; j++) _u.Pointer[(i * _n) + j] = factor * s[i] * s[j] * m[(i * _n) + j];
            _u.Pointer[(i * _n) + i] += 1;
        }
        GC.KeepAlive(this);
    }

    /// <summary>Adds PᵀP, P of <paramref name="rows"/> × n.</summary>
    public void Add(float* p, int rows)
    {
        AddGram(p, rows, _u.Pointer, _n);
        GC.KeepAlive(this);
    }

    /// <summary>Adds PᵀP to the upper triangle of an n × n matrix; what is below the diagonal afterwards means nothing.</summary>
    public static void AddGram(float* p, int rows, float* into, int n)
    {
        for (var i = 0; i < n; i += RowBlock) BlockRow(p + i, p, rows, n, into, i, 1);
    }

    /// <summary>Factorises what was added.</summary>
    public void Factor()
    {
        var u = _u.Pointer;
        var n = _n;
        var inverse = _inverse.Pointer;
        for (var i = 0; i < n; i += RowBlock)
        {
            // What the rows above take away, by the same kernel as the sum itself: U's rows are the rows of a P.
            BlockRow(u + i, u, i, n, u, i, -1);
            for (var row = i; row < i + RowBlock; row++)
            {
                var pivot = u + (row * n);
                inverse[row] = 1 / MathF.Sqrt(pivot[row]);
                var scale = Vector512.Create(inverse[row]);
                var first = row / Lanes * Lanes;
                for (var j = first; j < n; j += Lanes) (Vector512.LoadAligned(pivot + j) * scale).StoreAligned(pivot + j);
                for (var below = row + 1; below < i + RowBlock; below++)
                {
                    var factor = Vector512.Create(-pivot[below]);
                    var target = u + (below * n);
                    for (var j = first; j < n; j += Lanes)
                        Vector512.FusedMultiplyAdd(factor, Vector512.LoadAligned(pivot + j), Vector512.LoadAligned(target + j)).StoreAligned(target + j);
                }
            }
        }
        GC.KeepAlive(this);
    }

    /// <summary>Solves for one right-hand side of n numbers, aligned to vectors, which the solution takes the place of.</summary>
    /// <param name="b">The right-hand side.</param>
    /// <param name="noise">
    /// Empty, or n standard normal numbers: then what takes the place of b is a draw from the normal distribution whose mean is
    /// the solution and whose precision is the matrix.
    /// </param>
    public void Solve(float* b, ReadOnlySpan<float> noise = default)
    {
        var u = _u.Pointer;
        var n = _n;
        var inverse = _inverse.Pointer;
        var x = _work.Pointer;
        for (var k = 0; k < n; k++)
        {
            var z = b[k] * inverse[k];
            x[k] = noise.IsEmpty ? z : z + noise[k];
            var factor = Vector512.Create(-z);
            // Below k the vector takes rubbish into places that were read already.
            for (var j = k / Lanes * Lanes; j < n; j += Lanes)
                Vector512.FusedMultiplyAdd(factor, Vector512.LoadAligned(u + (k * n) + j), Vector512.LoadAligned(b + j)).StoreAligned(b + j);
        }
        new Span<float>(b, n).Clear();
        for (var k = n - 1; k >= 0; k--)
        {
            var sum = Vector512<float>.Zero;
            for (var j = k / Lanes * Lanes; j < n; j += Lanes)
                sum = Vector512.FusedMultiplyAdd(Vector512.LoadAligned(u + (k * n) + j), Vector512.LoadAligned(b + j), sum);
            b[k] = (x[k] - Vector512.Sum(sum)) * inverse[k];
        }
        GC.KeepAlive(this);
    }

    /// <summary>Adds sign · (8 columns of P)ᵀ P to 8 rows of the matrix, from their diagonal on.</summary>
    private static void BlockRow(float* left, float* p, int rows, int n, float* into, int i, float sign)
    {
        var target = into + (i * n);
        var j = i / Lanes * Lanes;
        for (; j + (2 * Lanes) <= n; j += 2 * Lanes) RegisterBlocks.Add8X32(left, n, p + j, n, rows, target + j, n, sign);
        if (j < n) RegisterBlocks.Add8X16(left, n, p + j, n, rows, target + j, n, sign);
    }
}
