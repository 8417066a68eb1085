using GraphRec.Core;

namespace GraphRec.Learning.Embeddings;

/// <summary>
/// node2vec's walks (Grover, Leskovec, KDD 2016, §3.2): from v, reached from t, a neighbour x is next in proportion to 1/p if
/// it is t, to 1 if it is joined to t, and else to 1/q. Drawn by rejection, with the return edge folded out when it alone is
/// high and acceptance unseen below the lowest bias, as KnightKing does (Yang et al., SOSP 2019), so that nothing is stored
/// per edge. Every walk has a random stream of its own. Immutable; safe to use from several threads.
/// </summary>
internal sealed class SecondOrderWalks
{
    private readonly EmbeddingGraph _graph;
    private readonly int[] _cycle;
    private readonly ulong _seed;
    private readonly double _far;
    private readonly double _bound;
    private readonly double _least;
    private readonly double _returning;
    private readonly double _folded;
    private readonly bool _isFirstOrder;

    /// <exception cref="InvalidInputException">The metapath names a type that the graph has not, or a step of it that no edge makes.</exception>
    public SecondOrderWalks(EmbeddingGraph graph, Node2VecParameters p, int seed)
    {
        (_graph, _seed, Length) = (graph, RandomStream.Mix((uint)seed + RandomStream.Step), p.WalkLength);
        _cycle = [.. p.Metapath.Select(graph.TypeNamed)];
        for (var n = 0; n < _cycle.Length; n++)
        {
            var (here, next) = (_cycle[n], _cycle[(n + 1) % _cycle.Length]);
            if (!graph.AreTypesJoined(here, next)) throw new InvalidInputException(ErrorCodes.BadUserInput, $"No edge joins a {graph.Types[here].Name} and a {graph.Types[next].Name}, which follow each other in the metapath; the last is followed by the first.");
        }
        _far = 1 / p.InOut;
        _bound = Math.Max(1, _far);
        _folded = Math.Max(0, (1 / p.Return) - _bound);
        _returning = Math.Min(1 / p.Return, _bound);
        _least = Math.Min(Math.Min(1, _far), _returning);
        _isFirstOrder = p is { Return: 1, InOut: 1 };
    }

    /// <summary>How many nodes a walk has at most.</summary>
    public int Length { get; }

    /// <summary>
    /// Writes the walk of this number from this node, the node first, and returns how many nodes it has: fewer than
    /// <see cref="Length"/> where it cannot go on, and none where the metapath has no node of the start's type.
    /// </summary>
    public int Walk(long number, int start, Span<int> into)
    {
        var random = new RandomStream(_seed ^ RandomStream.Mix((ulong)number * RandomStream.Step));
        var place = Place(_graph.TypeOf(start), ref random);
        if (place < 0) return 0;
        into[0] = start;
        for (var n = 1; n < Length; n++)
        {
            var type = _cycle.Length == 0 ? -1 : _cycle[(place + n) % _cycle.Length];
            var candidates = type < 0 ? _graph.Neighbours(into[n - 1]) : _graph.Neighbours(into[n - 1], type);
            if (candidates.IsEmpty) return n;
            into[n] = n == 1 || _isFirstOrder ? candidates[random.Below(candidates.Length)] : Next(into[n - 2], type, candidates, ref random);
        }
        return Length;
    }

    /// <summary>Where in the cycle a walk from this type begins: one of its places at random; −1 when it has none, 0 without a cycle.</summary>
    private int Place(int type, ref RandomStream random)
    {
        if (_cycle.Length == 0) return 0;
        var places = _cycle.AsSpan().Count(type);
        if (places == 0) return -1;
        var left = places == 1 ? 0 : random.Below(places);
        var place = Array.IndexOf(_cycle, type);
        for (; left > 0; left--) place = Array.IndexOf(_cycle, type, place + 1);
        return place;
    }

    private int Next(int previous, int type, ReadOnlySpan<int> candidates, ref RandomStream random)
    {
        // One draw from columns of the same height, a column per candidate, and what sticks out above the return edge's.
        var folded = type < 0 || _graph.TypeOf(previous) == type ? _folded : 0;
        var area = (candidates.Length * _bound) + folded;
        while (true)
        {
            var at = random.Unit() * area;
            var column = (int)(at / _bound);
            if (column >= candidates.Length)
            {
                if (folded > 0) return previous;
                column = candidates.Length - 1;
            }
            var (candidate, height) = (candidates[column], at - (column * _bound));
            if (height < _least) return candidate;
            var bias = candidate == previous ? _returning : _graph.Joined(previous, candidate) ? 1 : _far;
            if (height < bias) return candidate;
        }
    }
}
