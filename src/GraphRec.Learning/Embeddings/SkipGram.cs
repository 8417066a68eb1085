using GraphRec.Learning.Linear;
using GraphRec.Learning.Models.Factors;

namespace GraphRec.Learning.Embeddings;

/// <summary>
/// Trains skip-gram with negative sampling on walks, bit-identically for any number of threads. Hogwild, which word2vec and
/// node2vec use, is not: so nodes are dealt into B parts, pairs sorted into B × B buckets by the parts of centre and context,
/// and negatives drawn from the context's part. The B buckets of a diagonal share no row and are trained at once, each from its
/// own random stream; one diagonal follows the other (strata of Gemulla et al., "Large-scale matrix factorization with
/// distributed stochastic gradient descent", KDD 2011; buckets and negatives of Lerer et al., "PyTorch-BigGraph", MLSys 2019).
/// </summary>
/// <remarks>
/// What the parts cost: on a graph of 71,000 nodes and 1.6 million arcs (one walk of 40, 32 dimensions) the AUC of held-out pairs
/// is .907 with 16 or 64 parts, and .908 with 2. Negatives drawn from all parts, as steps of their own, changed nothing (.907)
/// and took a tenth longer.
/// </remarks>
internal sealed unsafe class SkipGram
{
    // Rounds mix the order that buckets impose; each visits all B² buckets, which costs B times both tables through memory.
    // While vectors are short (a low learning rate, few walks) few rounds slow their growth: at a rate of 0.025 the AUC was
    // .658 after 8 rounds with 64 parts, .688 after 64; at 0.1 there is no difference.
    private const int LeastRounds = 16;
    private const int PairsPerRound = 1 << 23;

    // Pairs in a row with the same negatives (as Ji et al., "Parallelizing word2vec in shared and distributed memory", 2016, share
    // them within a window): their rows are then in the first cache.
    private const int Sharing = 4;
    private const int Ahead = 3;

    private readonly EmbeddingGraph _graph;
    private readonly Node2VecParameters _parameters;
    private readonly int _seed;
    private readonly int _threads;
    private readonly SecondOrderWalks _walks;
    private readonly NodePartitions _parts;
    private readonly int[] _starts;
    private readonly PartNoise _noise;
    private readonly FactorTable _centres;
    private readonly FactorTable _contexts;

    public SkipGram(EmbeddingGraph graph, Node2VecParameters parameters, int seed, int threads, CancellationToken cancel, int? partCount = null)
    {
        (_graph, _parameters, _seed, _threads) = (graph, parameters, seed, threads);
        _walks = new SecondOrderWalks(graph, parameters, seed);
        var stride = GramCholesky.Padded(parameters.Dimensions);
        _parts = partCount is { } given ? NodePartitions.Of(graph, given, seed) : NodePartitions.ForStride(graph, stride, seed);
        _starts = Shuffled(graph.Count, seed);
        _noise = new PartNoise(_parts.Starts, Frequencies(cancel));
        (_centres, _contexts) = (new FactorTable(graph.Count, parameters.Dimensions), new FactorTable(graph.Count, parameters.Dimensions));
        Draw(cancel);
    }

    /// <summary>The centres' vectors by node, after training; zeros for nodes that no walk of two nodes visits.</summary>
    public FactorTable Run(IProgress<double>? progress, CancellationToken cancel)
    {
        var walks = (long)_graph.Count * _parameters.WalksPerNode;
        var pairsPerWalk = (double)_parameters.WalkLength * (_parameters.Window + 1);
        var perRound = (int)Math.Clamp(Math.Min((walks + LeastRounds - 1) / LeastRounds, (long)(PairsPerRound / pairsPerWalk)), 1, int.MaxValue);
        var pairs = new PairBuckets(_walks, _parts, _starts, _parameters.Window, perRound, _seed);
        var (total, done) = (walks * _parameters.Epochs, 0L);
        for (var epoch = 0; epoch < _parameters.Epochs; epoch++)
        {
            for (var first = 0L; first < walks; first += perRound)
            {
                var count = (int)Math.Min(perRound, walks - first);
                pairs.Fill(first, count, _threads, cancel);
                for (var shift = 0; shift < _parts.Count; shift++)
                {
                    var at = (done + ((double)count * shift / _parts.Count)) / total;
                    progress?.Report(at);
                    Diagonal(pairs, shift, (ulong)done, (float)(_parameters.LearningRate * Math.Max(1 - at, 1e-4)), cancel);
                }
                done += count;
            }
        }
        for (var row = 0; row < _graph.Count; row++)
        {
            if (!pairs.Occurs[row]) _centres[row].Clear();
        }
        ByNode();
        progress?.Report(1);
        return _centres;
    }

    private void Diagonal(PairBuckets pairs, int shift, ulong walksDone, float rate, CancellationToken cancel) =>
        Tasks.ForEach(_parts.Count, _threads, centrePart =>
        {
            var contextPart = (centrePart + shift) % _parts.Count;
            var stream = RandomStream.Mix((uint)_seed + RandomStream.Mix((walksDone * RandomStream.Step) + (((ulong)centrePart << 32) | (uint)contextPart)));
            Bucket(pairs.Of(centrePart, contextPart), centrePart, contextPart, rate, new RandomStream(stream));
        }, cancel);

