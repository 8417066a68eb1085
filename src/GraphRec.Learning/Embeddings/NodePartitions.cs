namespace GraphRec.Learning.Embeddings;

/// <summary>
/// Nodes dealt into parts of equal size and nearly equal degree, and numbered part by part: the rows of the tables that are
/// trained. Two pairs whose centres and contexts are of different parts share no row. How many parts there are depends on the
/// graph and the length of vectors alone, never on threads.
/// </summary>
internal sealed class NodePartitions
{
    /// <summary>How many rows a part has at most: a place in it has 16 bits.</summary>
    public const int MaxRows = 1 << 16;

    // A part of this many bytes fits into half of a core's second cache. More parts than GoodCount were no faster.
    private const int GoodBytes = 1 << 19;
    private const int LeastRows = 256;
    private const int GoodCount = 32;

    private readonly uint[] _places;

    private NodePartitions(int count, int[] starts, uint[] places) => (Count, Starts, _places) = (count, starts, places);

    /// <summary>How many parts there are.</summary>
    public int Count { get; }

    /// <summary>The first row of each part; length <see cref="Count"/> + 1.</summary>
    public int[] Starts { get; }

    /// <summary>A node's part in the upper 16 bits, and its place within it in the lower.</summary>
    public uint Place(int node) => _places[node];

    /// <summary>A node's row.</summary>
    public int Row(int node) => Starts[_places[node] >> 16] + (int)(_places[node] & 0xFFFF);

    /// <summary>Deals the nodes of a graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="stride">Numbers per row.</param>
    /// <param name="seed">Of which of two nodes with the same degree comes first.</param>
    public static NodePartitions ForStride(EmbeddingGraph graph, int stride, int seed) => Of(graph, CountFor(graph.Count, stride), seed);

    /// <summary>The same, into so many parts.</summary>
    public static NodePartitions Of(EmbeddingGraph graph, int count, int seed)
    {
        var (keys, nodes) = (new ulong[graph.Count], new int[graph.Count]);
        for (var node = 0; node < nodes.Length; node++)
        {
            nodes[node] = node;
            var drawn = RandomStream.Mix(((ulong)(uint)seed << 32) ^ ((ulong)(uint)node * RandomStream.Step));
            keys[node] = ((ulong)(uint)~graph.Degree(node) << 32) | (uint)(drawn >> 32);
        }
        Array.Sort(keys, nodes);
        var (places, starts) = (new uint[nodes.Length], new int[count + 1]);
        for (var n = 0; n < nodes.Length; n++)
        {
            // To and fro, so that no part gets the first of every round.
            var (round, hand) = (n / count, n % count);
            var part = round % 2 == 0 ? hand : count - 1 - hand;
            places[nodes[n]] = ((uint)part << 16) | (uint)round;
            starts[part + 1]++;
        }
        for (var part = 0; part < count; part++) starts[part + 1] += starts[part];
        return new NodePartitions(count, starts, places);
    }

    private static int CountFor(int nodes, int stride)
    {
        // Few nodes in one part would be a poor choice of negatives, and too many parts more work between than in them.
        var bySize = ((long)nodes * stride * sizeof(float) + GoodBytes - 1) / GoodBytes;
        var good = Math.Min(Math.Max(bySize, 8), Math.Min(GoodCount, nodes / LeastRows));
        return (int)Math.Max(Math.Max(good, 1), ((long)nodes + MaxRows - 1) / MaxRows);
    }
}

/// <summary>
/// Draws negatives within one part, in proportion to weights, by an alias table (Walker 1977; Vose, IEEE TSE 1991) of six
/// bytes per row, so that a part's stays in the first cache.
/// </summary>
internal sealed class PartNoise
{
    private readonly int[] _starts;
    private readonly float[] _keep;
    private readonly ushort[] _alias;

    /// <param name="starts">The first row of each part, and the end.</param>
    /// <param name="weights">By row, not negative.</param>
    public PartNoise(int[] starts, double[] weights)
    {
        (_starts, _keep, _alias) = (starts, new float[weights.Length], new ushort[weights.Length]);
        for (var part = 0; part + 1 < starts.Length; part++) Build(weights.AsSpan(starts[part]..starts[part + 1]), starts[part]);
    }

    /// <summary>The place of a row in its part.</summary>
    public int Draw(int part, ref RandomStream random)
    {
        var (start, count) = (_starts[part], _starts[part + 1] - _starts[part]);
        var bits = random.Next();
        var place = (int)(((bits >> 32) * (ulong)count) >> 32);
        return (uint)bits * (1.0 / 4294967296.0) < _keep[start + place] ? place : _alias[start + place];
    }

    private void Build(ReadOnlySpan<double> weights, int start)
    {
        var sum = 0.0;
        foreach (var weight in weights) sum += weight;
        var (small, large) = (new Stack<int>(), new Stack<int>());
        var left = new double[weights.Length];
        for (var n = 0; n < left.Length; n++)
        {
            // Where nothing has a weight no pair has its context either, and nothing is drawn.
            left[n] = sum > 0 ? weights[n] * left.Length / sum : 1;
            (left[n] < 1 ? small : large).Push(n);
        }
        while (small.Count > 0 && large.Count > 0)
        {
            var (poor, rich) = (small.Pop(), large.Pop());
            (_keep[start + poor], _alias[start + poor]) = ((float)left[poor], (ushort)rich);
            left[rich] -= 1 - left[poor];
            (left[rich] < 1 ? small : large).Push(rich);
        }
        // What rounding left over is 1 but for rounding.
        foreach (var n in small.Concat(large)) (_keep[start + n], _alias[start + n]) = (1, (ushort)n);
    }
}
