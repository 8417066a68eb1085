using System.Numerics.Tensors;
using GraphRec.Learning.Simulation;
using GraphRec.Ranking;

namespace GraphRec.Learning.Ranking;

/// <summary>Where the numbers of a network with two hidden layers stand in one array: weights and bias of each layer, one after the other.</summary>
internal sealed record MlpShape(int Inputs, int First, int Second)
{
    private int FirstWeights => Inputs * First;

    private int SecondWeights => First * Second;

    public Range Weights1 => ..FirstWeights;

    public Range Bias1 => FirstWeights..(FirstWeights + First);

    public Range Weights2 => Bias1.End..(Bias1.End.Value + SecondWeights);

    public Range Bias2 => Weights2.End..(Weights2.End.Value + Second);

    public Range Weights3 => Bias2.End..(Bias2.End.Value + Second);

    /// <summary>The last bias, which no order depends on: it stays 0.</summary>
    public int Bias3 => Weights3.End.Value;

    /// <summary>Whole vectors, as <see cref="Models.Graphs.Adam"/> takes them.</summary>
    public int Length => (Bias3 + 1 + 15) / 16 * 16;

    /// <summary>First weights: normal with variance 2 / inputs (He, Zhang, Ren, Sun, "Delving deep into rectifiers", ICCV 2015, section 2.2).</summary>
    public float[] Draw(SimulationRandom random)
    {
        var values = new float[Length];
        foreach (var (range, inputs) in new[] { (Weights1, Inputs), (Weights2, First), (Weights3, Second) })
        {
            foreach (ref var value in values.AsSpan(range)) value = (float)(random.Normal() * Math.Sqrt(2.0 / inputs));
        }
        return values;
    }

    /// <summary>The network for features as they are: their scale goes into the first layer, in double.</summary>
    public DenseNetwork Network(float[] values, FeatureScale scale)
    {
        var weights = values[Weights1];
        var bias = Array.ConvertAll(values[Bias1], value => (double)value);
        for (var i = 0; i < Inputs; i++)
        {
            for (var j = 0; j < First; j++)
            {
                var scaled = weights[(i * First) + j] * scale.Inverse[i];
                bias[j] -= scaled * scale.Means[i];
                weights[(i * First) + j] = (float)scaled;
            }
        }
        return new DenseNetwork(
        [
            new DenseLayer(Inputs, First, weights, Array.ConvertAll(bias, value => (float)value)),
            new DenseLayer(First, Second, values[Weights2], values[Bias2]),
            new DenseLayer(Second, 1, values[Weights3], [values[Bias3]]),
        ]);
    }
}

/// <summary>
/// Loss and gradient of lists: for a list with scores s, gains g = 2^label − 1 and weights w
/// <code>− Σ rows i of wᵢ gᵢ / Σ g · ln softmax(s)ᵢ</code>
/// Keeps buffers: not for concurrent use.
/// </summary>
internal sealed class MlpGradient(MlpShape shape, RankingLists lists, FeatureScale scale)
{
    private float[] _inputs = [];
    private float[] _first = [];
    private float[] _second = [];
    private float[] _scores = [];
    private readonly float[] _firstSlope = new float[shape.First];
    private readonly float[] _secondSlope = new float[shape.Second];

    /// <summary>What <see cref="Sum"/> made.</summary>
    public float[] Gradient { get; } = new float[shape.Length];

    /// <summary>Whether a list has rows of different labels: the others' gradient says nothing of an order.</summary>
    public static bool Teaches(RankingLists lists, int list) => lists.Labels[lists.List(list)] is var labels && labels.ContainsAnyExcept(labels[0]);

    /// <summary>The gradient of every <paramref name="step"/>-th list from <paramref name="start"/> on; gives the loss.</summary>
    public double Sum(float[] weights, int[] batch, int start, int step)
    {
        Array.Clear(Gradient);
        var loss = 0.0;
        for (var n = start; n < batch.Length; n += step) loss += Add(weights, batch[n]);
        return loss;
    }