    private void Bucket(ReadOnlySpan<uint> pairs, int centrePart, int contextPart, float rate, RandomStream random)
    {
        if (pairs.IsEmpty) return;
        var stride = _centres.Stride;
        var negatives = _parameters.Negatives;
        var centres = _centres.Row(_parts.Starts[centrePart]);
        var contexts = _contexts.Row(_parts.Starts[contextPart]);
        var targets = stackalloc float*[SkipGramKernel.MaxTargets];
        var coming = stackalloc float*[SkipGramKernel.MaxTargets];
        Negatives(coming, contextPart, contexts, ref random);
        for (var n = 0; n < pairs.Length; n++)
        {
            if (n % Sharing == 0)
            {
                for (var k = 1; k <= negatives; k++) targets[k] = coming[k];
                if (n + Sharing < pairs.Length) Negatives(coming, contextPart, contexts, ref random);
            }
            if (n + Ahead < pairs.Length)
            {
                SkipGramKernel.Fetch(centres + ((nint)(pairs[n + Ahead] >> 16) * stride), stride);
                SkipGramKernel.Fetch(contexts + ((nint)(pairs[n + Ahead] & 0xFFFF) * stride), stride);
            }
            targets[0] = contexts + ((nint)(pairs[n] & 0xFFFF) * stride);
            SkipGramKernel.Step(centres + ((nint)(pairs[n] >> 16) * stride), targets, negatives + 1, stride, rate);
        }
    }

    private void Negatives(float** targets, int part, float* contexts, ref RandomStream random)
    {
        var stride = _centres.Stride;
        for (var k = 1; k <= _parameters.Negatives; k++)
        {
            targets[k] = contexts + ((nint)_noise.Draw(part, ref random) * stride);
            SkipGramKernel.Fetch(targets[k], stride);
        }
    }

    /// <summary>By row: how often the first walk of every node visits it, to the power of the noise.</summary>
    private double[] Frequencies(CancellationToken cancel)
    {
        // One walk per node is all there is by default, and more tell little more.
        var counts = new int[_graph.Count];
        const int together = SecondOrderWalks.Together;
        Tasks.ForEach((_starts.Length + together - 1) / together, _threads, () => (Lengths: new int[together], Nodes: new int[together * _walks.Length]), (own, task) =>
        {
            var starts = _starts.AsSpan(task * together, Math.Min(together, _starts.Length - (task * together)));
            _walks.Walk(task * together, starts, own.Nodes, own.Lengths);
            for (var n = 0; n < starts.Length; n++)
            {
                if (own.Lengths[n] < 2) continue;
                // Whole numbers: the sums do not depend on the order.
                foreach (var node in own.Nodes.AsSpan(n * _walks.Length, own.Lengths[n])) Interlocked.Increment(ref counts[_parts.Row(node)]);
            }
        }, cancel);
        return Array.ConvertAll(counts, count => count == 0 ? 0 : Math.Pow(count, _parameters.NoiseExponent));
    }

    /// <summary>As word2vec begins: contexts 0, centres uniform in ± 1 / (2 · dimensions).</summary>
    private void Draw(CancellationToken cancel)
    {
        var dimensions = _parameters.Dimensions;
        const int together = 1024;
        Tasks.ForEach((_graph.Count + together - 1) / together, _threads, task =>
        {
            for (var node = task * together; node < Math.Min(_graph.Count, (task + 1) * together); node++)
            {
                var random = new RandomStream(RandomStream.Mix(((ulong)(uint)_seed << 32) | (uint)node));
                foreach (ref var value in _centres[_parts.Row(node)][..dimensions]) value = (float)((random.Unit() - 0.5) / dimensions);
            }
        }, cancel);
    }

    /// <summary>Moves every row to where its node's number is, in place: a copy would be the largest array of all.</summary>
    private void ByNode()
    {
        var nodeOf = new int[_graph.Count];
        for (var node = 0; node < nodeOf.Length; node++) nodeOf[_parts.Row(node)] = node;
        var (held, next) = (new float[_centres.Stride], new float[_centres.Stride]);
        for (var row = 0; row < nodeOf.Length; row++)
        {
            if (nodeOf[row] < 0) continue;
            _centres[row].CopyTo(held);
            for (var at = row; nodeOf[at] is >= 0 and var node; at = node)
            {
                nodeOf[at] = -1;
                _centres[node].CopyTo(next);
                held.CopyTo(_centres[node]);
                (held, next) = (next, held);
            }
        }
    }

    private static int[] Shuffled(int count, int seed)
    {
        var order = new int[count];
        for (var n = 0; n < count; n++) order[n] = n;
        var random = new RandomStream(RandomStream.Mix((uint)seed ^ 0x5851F42D4C957F2DUL));
        for (var n = count - 1; n > 0; n--)
        {
            var other = random.Below(n + 1);
            (order[n], order[other]) = (order[other], order[n]);
        }
        return order;
    }
}
