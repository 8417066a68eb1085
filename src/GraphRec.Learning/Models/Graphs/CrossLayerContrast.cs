using System.Numerics.Tensors;
using GraphRec.Learning.Evaluation;
using GraphRec.Learning.Simulation;

namespace GraphRec.Learning.Models.Graphs;

/// <summary>
/// The contrastive loss of XSimGCL (Yu, Xia, Chen, Cui, Hung, Yin, "XSimGCL: towards extremely simple graph contrastive learning
/// for recommendation", TKDE 2023): every layer is shifted by noise while it is made, and a node's vector is to be more like
/// its own low layer than like those of the other nodes of the batch (InfoNCE by cosines),
/// <code>Σ nodes a of ( ln Σ nodes b of exp(cos(mean a, layer b) / τ) − cos(mean a, layer a) / τ ) / nodes.</code>
/// The low layer is the first one that the items' vectors reach: 1 for users, 2 for items. Not for concurrent use.
/// </summary>
/// <param name="train">The graph.</param>
/// <param name="width">Length of the vectors.</param>
/// <param name="temperature">τ, above 0.</param>
/// <param name="noise">Length of the shift, as a share of a vector's own: XSimGCL's ε fixes the length, but cosines leave lengths free.</param>
/// <param name="seed">For the noise.</param>
/// <param name="threads">How many, from 1; the result is bit-identical for any number.</param>
/// <param name="cancel">Looked at often.</param>
internal sealed class CrossLayerContrast(
    InteractionMatrix train, int width, double temperature, double noise, int seed, int threads, CancellationToken cancel) : ILayerChange
{
    private const int Chunk = 256;

    private readonly CosineSoftmax _softmax = new(width, temperature);
    private readonly NodeValues _low = NodeValues.Of(train, width);
    private readonly NodeValues _lowGradient = NodeValues.Of(train, width);
    private long _layersMade;

    /// <summary>Shifts a layer: every number away from 0, by a random vector of non-negative numbers. The shift counts as constant.</summary>
    public void Apply(int layer, bool ofItems, float[] values)
    {
        var stream = ++_layersMade << 32;
        ParallelRows.ForEach(values.Length / width, Chunk, threads, () => new float[width], (shift, row) =>
        {
            var random = new SimulationRandom(seed, stream + row);
            var vector = values.AsSpan(row * width, width);
            // Two numbers of 32 bits at a time; a width is even.
            for (var k = 0; k < width; k += 2)
            {
                var bits = random.Next();
                (shift[k], shift[k + 1]) = ((uint)bits, (uint)(bits >> 32));
            }
            var factor = (float)noise * TensorPrimitives.Norm<float>(vector) / Math.Max(1, TensorPrimitives.Norm<float>(shift));
            for (var k = 0; k < width; k++) vector[k] += Math.Sign(vector[k]) * factor * shift[k];
        }, cancel);
        if (IsLow(layer, ofItems)) values.CopyTo(ofItems ? _low.Items : _low.Users, 0);
    }

    /// <summary>The loss of a batch, times <paramref name="weight"/>; its gradient is added to that of the mean, and of the low layers kept for <see cref="OfLayer"/>.</summary>
    /// <param name="users">Each once.</param>
    /// <param name="items">Each once; none: items are left alone.</param>
    /// <param name="mean">The mean of the layers that were shifted last.</param>
    /// <param name="gradient">Of the mean.</param>
    /// <param name="weight">λ.</param>
    public double Add(int[] users, int[] items, NodeValues mean, NodeValues gradient, double weight)
    {
        _lowGradient.Clear();
        return Side(users, mean.Users, gradient.Users, _low.Users, _lowGradient.Users, weight)
            + Side(items, mean.Items, gradient.Items, _low.Items, _lowGradient.Items, weight);
    }

    /// <summary>The gradient with respect to a layer from the last <see cref="Add"/>, as <see cref="GraphLayers.Backward"/> asks for it.</summary>
    public float[]? OfLayer(int layer) => IsLow(layer, ofItems: false) ? _lowGradient.Users : IsLow(layer, ofItems: true) ? _lowGradient.Items : null;

    private static bool IsLow(int layer, bool ofItems) => layer == (ofItems ? 2 : 1);

    private double Side(int[] rows, float[] mean, float[] gradient, float[] low, float[] lowGradient, double weight)
    {
        if (rows.Length == 0) return 0;
        var share = (float)(weight / rows.Length);
        _softmax.Anchors.Take(mean, rows, threads, cancel);
        _softmax.Candidates.Take(low, rows, threads, cancel);
        var losses = new double[rows.Length];
        var weights = new float[rows.Length];
        weights.AsSpan().Fill(share);
        _softmax.Run([], weights, losses, threads, cancel);
        var own = 0.0;
        for (var n = 0; n < rows.Length; n++)
        {
            var a = _softmax.Anchors.Slope(n);
            var b = _softmax.Candidates.Slope(n);
            own += TensorPrimitives.Dot<float>(_softmax.Anchors[n], _softmax.Candidates[n]);
            TensorPrimitives.MultiplyAdd(_softmax.Candidates[n], -share, a, a);
            TensorPrimitives.MultiplyAdd(_softmax.Anchors[n], -share, b, b);
        }
        _softmax.AddSlopes(_softmax.Anchors, gradient, threads, cancel);
        _softmax.AddSlopes(_softmax.Candidates, lowGradient, threads, cancel);
        return losses.Sum() - (share * _softmax.Inverse * own);
    }
}
