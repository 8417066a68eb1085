using GraphRec.Core;

namespace GraphRec.Learning.Embeddings;

/// <summary>
/// node2vec (Grover, Leskovec, KDD 2016): vectors by which nodes that are near each other in random walks are alike.
/// </summary>
public static class Node2Vec
{
    /// <summary>
    /// Fits vectors of all nodes. Memory: both tables of vectors (8 bytes per node and dimension), the graph, and about 60 MB.
    /// </summary>
    /// <param name="graph">The graph.</param>
    /// <param name="parameters">What it is fitted with.</param>
    /// <param name="seed">Of every random choice.</param>
    /// <param name="threads">How many, from 1; the vectors are bit-identical for any number.</param>
    /// <param name="progress">Told the share that is done; null when nobody listens.</param>
    /// <param name="cancel">Looked at every few milliseconds.</param>
    /// <exception cref="InvalidInputException">A parameter is out of range, the metapath does not fit the graph, or the graph has no edge.</exception>
    public static NodeVectors Fit(
        EmbeddingGraph graph, Node2VecParameters parameters, int seed, int threads, IProgress<double>? progress = null, CancellationToken cancel = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        if (graph.ArcCount == 0) throw new InvalidInputException(ErrorCodes.BadUserInput, "The graph has no edges; give one that has.");
        return new NodeVectors(graph.Types, new SkipGram(graph, parameters.Checked(), seed, threads, cancel).Run(progress, cancel));
    }

    /// <summary>
    /// The walks alone, for those who train elsewhere or measure: calls <paramref name="consume"/> from several threads, in no
    /// order, with a walk's number and its nodes, <see cref="Node2VecParameters.WalksPerNode"/> times for each node.
    /// </summary>
    /// <exception cref="InvalidInputException">A parameter is out of range, or the metapath does not fit the graph.</exception>
    public static void Walk(EmbeddingGraph graph, Node2VecParameters parameters, int seed, int threads, Action<long, ReadOnlySpan<int>> consume, CancellationToken cancel = default)
    {
        var walks = new SecondOrderWalks(graph, parameters.Checked(), seed);
        const int together = 256;
        var count = (long)graph.Count * parameters.WalksPerNode;
        Linear.Tasks.ForEach((int)((count + together - 1) / together), threads, () => new int[walks.Length], (walk, task) =>
        {
            for (var number = (long)task * together; number < Math.Min(count, (task + 1L) * together); number++)
            {
                var length = walks.Walk(number, (int)(number % graph.Count), walk);
                if (length > 0) consume(number, walk.AsSpan(0, length));
            }
        }, cancel);
    }
}
