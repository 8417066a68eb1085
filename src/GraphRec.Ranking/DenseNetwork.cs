using GraphRec.Core;

namespace GraphRec.Ranking;

/// <summary>A layer of a multilayer perceptron: output j = bias j + Σ over inputs i of input i · weight (i, j).</summary>
/// <param name="Inputs">How many numbers come in.</param>
/// <param name="Outputs">How many go out.</param>
/// <param name="Weights">Row-major, a row of <paramref name="Outputs"/> per input.</param>
/// <param name="Bias">One per output.</param>
public sealed record DenseLayer(int Inputs, int Outputs, float[] Weights, float[] Bias);

/// <summary>A multilayer perceptron with a ReLU after every layer but the last, which has one output: the score. Immutable.</summary>
public sealed class DenseNetwork
{
    /// <param name="layers">From the features to the score.</param>
    /// <exception cref="InvalidInputException">The layers do not fit one another, or a number is not finite.</exception>
    public DenseNetwork(IReadOnlyList<DenseLayer> layers)
    {
        for (var n = 0; n < layers.Count; n++)
        {
            var layer = layers[n];
            var next = n + 1 < layers.Count ? layers[n + 1].Inputs : 1;
            if (layer.Inputs < 1 || layer.Outputs != next || layer.Weights.Length != layer.Inputs * layer.Outputs || layer.Bias.Length != layer.Outputs)
                throw Bad($"layer {n} has {layer.Inputs} × {layer.Outputs} with {layer.Weights.Length} weights and {layer.Bias.Length} biases; the next takes {next}, and the last gives 1.");
            if (!layer.Weights.All(float.IsFinite) || !layer.Bias.All(float.IsFinite)) throw Bad($"layer {n} has a number that is not finite.");
        }
        if (layers.Count == 0) throw Bad("a network has no layer; give it at least one.");
        Layers = [.. layers];
    }

    public IReadOnlyList<DenseLayer> Layers { get; }

    public int FeatureCount => Layers[0].Inputs;

    /// <summary>The score of one row.</summary>
    /// <param name="row">One finite value per feature.</param>
    public double Score(ReadOnlySpan<float> row)
    {
        var values = new double[row.Length];
        for (var n = 0; n < row.Length; n++) values[n] = row[n];
        foreach (var layer in Layers)
        {
            var next = Array.ConvertAll(layer.Bias, bias => (double)bias);
            for (var i = 0; i < layer.Inputs; i++)
            {
                for (var j = 0; j < layer.Outputs; j++) next[j] += values[i] * layer.Weights[(i * layer.Outputs) + j];
            }
            if (layer != Layers[^1])
            {
                for (var j = 0; j < next.Length; j++) next[j] = Math.Max(0, next[j]);
            }
            values = next;
        }
        return values[0];
    }

    private static InvalidInputException Bad(string message) => new(ErrorCodes.BadUserInput, message);
}
