using GraphRec.Core;

namespace GraphRec.Graph.Kernels;

/// <summary>One hop: the edge taken and the node arrived at.</summary>
/// <param name="Type">The edge's type.</param>
/// <param name="Forward">Whether the hop goes in the edge's own direction.</param>
/// <param name="Kind">Kind of the node arrived at.</param>
/// <param name="Index">Its dense index.</param>
public readonly record struct PathStep(EdgeType Type, bool Forward, NodeKind Kind, int Index);

/// <summary>
/// Simple paths between a user and a drama over WATCHED, RATED and WATCHLISTED (the first hop) and catalogue edges (the
/// rest); none passes through another user.
/// </summary>
/// <remarks>
/// A hub is never expanded. Only dramas have neighbours of their own kind, and few (FOLLOWS), so in a path of at most four
/// hops a person, genre, tag or network stands between two dramas that are both known before it is looked for: one of the
/// user's (or a season of one), and the target (or a season of it). Such nodes are found by intersecting the two dramas'
/// own lists. The work is the user's dramas times the length of these lists, whatever the size of the genre Romance.
/// </remarks>
public static class PathEnumerator
{
    /// <summary>The most hops that can be asked for.</summary>
    public const int MaxHops = 4;

    private static readonly EdgeType[] FirstHops = [EdgeType.Watched, EdgeType.Rated, EdgeType.Watchlisted];

    private static readonly EdgeType[] AttributeEdges =
        [EdgeType.ActedIn, EdgeType.Directed, EdgeType.Wrote, EdgeType.HasGenre, EdgeType.Tagged, EdgeType.AiredOn];

    /// <summary>
    /// The first paths: shortest first, then by the ids along the path (ordinal, node by node), then by the kinds, edge
    /// types and directions along it. Parallel edges (a person who wrote and directed a drama) are different paths.
    /// </summary>
    /// <param name="graph">The graph.</param>
    /// <param name="user">Dense index of the user.</param>
    /// <param name="drama">Dense index of the drama.</param>
    /// <param name="maxHops">2 to 4.</param>
    /// <param name="first">How many paths at most.</param>
    /// <param name="cancel">Checked once per drama of the user.</param>
    public static IReadOnlyList<PathStep[]> Find(
        CsrGraph graph, int user, int drama, int maxHops, int first, CancellationToken cancel = default)
    {
        if (maxHops is < 2 or > MaxHops) throw new ArgumentOutOfRangeException(nameof(maxHops), maxHops, $"maxHops must be 2 to {MaxHops}.");
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        return new Search(graph, user, drama, first).Run(maxHops, cancel);
    }

    private sealed class Search(CsrGraph graph, int user, int target, int first)
    {
        private readonly PathOrder _order = new(graph);
        private readonly List<PathStep> _path = [];
        private readonly Dictionary<int, PathStep[]> _attributes = [];
        private List<PathStep[]> _found = [];

        public IReadOnlyList<PathStep[]> Run(int maxHops, CancellationToken cancel)
        {
            var result = new List<PathStep[]>();
            for (var hops = 1; hops <= maxHops && result.Count < first; hops++)
            {
                _found = [];
                foreach (var type in FirstHops)
                {
                    foreach (var start in graph[type].Targets(user))
                    {
                        cancel.ThrowIfCancellationRequested();
                        Take(new PathStep(type, true, NodeKind.Drama, start), () => Connect(start, target, hops - 1));
                    }
                }
                Shorten(0);
                result.AddRange(_found.Take(first - result.Count));
            }
            return result;
        }

        /// <summary>Completes the current path, which ends at <paramref name="from"/>, to <paramref name="to"/> in exactly so many hops.</summary>
        private void Connect(int from, int to, int hops)
        {
            if (hops == 0 && from == to) Add();
            if (hops == 0 || from == to) return;
            if (hops == 1)
            {
                foreach (var step in Seasons(from))
                    if (step.Index == to) Take(step, Add);
                return;
            }
            foreach (var step in Seasons(from))
                if (step.Index != to) Take(step, () => Connect(step.Index, to, hops - 1));
            if (hops == 2) AcrossAttribute(from, to, Add);
            else AcrossAttributeToSeason(from, to);
        }

