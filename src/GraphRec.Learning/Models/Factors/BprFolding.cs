using System.Numerics.Tensors;
using GraphRec.Learning.Simulation;

namespace GraphRec.Learning.Models.Factors;

/// <summary>
/// Finds the vector of a user BPR was not fitted on, with items' vectors fixed: the w that maximises
/// <code>mean over the user's items i and others j of cᵢ ln σ(w·(hᵢ − h_j)) − regularization / 2 · |w|²,</code>
/// which is what the steps of fitting ascend on average. The others are <see cref="Others"/> items drawn once. The
/// function is concave; it is ascended by accelerated gradient steps (Nesterov 1983) of a safe length. Not for concurrent use.
/// </summary>
internal sealed class BprFolding
{
    /// <summary>How many items stand for all that the user does not have.</summary>
    public const int Others = 256;

    private const int Steps = 40;

    private readonly FactorTable _items;
    private readonly float _regularization;
    private readonly int[] _others;
    private readonly float[] _w;
    private readonly float[] _ahead;
    private readonly float[] _gradient;
    private readonly float[] _otherScores = new float[Others];
    private readonly float[] _otherPulls = new float[Others];
    private readonly float[] _chances = new float[Others];

    public BprFolding(FactorTable items, double regularization)
    {
        (_items, _regularization) = (items, (float)regularization);
        var random = new SimulationRandom(0, 0);
        _others = new int[Math.Min(Others, items.Count)];
        for (var n = 0; n < _others.Length; n++) _others[n] = _others.Length == items.Count ? n : random.Below(items.Count);
        (_w, _ahead, _gradient) = (new float[items.Stride], new float[items.Stride], new float[items.Stride]);
    }

    /// <summary>The vector of a user who has these items; good until the next call. An item of weight below 0 is one to be kept from. Weights empty: all are 1.</summary>
    public ReadOnlySpan<float> Run(ReadOnlySpan<int> items, ReadOnlySpan<float> weights)
    {
        _w.AsSpan().Clear();
        _w[0] = 1;
        if (items.IsEmpty) return _w;
        _w.CopyTo(_ahead, 0);
        var rate = 1 / (Curvature(items, weights) + _regularization);
        for (var step = 0; step < Steps; step++)
        {
            Gradient(items, weights);
            var momentum = step / (step + 3f);
            for (var k = 1; k < _w.Length; k++)
            {
                var next = _ahead[k] + (rate * _gradient[k]);
                _ahead[k] = next + (momentum * (next - _w[k]));
                _w[k] = next;
            }
        }
        return _w;
    }

    /// <summary>An upper bound of the second derivative in any direction: σ' is at most ¼, and |h − o|² at most (|h| + |o|)².</summary>
    private float Curvature(ReadOnlySpan<int> items, ReadOnlySpan<float> weights)
    {
        var longest = 0f;
        foreach (var other in _others) longest = Math.Max(longest, TensorPrimitives.Norm<float>(_items[other][1..]));
        var sum = 0f;
        for (var n = 0; n < items.Length; n++)
        {
            var length = TensorPrimitives.Norm<float>(_items[items[n]][1..]) + longest;
            sum += Math.Abs(Weight(weights, n)) * length * length;
        }
        return Math.Max(sum / (4 * items.Length), 1e-6f);
    }

    private static float Weight(ReadOnlySpan<float> weights, int n) => weights.IsEmpty ? 1 : weights[n];

    private void Gradient(ReadOnlySpan<int> items, ReadOnlySpan<float> weights)
    {
        var count = _others.Length;
        for (var n = 0; n < count; n++) _otherScores[n] = TensorPrimitives.Dot<float>(_ahead, _items[_others[n]]);
        for (var k = 0; k < _w.Length; k++) _gradient[k] = -_regularization * _ahead[k];
        _otherPulls.AsSpan().Clear();
        var chances = _chances.AsSpan(0, count);
        for (var n = 0; n < items.Length; n++)
        {
            var score = TensorPrimitives.Dot<float>(_ahead, _items[items[n]]);
            // σ(other − item); for an item to be kept from the two change places.
            TensorPrimitives.Subtract(_otherScores.AsSpan(0, count), score, chances);
            var weight = Weight(weights, n);
            if (weight < 0) TensorPrimitives.Negate(chances, chances);
            TensorPrimitives.Sigmoid(chances, chances);
            var share = weight / (items.Length * (float)count);
            TensorPrimitives.MultiplyAdd(chances, share, _otherPulls.AsSpan(0, count), _otherPulls.AsSpan(0, count));
            TensorPrimitives.MultiplyAdd(_items[items[n]], share * TensorPrimitives.Sum<float>(chances), _gradient, _gradient);
        }
        for (var n = 0; n < count; n++) TensorPrimitives.MultiplyAdd(_items[_others[n]], -_otherPulls[n], _gradient, _gradient);
    }
}
