using System.Numerics.Tensors;
using System.Runtime.Intrinsics;
using GraphRec.Learning.Models.Factors;
using GraphRec.Learning.Simulation;

namespace GraphRec.Learning.Models.Ratings;

/// <summary>
/// One Bayesian linear regression: design vectors x (their number 0 taken as 1) and targets are added up, then coefficients
/// are drawn from the posterior N(A⁻¹(τXᵀt + Λm), A⁻¹) with A = τXᵀX + Λ. Reused; not for concurrent use.
/// </summary>
internal sealed unsafe class NormalDraw
{
    private const int Batch = 64;

    private readonly int _d;
    private readonly GramCholesky _system;
    private readonly AlignedFloats _gram;
    private readonly AlignedFloats _batch;
    private readonly AlignedFloats _right;
    private readonly AlignedFloats _solution;
    private readonly float[] _noise;
    private int _inBatch;
    private double _targetSquares;

    /// <param name="d">The length of vectors, padded.</param>
    public NormalDraw(int d)
    {
        _d = d;
        _system = new GramCholesky(d);
        (_gram, _batch) = (new AlignedFloats(d * d), new AlignedFloats(d * Batch));
        (_right, _solution, _noise) = (new AlignedFloats(d), new AlignedFloats(d), new float[d]);
    }

    /// <summary>XᵀX, d × d, symmetric.</summary>
    public float* Gram => _gram.Pointer;

    public void Begin()
    {
        _gram.Span.Clear();
        _right.Span.Clear();
        (_inBatch, _targetSquares) = (0, 0);
    }

    /// <summary>Adds a design vector and its target, less what <paramref name="offset"/> (empty: nothing) explains already.</summary>
    public void Add(float* x, float target, ReadOnlySpan<float> offset)
    {
        var row = _batch.Span.Slice(_inBatch * _d, _d);
        new ReadOnlySpan<float>(x, _d).CopyTo(row);
        row[0] = 1;
        if (!offset.IsEmpty) target -= TensorPrimitives.Dot(row, offset);
        _targetSquares += (double)target * target;
        TensorPrimitives.MultiplyAdd(row, target, _right.Span, _right.Span);
        if (++_inBatch == Batch) Flush();
    }

    /// <summary>Adds Gram matrices and right-hand sides that were summed elsewhere.</summary>
    public void AddScaled(float* gram, float gramScale, float* right, float rightScale)
    {
        var scale = Vector512.Create(gramScale);
        for (var n = 0; n < _d * _d; n += RegisterBlocks.Lanes)
            Vector512.FusedMultiplyAdd(Vector512.LoadAligned(gram + n), scale, Vector512.LoadAligned(_gram.Pointer + n)).StoreAligned(_gram.Pointer + n);
        for (var k = 0; k < _d; k++) _right.Pointer[k] += right[k] * rightScale;
    }

    /// <summary>Adds XᵀX v to the right-hand side: the targets were less what v explains.</summary>
    public void AddGramTimes(ReadOnlySpan<float> v)
    {
        for (var k = 0; k < _d; k++) TensorPrimitives.MultiplyAdd(_gram.Span.Slice(k * _d, _d), v[k], _right.Span, _right.Span);
    }

    /// <summary>Completes the Gram matrix of what was added.</summary>
    public void End()
    {
        Flush();
        for (var i = 1; i < _d; i++)
        {
            for (var j = 0; j < i; j++) Gram[(i * _d) + j] = Gram[(j * _d) + i];
        }
    }

    /// <summary>Draws coefficients; in what pads them it writes 0.</summary>
    public void Draw(NormalPrior prior, float noisePrecision, SimulationRandom random, Span<float> into)
    {
        // In units of the prior's deviations the precision is I + τ·SXᵀXS.
        var scale = prior.Deviation;
        var right = _solution.Pointer;
        _system.Begin(Gram, scale, noisePrecision);
        for (var k = 0; k < _d; k++)
        {
            _noise[k] = k < prior.Length ? (float)random.Normal() : 0;
            right[k] = k < prior.Length ? (_right.Pointer[k] * noisePrecision * scale[k]) + (prior.Mean[k] / scale[k]) : 0;
        }
        _system.Factor();
        _system.Solve(right, _noise);
        for (var k = 0; k < _d; k++) into[k] = right[k] * scale[k];
        GC.KeepAlive(this);
    }

    /// <summary>Xᵀ(t − Xv).</summary>
    public void Residual(ReadOnlySpan<float> v, Span<float> into)
    {
        _right.Span.CopyTo(into);
        for (var k = 0; k < _d; k++) TensorPrimitives.MultiplyAdd(_gram.Span.Slice(k * _d, _d), -v[k], into, into);
    }

    /// <summary>|t − Xv|².</summary>
    public double SquaredError(ReadOnlySpan<float> v)
    {
        var sum = _targetSquares;
        for (var k = 0; k < _d; k++) sum += v[k] * ((double)TensorPrimitives.Dot(_gram.Span.Slice(k * _d, _d), v) - (2.0 * _right.Pointer[k]));
        return Math.Max(0, sum);
    }

    private void Flush()
    {
        GramCholesky.AddGram(_batch.Pointer, _inBatch, Gram, _d);
        _inBatch = 0;
    }
}

/// <summary>
/// The prior of one set of vectors: every number independent, N(mean, deviation²), both drawn from their own posterior under a
/// normal-gamma prior of weight 1 (as in Freudenthaler, Schmidt-Thieme, Rendle, "Bayesian factorization machines", 2011).
/// </summary>
internal sealed class NormalPrior
{
    public NormalPrior(int length)
    {
        (Length, Mean, Deviation) = (length, new float[GramCholesky.Padded(length)], new float[GramCholesky.Padded(length)]);
        Deviation.AsSpan(0, length).Fill(1);
    }

    /// <summary>How many numbers a vector has without padding.</summary>
    public int Length { get; }

    public float[] Mean { get; }

    /// <summary>0 in the padding.</summary>
    public float[] Deviation { get; }

    /// <summary>Draws means and deviations given the vectors.</summary>
    public void Draw(FactorTable vectors, SimulationRandom random)
    {
        for (var k = 0; k < Length; k++)
        {
            var (sum, squares, n) = (0.0, 0.0, vectors.Count);
            for (var row = 0; row < n; row++) sum += vectors[row][k];
            for (var row = 0; row < n; row++) squares += (vectors[row][k] - Mean[k]) * (double)(vectors[row][k] - Mean[k]);
            var precision = random.Gamma((n + 2) / 2.0) / ((1 + squares + ((double)Mean[k] * Mean[k])) / 2);
            Mean[k] = (float)((sum / (n + 1)) + (random.Normal() / Math.Sqrt((n + 1) * precision)));
            Deviation[k] = (float)(1 / Math.Sqrt(precision));
        }
    }
}

/// <summary>Draws that the sampler needs beyond those of <see cref="SimulationRandom"/>.</summary>
internal static class Draws
{
    /// <summary>A draw from the gamma distribution of this shape (above 1/3) and scale 1 (Marsaglia, Tsang, TOMS 2000).</summary>
    public static double Gamma(this SimulationRandom random, double shape)
    {
        var d = shape - (1.0 / 3);
        var c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            var x = random.Normal();
            var v = 1 + (c * x);
            if (v <= 0) continue;
            v = v * v * v;
            if (Math.Log(1 - random.Unit()) < (0.5 * x * x) + d - (d * v) + (d * Math.Log(v))) return d * v;
        }
    }
}
