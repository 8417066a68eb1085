using System.Runtime.CompilerServices;
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

    /// <summary>How many walks can go on together.</summary>
    public const int Together = 16;

    /// <summary>
    /// Writes the walks of these numbers, each node after node from its start on. They take steps in turns, so that the processor
    /// waits for the memory of several at once; no walk depends on the others.
    /// </summary>
    /// <param name="number">The number of the first; the others follow.</param>
    /// <param name="starts">Where each starts; at most <see cref="Together"/>.</param>
    /// <param name="into"><see cref="Length"/> nodes for each.</param>
    /// <param name="lengths">
    /// How many nodes each has: fewer than <see cref="Length"/> where it cannot go on, and none where the metapath has no node of
    /// the start's type.
    /// </param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Walk(long number, ReadOnlySpan<int> starts, Span<int> into, Span<int> lengths)
    {
        Span<RandomStream> randoms = stackalloc RandomStream[Together];
        Span<int> places = stackalloc int[Together];
        for (var walk = 0; walk < starts.Length; walk++)
        {
            randoms[walk] = new RandomStream(_seed ^ RandomStream.Mix((ulong)(number + walk) * RandomStream.Step));
            places[walk] = Place(_graph.TypeOf(starts[walk]), ref randoms[walk]);
            (into[walk * Length], lengths[walk]) = (starts[walk], places[walk] < 0 ? 0 : Length);
        }
        for (var n = 1; n < Length; n++)
        {
            for (var walk = 0; walk < starts.Length; walk++)
            {
                // A walk that has ended is shorter than that.
                if (lengths[walk] < Length) continue;
                var nodes = into.Slice((walk * Length) + Math.Max(0, n - 2));
                var type = _cycle.Length == 0 ? -1 : _cycle[(places[walk] + n) % _cycle.Length];
                var current = nodes[n == 1 ? 0 : 1];
                var candidates = type < 0 ? _graph.Neighbours(current) : _graph.Neighbours(current, type);
                if (candidates.IsEmpty) lengths[walk] = n;
                else if (n == 1) nodes[1] = candidates[randoms[walk].Below(candidates.Length)];
                else nodes[2] = _isFirstOrder ? candidates[randoms[walk].Below(candidates.Length)] : Next(nodes[0], type, candidates, ref randoms[walk]);
            }
        }
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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
