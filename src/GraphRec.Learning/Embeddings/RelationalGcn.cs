using System.Numerics.Tensors;
using GraphRec.Core;
using GraphRec.Learning.Models.Factors;
using GraphRec.Learning.Models.Graphs;
using GraphRec.Learning.Simulation;

namespace GraphRec.Learning.Embeddings;

/// <summary>What the relation-aware variant of LightGCN is fitted with.</summary>
public sealed record RelationalGcnParameters
{
    /// <summary>How long vectors are, 1 to 1,024.</summary>
    public int Dimensions { get; init; } = 64;

    /// <summary>How far vectors are passed along the graph, 1 to 8.</summary>
    public int Layers { get; init; } = 2;

    /// <summary>Passes over all users, from 1.</summary>
    public int Epochs { get; init; } = 10;

    /// <summary>Users of one step, from 1; at most a sixteenth of all.</summary>
    public int Batch { get; init; } = 512;

    /// <summary>Length of Adam's first steps; it falls to 0 in a line.</summary>
    public double LearningRate { get; init; } = 0.01;

    /// <summary>τ of the softmax, from 0.03.</summary>
    public double Temperature { get; init; } = 0.08;

    /// <summary>The share of items that are hidden in a step, so that facts learn to speak for what nobody has watched. Above 0, below 1.</summary>
    public double Hidden { get; init; } = 0.3;

    /// <summary>How much ranking the hidden items counts; the rest is for the others. 0 to 1.</summary>
    // 0.5, 0.8, 0.95: NDCG@10 among hidden films .299, .315, .304, among all .004, .072, .105 (one draw of the same part).
    public double HiddenWeight { get; init; } = 0.8;

    /// <summary>The length at which an item's vector counts for 0.7 of what it could: what little is known of speaks more softly. From 0.</summary>
    public double Shrinkage { get; init; } = 1;

    /// <summary>
    /// Facts of at least so many items have a vector of their own, from 1; others only what is passed to them. One of few items would learn
    /// these by heart, and hiding them would hide nothing.
    /// </summary>
    // With 1 every fact is learned and the ranking of hidden films is lost: NDCG@10 .034, with 3 .155 (3 layers); with 5, 8, 12 .254, .315, .251
    // (2 layers; one draw of a validation part of MovieLens, 5 epochs; over two draws 8 has .232 and 50 .173).
    public int LeastItems { get; init; } = 8;

    /// <summary>Keeps learned vectors short, from 0.</summary>
    public double Regularization { get; init; }

    /// <summary>These parameters, when they are in range.</summary>
    /// <exception cref="InvalidInputException">One is not; the message says which and what it may be.</exception>
    public RelationalGcnParameters Checked()
    {
        Between(nameof(Dimensions), Dimensions, 1, 1024);
        Between(nameof(Layers), Layers, 1, 8);
        Between(nameof(Epochs), Epochs, 1, 100_000);
        Between(nameof(Batch), Batch, 1, 1 << 20);
        Between(nameof(LearningRate), LearningRate, 1e-6, 10);
        Between(nameof(Temperature), Temperature, 0.03, 10);
        Between(nameof(Hidden), Hidden, 0.01, 0.99);
        Between(nameof(HiddenWeight), HiddenWeight, 0, 1);
        Between(nameof(Shrinkage), Shrinkage, 0, 1000);
        Between(nameof(LeastItems), LeastItems, 1, int.MaxValue);
        Between(nameof(Regularization), Regularization, 0, 1);
        return this;
    }

    private static void Between(string name, double value, double least, double most)
    {
        if (!(value >= least && value <= most))
            throw new InvalidInputException(ErrorCodes.BadUserInput, FormattableString.Invariant($"{name} is {value}; set it from {least} to {most}."));
    }
}

/// <summary>
/// The relation-aware variant of LightGCN (He et al., SIGIR 2020): vectors of items, people, genres and tags are learned and passed
/// along all edges of the graph, so that an item nobody has watched has a vector from its facts, in the same space. In every
/// step some items are hidden, that is without their users and their own learned vector, and are to be ranked for the users
/// who have them, as dropping behaviour out does in DropoutNet (Volkovs, Yu, Poutanen, NIPS 2017).
/// </summary>
/// <remarks>
/// Users have no learned vectors: one is the mean of their items' vectors, so that an event counts at once. Items are ranked by the scalar
/// product with it, which is the longer, up to 1, the more is known of them.
/// </remarks>
public static class RelationalGcn
{
    /// <summary>How manifests name it.</summary>
    public const string Kind = "lightgcn-relations";

