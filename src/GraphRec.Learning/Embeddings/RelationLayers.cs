using System.Numerics.Tensors;
using GraphRec.Learning.Linear;
using GraphRec.Learning.Models;

namespace GraphRec.Learning.Embeddings;

/// <summary>
/// The layers of LightGCN (He et al., SIGIR 2020, §3.1) over a graph of several types of node: layer k + 1 of node a is Σ over its
/// neighbours b of layer k / √(d(a, type of b) · d(b, type of a)), where d counts the neighbours of one type, so that a relation
/// with many edges does not drown one with few; a node's vector is the mean of its layers 0 … K. Not for concurrent use.
/// </summary>
internal sealed class RelationLayers
{
    private const int Chunk = 64;

    private readonly EmbeddingGraph _graph;
    private readonly int _layers;
    private readonly int _width;
    private readonly int _users;
    private readonly int _threads;
    private readonly CancellationToken _cancel;

    // By node and type: 1 / √d, and 0 where d is.
    private readonly float[] _roots;
    private readonly float[][] _turns;

    /// <param name="graph">The graph.</param>
    /// <param name="users">The type whose edges hidden nodes do without.</param>
    /// <param name="layers">K, from 0.</param>
    /// <param name="width">Length of the vectors.</param>
    /// <param name="threads">How many, from 1; the result is bit-identical for any number.</param>
    /// <param name="cancel">Looked at every few rows.</param>
    public RelationLayers(EmbeddingGraph graph, int users, int layers, int width, int threads, CancellationToken cancel)
    {
        (_graph, _users, _layers, _width, _threads, _cancel) = (graph, users, layers, width, threads, cancel);
        var types = graph.Types.Count;
        _roots = new float[graph.Count * types];
        for (var node = 0; node < graph.Count; node++)
        {
            for (var type = 0; type < types; type++)
            {
                if (graph.Neighbours(node, type).Length is > 0 and var degree) _roots[(node * types) + type] = 1 / MathF.Sqrt(degree);
            }
        }
        _turns = [new float[checked(graph.Count * width)], new float[graph.Count * width]];
    }

    /// <summary>The mean of the layers. What is hidden is as if no user had it and nothing had been learned of it itself.</summary>
    /// <param name="learned">Layer 0, nodes × width.</param>
    /// <param name="hidden">By node.</param>
    /// <param name="mean">Overwritten.</param>
    public void Forward(float[] learned, bool[] hidden, float[] mean)
    {
        Rows(node => Scaled(learned, node, hidden[node] ? 0 : 1, _turns[0]));
        _turns[0].CopyTo(mean, 0);
        for (var k = 1; k <= _layers; k++)
        {
            var (from, into) = (_turns[(k - 1) & 1], _turns[k & 1]);
            Rows(node =>
            {
                Sum(node, hidden, from, Row(into, node));
                TensorPrimitives.Add(Row(mean, node), Row(into, node), Row(mean, node));
            });
        }
        Rows(node => Scaled(mean, node, 1f / (_layers + 1), mean));
    }

    /// <summary>The gradient with respect to layer 0, from that with respect to the mean: the layers are a symmetric matrix.</summary>
    /// <param name="gradient">With respect to the mean.</param>
    /// <param name="hidden">As given to <see cref="Forward"/>.</param>
    /// <param name="learned">Overwritten.</param>
    public void Backward(float[] gradient, bool[] hidden, float[] learned)
    {
        Rows(node => Scaled(gradient, node, 1f / (_layers + 1), _turns[_layers & 1]));
        for (var k = _layers - 1; k >= 0; k--)
        {
            var (above, into) = (_turns[(k + 1) & 1], _turns[k & 1]);
            Rows(node =>
            {
                Sum(node, hidden, above, Row(into, node));
                TensorPrimitives.MultiplyAdd(Row(gradient, node), 1f / (_layers + 1), Row(into, node), Row(into, node));
            });
        }
        Rows(node => Scaled(_turns[0], node, hidden[node] ? 0 : 1, learned));
    }

    /// <summary>What multiplies the vectors of a node's neighbours of one type, beside a factor of each neighbour's own.</summary>
    public float Root(int node, int type) => _roots[(node * _graph.Types.Count) + type];

    private void Sum(int node, bool[] hidden, float[] from, Span<float> into)
    {
        into.Clear();
        var own = _graph.TypeOf(node);
        Span<float> sum = stackalloc float[_width];
        for (var type = 0; type < _graph.Types.Count; type++)
        {
            var root = Root(node, type);
            if (root == 0 || (hidden[node] && type == _users)) continue;
            sum.Clear();
            foreach (var other in _graph.Neighbours(node, type))
            {
                if (own != _users || !hidden[other]) TensorPrimitives.MultiplyAdd(Row(from, other), Root(other, own), sum, sum);
            }
            TensorPrimitives.MultiplyAdd(sum, root, into, into);
        }
    }

    private void Scaled(float[] from, int node, float factor, float[] into) => TensorPrimitives.Multiply(Row(from, node), factor, Row(into, node));

    private Span<float> Row(float[] rows, int node) => rows.AsSpan(node * _width, _width);

    private void Rows(Action<int> row) => ParallelRows.ForEach(_graph.Count, Chunk, _threads, () => row, (same, node) => same(node), _cancel);
}