        /// <summary>from – attribute – season of the target – target.</summary>
        private void AcrossAttributeToSeason(int from, int to)
        {
            foreach (var back in Seasons(to))
            {
                if (back.Index == from) continue;
                var last = new PathStep(EdgeType.Follows, !back.Forward, NodeKind.Drama, to);
                AcrossAttribute(from, back.Index, () => Take(last, Add));
            }
        }

        /// <summary>from – attribute – to, for every attribute that both have and every pair of edges to it.</summary>
        private void AcrossAttribute(int from, int to, Action then)
        {
            var (left, right) = (Attributes(from), Attributes(to));
            for (int i = 0, j = 0; i < left.Length; i++)
            {
                while (j < right.Length && Compare(right[j], left[i]) < 0) j++;
                for (var k = j; k < right.Length && Compare(right[k], left[i]) == 0; k++)
                {
                    var away = new PathStep(right[k].Type, !right[k].Forward, NodeKind.Drama, to);
                    Take(left[i], () => Take(away, then));
                }
            }
        }

        private static int Compare(PathStep a, PathStep b) => a.Kind != b.Kind ? a.Kind.CompareTo(b.Kind) : a.Index.CompareTo(b.Index);

        /// <summary>The hops from a drama to its people, genres, tags and networks, by kind and index.</summary>
        private PathStep[] Attributes(int drama)
        {
            if (_attributes.TryGetValue(drama, out var known)) return known;
            var steps = new List<PathStep>();
            foreach (var type in AttributeEdges)
            {
                var forward = type.From() == NodeKind.Drama;
                var kind = forward ? type.To() : type.From();
                var nodes = forward ? graph[type].Targets(drama) : graph[type].Sources(drama);
                foreach (var node in nodes) steps.Add(new PathStep(type, forward, kind, node));
            }
            steps.Sort(Compare);
            return _attributes[drama] = [.. steps];
        }

        /// <summary>The hops from a drama over FOLLOWS, both ways.</summary>
        private List<PathStep> Seasons(int drama)
        {
            var steps = new List<PathStep>();
            foreach (var d in graph[EdgeType.Follows].Targets(drama)) steps.Add(new PathStep(EdgeType.Follows, true, NodeKind.Drama, d));
            foreach (var d in graph[EdgeType.Follows].Sources(drama)) steps.Add(new PathStep(EdgeType.Follows, false, NodeKind.Drama, d));
            return steps;
        }

        /// <summary>Goes on over one hop, unless the path has been at its end already.</summary>
        private void Take(PathStep step, Action then)
        {
            foreach (var s in _path)
                if (s.Kind == step.Kind && s.Index == step.Index) return;
            _path.Add(step);
            then();
            _path.RemoveAt(_path.Count - 1);
        }

        private void Add()
        {
            _found.Add([.. _path]);
            // Bounds what is held: a path that is not among the first so far never will be.
            if (_found.Count >= (2L * first) + 1024) Shorten(first);
        }

        private void Shorten(int keep)
        {
            _found.Sort(_order);
            if (keep > 0 && _found.Count > keep) _found.RemoveRange(keep, _found.Count - keep);
        }
    }

    /// <summary>Orders paths of one length by ids, then by kinds, edge types and directions.</summary>
    private sealed class PathOrder(CsrGraph graph) : IComparer<PathStep[]>
    {
        public int Compare(PathStep[]? x, PathStep[]? y)
        {
            for (var i = 0; i < x!.Length; i++)
            {
                // Within a kind the index orders as the id does.
                var c = x[i].Kind == y![i].Kind ? x[i].Index.CompareTo(y[i].Index) : string.CompareOrdinal(Id(x[i]), Id(y[i]));
                if (c != 0) return c;
            }
            for (var i = 0; i < x.Length; i++)
            {
                var (a, b) = (x[i], y![i]);
                var c = (a.Kind, a.Type, !a.Forward).CompareTo((b.Kind, b.Type, !b.Forward));
                if (c != 0) return c;
            }
            return 0;
        }

        private string Id(PathStep step) => graph.Nodes(step.Kind)[step.Index];
    }
}