    /// <summary>
    /// Fits vectors of all nodes. An item's is the mean of its layers, divided by the root of its squared length + <see cref="RelationalGcnParameters.Shrinkage"/>²; a
    /// user's is the mean of their items'; that of a fact is what it gives to each of its items (<see cref="Induce"/>). A node that nothing is known of has zeros. Memory:
    /// eight tables of vectors and one of a batch's users × items.
    /// </summary>
    /// <param name="graph">A graph with nodes of type <c>user</c>, which are joined with one other type: the items.</param>
    /// <param name="parameters">What it is fitted with.</param>
    /// <param name="seed">Of every random choice.</param>
    /// <param name="threads">How many, from 1; the vectors are bit-identical for any number.</param>
    /// <param name="progress">Told the share that is done; null when nobody listens.</param>
    /// <param name="cancel">Looked at every few milliseconds.</param>
    /// <exception cref="InvalidInputException">A parameter is out of range, or the graph is not of this form.</exception>
    public static NodeVectors Fit(
        EmbeddingGraph graph, RelationalGcnParameters parameters, int seed, int threads, IProgress<double>? progress = null, CancellationToken cancel = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        var fit = new RelationalGcnFit(graph, parameters.Checked(), seed, threads, cancel);
        for (var epoch = 0; epoch < parameters.Epochs; epoch++) fit.Epoch(progress);
        return fit.Vectors();
    }

    /// <summary>
    /// The vector of an item that was not there when these were made, from the vectors of its facts: Σ over types of Σ of the type's
    /// vectors / √ how many, shrunk as theirs. An item that was there, and had no users and no edges to other items, has it already.
    /// </summary>
    /// <param name="vectors">As <see cref="Fit"/> made them.</param>
    /// <param name="shrinkage">As they were made with.</param>
    /// <param name="facts">Numbers of nodes that are neither users nor items, each once.</param>
    /// <param name="into">Of <see cref="NodeVectors.Dimensions"/> numbers; overwritten; zeros where no fact has a vector.</param>
    public static void Induce(NodeVectors vectors, double shrinkage, ReadOnlySpan<int> facts, Span<float> into)
    {
        into = into[..vectors.Dimensions];
        into.Clear();
        foreach (var type in vectors.Types)
        {
            var count = 0;
            foreach (var fact in facts) count += IsOf(type, fact) ? 1 : 0;
            foreach (var fact in facts)
            {
                if (IsOf(type, fact)) TensorPrimitives.MultiplyAdd(vectors[fact], 1 / MathF.Sqrt(count), into, into);
            }
        }
        Shrink(into, shrinkage, into);

        static bool IsOf(NodeType type, int node) => node >= type.First && node < type.First + type.Ids.Count;
    }

    /// <summary>v / √(|v|² + shrinkage²); zeros stay.</summary>
    internal static void Shrink(ReadOnlySpan<float> vector, double shrinkage, Span<float> into)
    {
        var squares = TensorPrimitives.SumOfSquares(vector);
        TensorPrimitives.Multiply(vector, squares > 0 ? (float)(1 / Math.Sqrt(squares + (shrinkage * shrinkage))) : 0, into);
    }
}

/// <summary>The steps of <see cref="RelationalGcn.Fit"/>.</summary>
internal sealed class RelationalGcnFit
{
    // With fewer steps in an epoch small data sets would be fitted with next to none.
    private const int LeastSteps = 16;
    private const double StartDeviation = 0.1;

    private readonly EmbeddingGraph _graph;
    private readonly RelationalGcnParameters _p;
    private readonly int _threads;
    private readonly CancellationToken _cancel;
    private readonly int _width;
    private readonly int _users;
    private readonly int _items;
    private readonly int[] _order;
    private readonly int[] _watched;
    private readonly int[] _passing;
    private readonly bool[] _hidden;
    private readonly SimulationRandom _random;
    private readonly RelationLayers _layers;
    private readonly HistoryLoss _loss;
    private readonly float[] _learned;
    private readonly float[] _mean;
    private readonly float[] _gradient;
    private readonly float[] _slope;
    private readonly Adam _adam;
    private int _step;

    public RelationalGcnFit(EmbeddingGraph graph, RelationalGcnParameters p, int seed, int threads, CancellationToken cancel)
    {
        (_graph, _p, _threads, _cancel) = (graph, p, threads, cancel);
        (_users, _items) = TypesOf(graph);
        // One more than a vector has: see HistoryLoss.
        _width = GramCholesky.Padded(p.Dimensions + 1);
        var most = Array.MaxLength / Math.Max(1, graph.Count);
        if (_width > most) throw Bad($"{p.Dimensions} dimensions are too many for {graph.Count} nodes; set Dimensions to at most {most / 16 * 16}.");
        _order = Joined(_users, _items);
        _watched = Joined(_items, _users);
        _passing = [.. Enumerable.Range(0, graph.Count).Where(node => !IsLearned(node))];
        (_hidden, _random) = (new bool[graph.Count], new SimulationRandom(seed, -1));
        _layers = new RelationLayers(graph, _users, p.Layers, _width, threads, cancel);
        _loss = new HistoryLoss(graph, _items, _width, p.Dimensions, p.Temperature);
        var length = checked(graph.Count * _width);
        (_learned, _mean, _gradient, _slope) = (new float[length], new float[length], new float[length], new float[length]);
        _adam = new Adam(length);
        // Facts start from zeros: what those of nothing that was watched were drawn would stay, and be noise to their items.
        var drawn = new FactorTable(graph.Types[_items].Ids.Count, p.Dimensions);
        drawn.Draw(seed, StartDeviation, threads, cancel);
        foreach (var item in _watched) drawn[item - graph.Types[_items].First][..p.Dimensions].CopyTo(_learned.AsSpan(item * _width, p.Dimensions));
    }