    /// <summary>The scores of a list's rows.</summary>
    public ReadOnlySpan<float> Scores(float[] weights, int list)
    {
        var (start, count) = lists.List(list).GetOffsetAndLength(lists.RowCount);
        if (_scores.Length < count)
        {
            (_inputs, _scores) = (new float[count * shape.Inputs], new float[count]);
            (_first, _second) = (new float[count * shape.First], new float[count * shape.Second]);
        }
        for (var row = 0; row < count; row++)
        {
            var input = Row(_inputs, row, shape.Inputs);
            var values = lists.Row(start + row);
            for (var f = 0; f < input.Length; f++) input[f] = (float)((values[f] - scale.Means[f]) * scale.Inverse[f]);
            var first = Row(_first, row, shape.First);
            var second = Row(_second, row, shape.Second);
            Layer(weights.AsSpan(shape.Weights1), weights.AsSpan(shape.Bias1), input, first);
            Layer(weights.AsSpan(shape.Weights2), weights.AsSpan(shape.Bias2), first, second);
            _scores[row] = TensorPrimitives.Dot<float>(weights.AsSpan(shape.Weights3), second) + weights[shape.Bias3];
        }
        return _scores.AsSpan(0, count);
    }

    private double Add(float[] weights, int list)
    {
        var scores = Scores(weights, list);
        var start = lists.List(list).Start.Value;
        var (most, total, target, gains) = (TensorPrimitives.Max(scores), 0.0, 0.0, 0.0);
        for (var row = 0; row < scores.Length; row++)
        {
            total += Math.Exp(scores[row] - most);
            gains += Gain(start + row);
            target += lists.Weights[start + row] * Gain(start + row);
        }
        var loss = 0.0;
        for (var row = 0; row < scores.Length; row++)
        {
            var wanted = lists.Weights[start + row] * Gain(start + row) / gains;
            loss -= wanted * (scores[row] - most - Math.Log(total));
            Back(weights, row, (float)((target / gains * Math.Exp(scores[row] - most) / total) - wanted));
        }
        return loss;
    }

    private double Gain(int row) => (1 << lists.Labels[row]) - 1;

    /// <summary>Adds what a row's score gives the gradient when the loss rises with it by <paramref name="slope"/>.</summary>
    private void Back(float[] weights, int row, float slope)
    {
        var input = Row(_inputs, row, shape.Inputs);
        var first = Row(_first, row, shape.First);
        var second = Row(_second, row, shape.Second);
        var own = Gradient.AsSpan(shape.Weights3);
        TensorPrimitives.MultiplyAdd(second, slope, own, own);
        TensorPrimitives.Multiply(weights.AsSpan(shape.Weights3), slope, _secondSlope);
        Rectify(second, _secondSlope);
        Back(first, _secondSlope, Gradient.AsSpan(shape.Weights2), Gradient.AsSpan(shape.Bias2));
        for (var i = 0; i < first.Length; i++) _firstSlope[i] = TensorPrimitives.Dot<float>(weights.AsSpan(shape.Weights2).Slice(i * shape.Second, shape.Second), _secondSlope);
        Rectify(first, _firstSlope);
        Back(input, _firstSlope, Gradient.AsSpan(shape.Weights1), Gradient.AsSpan(shape.Bias1));
    }

    private static void Back(ReadOnlySpan<float> inputs, ReadOnlySpan<float> slope, Span<float> weights, Span<float> bias)
    {
        TensorPrimitives.Add(bias, slope, bias);
        for (var i = 0; i < inputs.Length; i++)
        {
            if (inputs[i] == 0) continue;
            var own = weights.Slice(i * slope.Length, slope.Length);
            TensorPrimitives.MultiplyAdd(slope, inputs[i], own, own);
        }
    }

    private static void Layer(ReadOnlySpan<float> weights, ReadOnlySpan<float> bias, ReadOnlySpan<float> inputs, Span<float> outputs)
    {
        bias.CopyTo(outputs);
        for (var i = 0; i < inputs.Length; i++)
        {
            if (inputs[i] != 0) TensorPrimitives.MultiplyAdd(weights.Slice(i * outputs.Length, outputs.Length), inputs[i], outputs, outputs);
        }
        TensorPrimitives.Max(outputs, 0f, outputs);
    }

    /// <summary>Nothing comes back through a unit that was silent.</summary>
    private static void Rectify(ReadOnlySpan<float> outputs, Span<float> slope)
    {
        for (var n = 0; n < slope.Length; n++)
        {
            if (outputs[n] <= 0) slope[n] = 0;
        }
    }

    private static Span<float> Row(float[] values, int row, int width) => values.AsSpan(row * width, width);
}
