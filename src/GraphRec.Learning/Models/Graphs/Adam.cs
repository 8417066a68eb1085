using System.Numerics;
using System.Runtime.InteropServices;
using GraphRec.Learning.Linear;

namespace GraphRec.Learning.Models.Graphs;

/// <summary>
/// Descends a gradient by Adam (Kingma, Ba, "Adam: a method for stochastic optimization", ICLR 2015, algorithm 1), with its
/// usual decay rates of 0.9 and 0.999.
/// </summary>
/// <param name="length">How many numbers are learned.</param>
internal sealed class Adam(int length)
{
    private const float First = 0.9f;
    private const float Second = 0.999f;
    private const float Epsilon = 1e-8f;
    private const int Piece = 1 << 14;

    private readonly float[] _mean = new float[length];
    private readonly float[] _square = new float[length];
    private int _steps;

    /// <summary>One step of about <paramref name="rate"/> per number; <paramref name="regularization"/> times the value is added to the gradient.</summary>
    public void Step(float[] values, float[] gradient, double rate, double regularization, int threads, CancellationToken cancel)
    {
        _steps++;
        var size = (float)(rate * Math.Sqrt(1 - Math.Pow(Second, _steps)) / (1 - Math.Pow(First, _steps)));
        Tasks.ForEach((values.Length + Piece - 1) / Piece, threads, task =>
        {
            var (at, count) = (task * Piece, Math.Min(Piece, values.Length - (task * Piece)));
            Step(values.AsSpan(at, count), gradient.AsSpan(at, count), _mean.AsSpan(at, count), _square.AsSpan(at, count), size, (float)regularization);
        }, cancel);
    }

    private static void Step(Span<float> values, Span<float> gradient, Span<float> mean, Span<float> square, float size, float regularization)
    {
        // Whole vectors: the numbers are padded to a multiple of 16 per row.
        var x = Vectors(values);
        var g = Vectors(gradient);
        var m = Vectors(mean);
        var v = Vectors(square);
        for (var n = 0; n < x.Length; n++)
        {
            var slope = g[n] + (regularization * x[n]);
            m[n] = (First * m[n]) + ((1 - First) * slope);
            v[n] = (Second * v[n]) + ((1 - Second) * slope * slope);
            x[n] -= size * m[n] / (Vector.SquareRoot(v[n]) + new Vector<float>(Epsilon));
        }
    }

    private static Span<Vector<float>> Vectors(Span<float> values) => MemoryMarshal.Cast<float, Vector<float>>(values);
}