    /// <summary>One pass over the users; the mean loss of its batches.</summary>
    public double Epoch(IProgress<double>? progress)
    {
        _random.Shuffle(_order);
        var batch = Math.Clamp(_order.Length / LeastSteps, 1, _p.Batch);
        var steps = (_order.Length + batch - 1) / batch;
        var (loss, total) = (0.0, (double)steps * _p.Epochs);
        for (var first = 0; first < _order.Length; first += batch, _step++)
        {
            _cancel.ThrowIfCancellationRequested();
            progress?.Report(_step / total);
            loss += Gradient(_order.AsSpan(first, Math.Min(batch, _order.Length - first)).ToArray());
            _adam.Step(_learned, _slope, _p.LearningRate * Math.Max(0, 1 - (_step / total)), _p.Regularization, _threads, _cancel);
        }
        return loss / steps;
    }

    public NodeVectors Vectors()
    {
        Hide(0);
        _layers.Forward(_learned, _hidden, _mean);
        var vectors = new FactorTable(_graph.Count, _p.Dimensions);
        foreach (var node in Nodes(_items)) RelationalGcn.Shrink(_mean.AsSpan(node * _width, _p.Dimensions), _p.Shrinkage, vectors[node]);
        foreach (var user in _order)
        {
            foreach (var item in _graph.Neighbours(user, _items)) TensorPrimitives.Add(vectors[user], vectors[item], vectors[user]);
            TensorPrimitives.Divide(vectors[user], _graph.Neighbours(user, _items).Length, vectors[user]);
        }
        // What layers 0 … K − 1 of a fact give to layers 1 … K of its items.
        new RelationLayers(_graph, _users, _p.Layers - 1, _width, _threads, _cancel).Forward(_learned, _hidden, _slope);
        for (var type = 0; type < _graph.Types.Count; type++)
        {
            if (type == _users || type == _items) continue;
            foreach (var node in Nodes(type))
                TensorPrimitives.Multiply(_slope.AsSpan(node * _width, _p.Dimensions), _layers.Root(node, _items) * _p.Layers / (_p.Layers + 1), vectors[node]);
        }
        return new NodeVectors(_graph.Types, vectors);
    }

    private double Gradient(int[] users)
    {
        _random.Shuffle(_watched);
        var hidden = Math.Clamp((int)(_p.Hidden * _watched.Length), 1, _watched.Length);
        Hide(hidden);
        _layers.Forward(_learned, _hidden, _mean);
        foreach (var item in Nodes(_items)) _mean[(item * _width) + _p.Dimensions] = (float)_p.Shrinkage;
        _gradient.AsSpan().Clear();
        var loss = _loss.Add(users, _watched, _hidden, ofHidden: true, _p.HiddenWeight, _mean, _gradient, _threads, _cancel)
            + _loss.Add(users, _watched, _hidden, ofHidden: false, 1 - _p.HiddenWeight, _mean, _gradient, _threads, _cancel);
        foreach (var item in Nodes(_items)) _gradient[(item * _width) + _p.Dimensions] = 0;
        _layers.Backward(_gradient, _hidden, _slope);
        foreach (var node in _passing) _slope.AsSpan(node * _width, _width).Clear();
        return loss;
    }

    private bool IsLearned(int node) =>
        _graph.TypeOf(node) == _items || (_graph.TypeOf(node) != _users && _graph.Neighbours(node, _items).Length >= _p.LeastItems);

    /// <summary>Hides the first of the watched items, and those that nobody watched.</summary>
    private void Hide(int count)
    {
        foreach (var item in Nodes(_items)) _hidden[item] = true;
        foreach (var item in _watched.AsSpan(count)) _hidden[item] = false;
    }

    private IEnumerable<int> Nodes(int type) => Enumerable.Range(_graph.Types[type].First, _graph.Types[type].Ids.Count);

    /// <summary>The nodes of a type that have a neighbour of another.</summary>
    private int[] Joined(int type, int other) => [.. Nodes(type).Where(node => _graph.Neighbours(node, other).Length > 0)];

    private static (int Users, int Items) TypesOf(EmbeddingGraph graph)
    {
        var users = graph.TypeNamed("user");
        int[] joined = [.. Enumerable.Range(0, graph.Types.Count).Where(type => graph.AreTypesJoined(users, type))];
        return joined.Length == 1 && joined[0] != users
            ? (users, joined[0])
            : throw Bad($"Users are joined with {joined.Length} types of node; give a graph in which they are joined with one, their items.");
    }

    private static InvalidInputException Bad(string message) => new(ErrorCodes.BadUserInput, message);
}
