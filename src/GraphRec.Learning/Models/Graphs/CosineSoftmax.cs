using System.Numerics.Tensors;
using GraphRec.Learning.Linear;

namespace GraphRec.Learning.Models.Graphs;

/// <summary>
/// The part of a softmax loss that looks at all candidates: for anchors a and candidates j, Σ anchors wₐ ln Σⱼ cⱼ exp(cos(a, j) / τ),
/// and its gradient. Three dense products. Not for concurrent use.
/// </summary>
/// <param name="width">Length of the vectors.</param>
/// <param name="temperature">τ, above 0.</param>
internal sealed class CosineSoftmax(int width, double temperature)
{
    // Exponentials that one task takes at once: 16 KiB stay in the first cache.
    private const int Piece = 4096;

    private readonly float _inverse = (float)(1 / temperature);
    private float[] _chances = [];

    /// <summary>Anchors, as vectors of length 1.</summary>
    public UnitRows Anchors { get; } = new(width);

    /// <summary>Candidates, as vectors of length 1.</summary>
    public UnitRows Candidates { get; } = new(width);

    /// <summary>1 / τ.</summary>
    public float Inverse => _inverse;

    /// <summary>The value of each anchor, wₐ ln Σ, in 0 … anchors − 1; slopes of <see cref="Anchors"/> and <see cref="Candidates"/> are overwritten.</summary>
    /// <param name="logWeights">ln c of each candidate, none above 0; empty: all are 0.</param>
    /// <param name="anchorWeights">wₐ.</param>
    /// <param name="values">Overwritten.</param>
    /// <param name="threads">How many, from 1; the result is bit-identical for any number.</param>
    /// <param name="cancel">Looked at often.</param>
    public void Run(float[] logWeights, float[] anchorWeights, double[] values, int threads, CancellationToken cancel)
    {
        var (a, c) = (Anchors.Count, Candidates.Count);
        if (_chances.LongLength < (long)a * c) _chances = new float[checked(a * c)];
        var chances = new MatrixBlock(_chances, a, c);
        Gemm.Set(_inverse, Anchors.Block, Candidates.Block.Transposed(), chances, threads, cancel);
        Tasks.ForEach(a, threads, row => values[row] = Exponentials(_chances.AsSpan(row * c, c), logWeights, anchorWeights[row]), cancel);
        Gemm.Set(1, chances, Candidates.Block, Anchors.SlopeBlock, threads, cancel);
        Gemm.Set(1, chances.Transposed(), Anchors.Block, Candidates.SlopeBlock, threads, cancel);
    }

    /// <summary>Leads slopes back to what the rows were made of.</summary>
    public void AddSlopes(UnitRows rows, float[] gradient, int threads, CancellationToken cancel) => rows.AddSlopes(_inverse, gradient, threads, cancel);

    /// <summary>Cosines / τ of an anchor become chances times its weight.</summary>
    private double Exponentials(Span<float> chances, float[] logWeights, float weight)
    {
        var sum = 0.0;
        for (var at = 0; at < chances.Length; at += Piece)
        {
            var piece = chances.Slice(at, Math.Min(Piece, chances.Length - at));
            if (logWeights.Length > 0) TensorPrimitives.Add(piece, logWeights.AsSpan(at, piece.Length), piece);
            // No cosine is above 1: what is subtracted keeps exponentials finite, and is added to the logarithm below.
            TensorPrimitives.Subtract(piece, _inverse, piece);
            TensorPrimitives.Exp(piece, piece);
            sum += TensorPrimitives.Sum<float>(piece);
        }
        TensorPrimitives.Multiply(chances, (float)(weight / sum), chances);
        return weight * (Math.Log(sum) + _inverse);
    }
}

/// <summary>Rows of a table divided by their lengths, with room for the slope of a function of them.</summary>
/// <param name="width">Length of the vectors.</param>
internal sealed class UnitRows(int width)
{
    // A vector shorter than this is divided by this, so that one of zeros stays one.
    private const float Least = 1e-12f;
    private const int Chunk = 256;

    private float[] _units = [];
    private float[] _slopes = [];
    private float[] _lengths = [];
    private int[] _rows = [];

    /// <summary>How many there are.</summary>
    public int Count => _rows.Length;

    public MatrixBlock Block => new(_units, Count, width);

    public MatrixBlock SlopeBlock => new(_slopes, Count, width);

    public Span<float> this[int n] => _units.AsSpan(n * width, width);

    /// <summary>The derivative with respect to vector n of length 1.</summary>
    public Span<float> Slope(int n) => _slopes.AsSpan(n * width, width);

    /// <summary>The length of a vector; of one of zeros so little that nothing is divided by 0.</summary>
    public static float Length(ReadOnlySpan<float> vector) => Math.Max(TensorPrimitives.Norm(vector), Least);

    /// <summary>Takes these rows of a table.</summary>
    public void Take(float[] values, int[] rows, int threads, CancellationToken cancel)
    {
        _rows = rows;
        if (_lengths.Length < rows.Length)
            (_units, _slopes, _lengths) = (new float[checked(rows.Length * width)], new float[rows.Length * width], new float[rows.Length]);
        ParallelRows.ForEach(rows.Length, Chunk, threads, () => 0, (_, n) =>
        {
            var from = values.AsSpan(rows[n] * width, width);
            _lengths[n] = Length(from);
            TensorPrimitives.Multiply(from, 1 / _lengths[n], this[n]);
        }, cancel);
    }

    /// <summary>
    /// Adds the gradient with respect to the table: factor · (s − v̂ (v̂·s)) / |v| of a slope s with respect to the unit vector v̂.
    /// Each row must have been taken once. What the slopes held is lost.
    /// </summary>
    public void AddSlopes(float factor, float[] gradient, int threads, CancellationToken cancel) =>
        ParallelRows.ForEach(Count, Chunk, threads, () => 0, (_, n) =>
        {
            var slope = Slope(n);
            TensorPrimitives.MultiplyAdd(this[n], -TensorPrimitives.Dot<float>(this[n], slope), slope, slope);
            var into = gradient.AsSpan(_rows[n] * width, width);
            TensorPrimitives.MultiplyAdd(slope, factor / _lengths[n], into, into);
        }, cancel);
}
