using GraphRec.Learning.Linear;

namespace GraphRec.Learning.Embeddings;

/// <summary>
/// The pairs of centre and context in some walks, sorted by the parts of both: a counting sort of two passes over fixed
/// segments of the walks, so that their order is the same for any number of threads. A pair is 4 bytes: the centre's place in
/// its part and the context's. Filled again and again.
/// </summary>
internal sealed class PairBuckets
{
    private const int Segments = 16;

    private readonly SecondOrderWalks _walks;
    private readonly NodePartitions _parts;
    private readonly int[] _starts;
    private readonly int _window;
    private readonly ulong _seed;
    private readonly int[] _firsts;
    private readonly int[][] _next = new int[Segments][];
    private readonly int[] _lengths;
    private readonly uint[] _visited;
    private readonly bool[] _occurs;
    private uint[] _pairs = [];

    /// <param name="walks">Where pairs come from.</param>
    /// <param name="parts">The parts.</param>
    /// <param name="starts">The nodes that walks start from, one after the other and from the first again.</param>
    /// <param name="window">The farthest context.</param>
    /// <param name="walkCount">How many walks are filled in at most at once.</param>
    /// <param name="seed">Of the distances.</param>
    public PairBuckets(SecondOrderWalks walks, NodePartitions parts, int[] starts, int window, int walkCount, int seed)
    {
        (_walks, _parts, _starts, _window, _seed) = (walks, parts, starts, window, RandomStream.Mix(~(ulong)(uint)seed));
        _firsts = new int[(parts.Count * parts.Count) + 1];
        for (var segment = 0; segment < Segments; segment++) _next[segment] = new int[parts.Count * parts.Count];
        (_lengths, _visited, _occurs) = (new int[walkCount], new uint[(long)walkCount * walks.Length], new bool[parts.Starts[^1]]);
    }

    /// <summary>By row: whether it was ever in a pair.</summary>
    public ReadOnlySpan<bool> Occurs => _occurs;

    /// <summary>The pairs of these parts: the centre's place in the upper 16 bits, the context's in the lower.</summary>
    public ReadOnlySpan<uint> Of(int centrePart, int contextPart)
    {
        var bucket = (centrePart * _parts.Count) + contextPart;
        return _pairs.AsSpan(_firsts[bucket].._firsts[bucket + 1]);
    }

    /// <summary>Walks, and sorts the pairs of these walks.</summary>
    public void Fill(long firstWalk, int count, int threads, CancellationToken cancel)
    {
        int From(int segment) => (int)((long)count * segment / Segments);
        Tasks.ForEach(Segments, threads, () => new int[SecondOrderWalks.Together * _walks.Length], (nodes, segment) =>
        {
            _next[segment].AsSpan().Clear();
            for (var n = From(segment); n < From(segment + 1); n += SecondOrderWalks.Together)
            {
                if (n % 256 < SecondOrderWalks.Together) cancel.ThrowIfCancellationRequested();
                var end = Math.Min(n + SecondOrderWalks.Together, From(segment + 1));
                Walk(firstWalk, n, end, nodes);
                for (var walk = n; walk < end; walk++) Count(firstWalk + walk, walk, _next[segment]);
            }
        }, cancel);
        Place();
        Tasks.ForEach(Segments, threads, segment =>
        {
            for (var n = From(segment); n < From(segment + 1); n++)
            {
                if (n % 256 == 0) cancel.ThrowIfCancellationRequested();
                Sort(firstWalk + n, n, _next[segment]);
            }
        }, cancel);
    }

    private Span<uint> Visited(int n) => _visited.AsSpan(n * _walks.Length, _lengths[n]);

    private void Walk(long firstWalk, int from, int to, int[] nodes)
    {
        Span<int> starts = stackalloc int[to - from];
        for (var n = from; n < to; n++) starts[n - from] = _starts[(int)((firstWalk + n) % _starts.Length)];
        _walks.Walk(firstWalk + from, starts, nodes, _lengths.AsSpan(from, to - from));
        for (var n = from; n < to; n++)
        {
            var visited = Visited(n);
            for (var at = 0; at < visited.Length; at++)
            {
                var node = nodes[((n - from) * _walks.Length) + at];
                visited[at] = _parts.Place(node);
                if (visited.Length > 1) _occurs[_parts.Row(node)] = true;
            }
        }
    }

    private void Count(long number, int n, int[] counts)
    {
        var visited = Visited(n);
        var distances = Distances(number);
        for (var at = 0; at < visited.Length; at++)
        {
            var (from, to) = Window(at, visited.Length, ref distances);
            var row = (int)(visited[at] >> 16) * _parts.Count;
            for (var other = from; other < at; other++) counts[row + (int)(visited[other] >> 16)]++;
            for (var other = at + 1; other < to; other++) counts[row + (int)(visited[other] >> 16)]++;
        }
    }

    /// <summary>Turns counts into where each segment writes its pairs of each bucket.</summary>
    private void Place()
    {
        var total = 0L;
        for (var bucket = 0; bucket + 1 < _firsts.Length; bucket++)
        {
            _firsts[bucket] = (int)total;
            foreach (var next in _next)
            {
                (next[bucket], total) = ((int)total, total + next[bucket]);
            }
        }
        _firsts[^1] = checked((int)total);
        // A little more than now: later walks differ in length.
        if (_pairs.Length < total) _pairs = GC.AllocateUninitializedArray<uint>(checked((int)(total + (total / 64))));
    }

    private void Sort(long number, int n, int[] next)
    {
        var visited = Visited(n);
        var distances = Distances(number);
        for (var at = 0; at < visited.Length; at++)
        {
            var (from, to) = Window(at, visited.Length, ref distances);
            var row = (int)(visited[at] >> 16) * _parts.Count;
            var centre = visited[at] << 16;
            for (var other = from; other < to; other++)
            {
                if (other == at) continue;
                var context = visited[other];
                _pairs[next[row + (int)(context >> 16)]++] = centre | (context & 0xFFFF);
            }
        }
    }

    private RandomStream Distances(long number) => new(_seed ^ RandomStream.Mix((ulong)number * RandomStream.Step));

    private (int From, int To) Window(int at, int length, ref RandomStream distances)
    {
        var distance = 1 + distances.Below(_window);
        return (Math.Max(0, at - distance), Math.Min(length, at + distance + 1));
    }
}
