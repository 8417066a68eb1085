using System.Numerics.Tensors;
using GraphRec.Learning.Evaluation;
using GraphRec.Learning.Linear;

namespace GraphRec.Learning.Models.Graphs;

/// <summary>One number per entry of a vector of every user and of every item.</summary>
/// <param name="Users">users × width.</param>
/// <param name="Items">items × width.</param>
internal sealed record NodeValues(float[] Users, float[] Items)
{
    public static NodeValues Of(InteractionMatrix train, int width) =>
        new(new float[checked(train.Users.Count * width)], new float[checked(train.Items.Count * width)]);

    public void Clear()
    {
        Users.AsSpan().Clear();
        Items.AsSpan().Clear();
    }
}

/// <summary>
/// The layers of LightGCN (He, Deng, Wang, Li, Zhang, Wang, "LightGCN: simplifying and powering graph convolution network for
/// recommendation", SIGIR 2020, §3.1): layer 0 are the learned vectors, and layer k + 1 of a user is Σ over their items of
/// layer k / √(|Iᵤ| |Uᵢ|), and of an item the same over its users; a node's vector is the mean of its layers 0 … K. As the
/// graph has two sides, what starts on the items reaches users in odd layers and items in even ones: without learned
/// vectors of users half of all products vanish.
/// </summary>
internal sealed class GraphLayers
{
    // Elements that one task adds or scales: 64 KiB.
    private const int Piece = 1 << 14;

    private readonly ScaledPattern _graph;
    private readonly int _layers;
    private readonly int _width;
    private readonly int _threads;
    private readonly CancellationToken _cancel;
    private readonly NodeValues[] _turns;

    /// <param name="train">Who has which item: the graph.</param>
    /// <param name="layers">K, from 0.</param>
    /// <param name="width">Length of the vectors, a multiple of <see cref="ScaledPattern.WidthUnit"/>.</param>
    /// <param name="threads">How many, from 1; the result is bit-identical for any number.</param>
    /// <param name="cancel">Looked at every few rows.</param>
    public GraphLayers(InteractionMatrix train, int layers, int width, int threads, CancellationToken cancel)
    {
        (_graph, _layers, _width, _threads, _cancel) = (ScaledPattern.Normalised(train, 0.5, 0.5), layers, width, threads, cancel);
        _turns = [NodeValues.Of(train, width), NodeValues.Of(train, width)];
    }

    /// <summary>The mean of the layers.</summary>
    /// <param name="learned">Layer 0.</param>
    /// <param name="hasUsers">Whether layer 0 has users; otherwise theirs counts as 0, whatever stands there.</param>
    /// <param name="mean">Overwritten.</param>
    public void Forward(NodeValues learned, bool hasUsers, NodeValues mean) => Forward(learned, hasUsers, mean, null);

    /// <summary>The same, each layer from 1 on changed when it is made and before the next one is made from it.</summary>
    public void Forward(NodeValues learned, bool hasUsers, NodeValues mean, ILayerChange? change)
    {
        mean.Clear();
        Chain(learned.Items, fromItems: true, mean, change);
        if (hasUsers) Chain(learned.Users, fromItems: false, mean, change);
        Scale(mean.Users);
        Scale(mean.Items);
    }

    /// <summary>
    /// The gradient with respect to layer 0, from that with respect to the mean. The layers are a symmetric matrix, so this
    /// is the same sum of products, made from its end (Horner): K products for each side that has learned vectors.
    /// </summary>
    /// <param name="gradient">With respect to the mean, and with respect to single layers beside it.</param>
    /// <param name="hasUsers">Whether users have learned vectors.</param>
    /// <param name="learned">Overwritten; of users only if they have learned vectors.</param>
    /// <param name="ofLayer">A gradient with respect to layer k of users (k odd) or items (k even) of the chain from the items; null: none.</param>
    public void Backward(NodeValues gradient, bool hasUsers, NodeValues learned, Func<int, float[]?>? ofLayer = null)
    {
        Scale(gradient.Users);
        Scale(gradient.Items);
        Back(gradient, toItems: true, learned.Items, ofLayer);
        if (hasUsers) Back(gradient, toItems: false, learned.Users, null);
    }

    private void Chain(float[] start, bool fromItems, NodeValues sum, ILayerChange? change)
    {
        Add(start, Side(sum, fromItems));
        for (var k = 1; k <= _layers; k++)
        {
            var onItems = k % 2 == 0 == fromItems;
            var from = k == 1 ? start : Side(_turns[(k - 1) & 1], !onItems);
            var into = Side(_turns[k & 1], onItems);
            Product(from, into, onItems);
            change?.Apply(k, onItems, into);
            Add(into, Side(sum, onItems));
        }
    }

    private void Back(NodeValues gradient, bool toItems, float[] learned, Func<int, float[]?>? ofLayer)
    {
        float[]? above = null;
        for (var k = _layers; k >= 0; k--)
        {
            var onItems = k % 2 == 0 == toItems;
            var into = k == 0 ? learned : Side(_turns[k & 1], onItems);
            if (above is null) into.AsSpan().Clear();
            else Product(above, into, onItems);
            Add(Side(gradient, onItems), into);
            if (k > 0 && ofLayer?.Invoke(k) is { } extra) Add(extra, into);
            above = into;
        }
    }

    private static float[] Side(NodeValues values, bool items) => items ? values.Items : values.Users;

    private void Product(float[] from, float[] into, bool onItems)
    {
        if (onItems) _graph.MultiplyTransposed(from, into, _width, _threads, _cancel);
        else _graph.Multiply(from, into, _width, _threads, _cancel);
    }

    private void Add(float[] values, float[] into) => Pieces(into, (at, count) =>
        TensorPrimitives.Add(into.AsSpan(at, count), values.AsSpan(at, count), into.AsSpan(at, count)));

    private void Scale(float[] values) => Pieces(values, (at, count) =>
        TensorPrimitives.Multiply(values.AsSpan(at, count), 1f / (_layers + 1), values.AsSpan(at, count)));

    private void Pieces(float[] values, Action<int, int> piece) => Tasks.ForEach(
        (values.Length + Piece - 1) / Piece, _threads, task => piece(task * Piece, Math.Min(Piece, values.Length - (task * Piece))), _cancel);
}

/// <summary>Changes a layer while the layers are made.</summary>
internal interface ILayerChange
{
    /// <param name="layer">From 1.</param>
    /// <param name="ofItems">Whether its rows are items; otherwise users.</param>
    /// <param name="values">The layer, row after row; changed in place.</param>
    void Apply(int layer, bool ofItems, float[] values);
}
