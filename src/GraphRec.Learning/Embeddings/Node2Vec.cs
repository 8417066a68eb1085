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
        const int together = SecondOrderWalks.Together;
        var count = (long)graph.Count * parameters.WalksPerNode;
        Linear.Tasks.ForEach((int)((count + together - 1) / together), threads, () => (Starts: new int[together], Lengths: new int[together], Nodes: new int[together * walks.Length]), (own, task) =>
        {
            var first = (long)task * together;
            var starts = own.Starts.AsSpan(0, (int)Math.Min(together, count - first));
            for (var n = 0; n < starts.Length; n++) starts[n] = (int)((first + n) % graph.Count);
            walks.Walk(first, starts, own.Nodes, own.Lengths);
            for (var n = 0; n < starts.Length; n++)
            {
                if (own.Lengths[n] > 0) consume(first + n, own.Nodes.AsSpan(n * walks.Length, own.Lengths[n]));
            }
        }, cancel);
    }
}
