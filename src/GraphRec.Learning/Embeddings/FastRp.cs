using System.Numerics.Tensors;
using GraphRec.Core;
using GraphRec.Learning.Linear;
using GraphRec.Learning.Models.Factors;

namespace GraphRec.Learning.Embeddings;

/// <summary>What FastRP makes vectors with (Chen et al., "Fast and accurate network embeddings via very sparse random projection", CIKM 2019).</summary>
public sealed record FastRpParameters
{
    /// <summary>How long vectors are, 1 to 1,024.</summary>
    public int Dimensions { get; init; } = 128;

    /// <summary>What the first, second, … power of the transition matrix counts for (the paper's α).</summary>
    public IReadOnlyList<double> Weights { get; init; } = [0, 1, 1, 1];

    /// <summary>Random directions are weighted by degree to this power (the paper's β): below 0, hubs count for less.</summary>
    public double DegreeExponent { get; init; } = -0.5;

    /// <summary>These parameters, when they are in range.</summary>
    /// <exception cref="InvalidInputException">One is not; the message says which and what it may be.</exception>
    public FastRpParameters Checked()
    {
        if (Dimensions is < 1 or > 1024) throw Bad($"Dimensions is {Dimensions}; set it from 1 to 1024.");
        if (Weights.Count is 0 or > 20 || !Weights.All(double.IsFinite) || Weights.All(weight => weight == 0)) throw Bad("Weights must be 1 to 20 numbers that are not all 0; give one for each power.");
        if (DegreeExponent is not (>= -2 and <= 2)) throw Bad(FormattableString.Invariant($"DegreeExponent is {DegreeExponent}; set it from -2 to 2."));
        return this;
    }

    private static InvalidInputException Bad(string message) => new(ErrorCodes.BadUserInput, message);
}

/// <summary>
/// FastRP (Chen et al., CIKM 2019, algorithm 1): powers of the random walk's transition matrix times a very sparse random
/// matrix, rows brought to length 1 and added up by weight. Seconds where node2vec takes minutes, and no training.
/// </summary>
public static class FastRp
{
    /// <summary>Makes vectors of all nodes. Memory: three tables of vectors.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="parameters">What they are made with.</param>
    /// <param name="seed">Of the random directions.</param>
    /// <param name="threads">How many, from 1; the vectors are bit-identical for any number.</param>
    /// <param name="cancel">Looked at every few milliseconds.</param>
    /// <exception cref="InvalidInputException">A parameter is out of range.</exception>
    public static NodeVectors Fit(EmbeddingGraph graph, FastRpParameters parameters, int seed, int threads, CancellationToken cancel = default)
    {
        parameters = parameters.Checked();
        var (power, next) = (Table(), Table());
        var sum = Table();
        ForEach(node => Draw(graph, parameters, seed, node, power[node][..parameters.Dimensions]));
        foreach (var weight in parameters.Weights)
        {
            ForEach(node =>
            {
                Step(graph, power, node, next[node]);
                if (weight != 0 && TensorPrimitives.Norm<float>(next[node]) is > 0 and var norm)
                    TensorPrimitives.MultiplyAdd(next[node], (float)weight / norm, sum[node], sum[node]);
            });
            (power, next) = (next, power);
        }
        return new NodeVectors(graph.Types, sum);

        FactorTable Table() => new(graph.Count, parameters.Dimensions);

        void ForEach(Action<int> node)
        {
            const int together = 256;
            Tasks.ForEach((graph.Count + together - 1) / together, threads, task =>
            {
                for (var n = task * together; n < Math.Min(graph.Count, (task + 1) * together); n++) node(n);
            }, cancel);
        }
    }

    /// <summary>Numbers that are ±√3 with a chance of 1/6 each and else 0, times the node's weight.</summary>
    private static void Draw(EmbeddingGraph graph, FastRpParameters parameters, int seed, int node, Span<float> into)
    {
        if (graph.Degree(node) == 0) return;
        var random = new RandomStream(RandomStream.Mix(((ulong)(uint)seed << 32) | (uint)node));
        var value = (float)(Math.Sqrt(3) * Math.Pow((double)graph.Degree(node) / graph.ArcCount, parameters.DegreeExponent));
        foreach (ref var number in into)
        {
            number = random.Below(6) switch { 0 => value, 1 => -value, _ => 0 };
        }
    }

    private static void Step(EmbeddingGraph graph, FactorTable power, int node, Span<float> into)
    {
        into.Clear();
        var neighbours = graph.Neighbours(node);
        if (neighbours.IsEmpty) return;
        foreach (var other in neighbours) TensorPrimitives.Add(into, power[other], into);
        TensorPrimitives.Divide(into, neighbours.Length, into);
    }
}
