using GraphRec.Core;
using GraphRec.Graph.Kernels;

namespace GraphRec.Graph;

/// <summary>
/// The named questions answered from the in-process graph. Immutable, for any number of callers at once. Times are known
/// to the minute, rounded down, and so are <c>since</c> and <c>now</c>. Scores are rounded to 1e-12, so that two sums of the
/// same terms in another order still tie.
/// </summary>
public sealed class SnapshotQueries : IGraphQueries
{
    private const int Digits = 12;
    private static readonly EdgeType[] CreditEdges = [EdgeType.ActedIn, EdgeType.Directed, EdgeType.Wrote];
    private readonly CsrGraph _graph;
    private readonly NodeTable _dramaIds;
    private readonly IReadOnlyList<Drama> _dramas;
    private readonly IReadOnlyList<Person> _people;
    private readonly Func<string, IReadOnlyList<BehaviourEdge>> _history;
    private readonly Bipartite _engaged;

    /// <param name="graph">The graph.</param>
    /// <param name="dramas">Its dramas, by dense index.</param>
    /// <param name="people">Its people, by dense index.</param>
    /// <param name="history">
    /// The behaviour edges of a user id, in any order, empty when unknown: the graph keeps neither their first time nor how
    /// often they happened.
    /// </param>
    /// <param name="engaged">The engaged relation of <paramref name="graph"/>; built from it when null.</param>
    public SnapshotQueries(
        CsrGraph graph, IReadOnlyList<Drama> dramas, IReadOnlyList<Person> people,
        Func<string, IReadOnlyList<BehaviourEdge>> history, Bipartite? engaged = null)
    {
        (_graph, _dramas, _people, _history) = (graph, dramas, people, history);
        _dramaIds = graph.Nodes(NodeKind.Drama);
        _engaged = engaged ?? Engagement.Of(graph);
        if (dramas.Count != _dramaIds.Count) throw new ArgumentException("dramas must be those of the graph, by index.", nameof(dramas));
        if (people.Count != graph.Nodes(NodeKind.Person).Count) throw new ArgumentException("people must be those of the graph, by index.", nameof(people));
        if (_engaged.ItemCount != _dramaIds.Count) throw new ArgumentException("engaged must be of the same dramas.", nameof(engaged));
    }

    public Task<IReadOnlyList<CoWatchedDrama>> CoWatchedAsync(string dramaId, int minCount, int first, CancellationToken cancel = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(minCount, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        cancel.ThrowIfCancellationRequested();
        var seed = _dramaIds.Find(dramaId);
        if (seed < 0) return Answer<CoWatchedDrama>([]);
        var common = new CommonViewers(_engaged.ItemCount);
        common.Count(_engaged, seed, minCount);
        var scored = new List<(int Drama, int Count, double Score)>();
        foreach (var other in common.Found)
        {
            var count = common.Counts[other];
            var score = CoWatch.Score(count, _engaged.ItemDegree(seed), _engaged.ItemDegree(other), new CoWatchParameters().Shrinkage);
            if (other != seed) scored.Add((other, count, Math.Round(score, Digits)));
        }
        return Answer(scored.OrderByDescending(s => s.Score).ThenBy(s => s.Drama).Take(first)
            .Select(s => new CoWatchedDrama(_dramaIds[s.Drama], s.Count, s.Score)));
    }

    public Task<IReadOnlyList<ScoredDrama>> WalkedToAsync(IReadOnlyList<string> seeds, int first, CancellationToken cancel = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        // In double, unlike the serving kernel: an analyst's answer must match the other engines' digit by digit.
        var scores = new double[_engaged.ItemCount];
        var distinct = seeds.Distinct(StringComparer.Ordinal).ToArray();
        var items = distinct.Select(_dramaIds.Find).Where(i => i >= 0).ToArray();
        foreach (var item in items)
        {
            cancel.ThrowIfCancellationRequested();
            foreach (var viewer in _engaged.UsersOf(item))
            {
                var weight = 1.0 / distinct.Length / _engaged.ItemDegree(item) / _engaged.UserDegree(viewer);
                foreach (var other in _engaged.ItemsOf(viewer)) scores[other] += weight;
            }
        }
        foreach (var item in items) scores[item] = 0;
        return Answer(Ranked(scores, first));
    }

    public Task<IReadOnlyList<SharedPeopleDrama>> SharingPeopleAsync(string dramaId, int first, CancellationToken cancel = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        cancel.ThrowIfCancellationRequested();
        var seed = _dramaIds.Find(dramaId);
        if (seed < 0) return Answer<SharedPeopleDrama>([]);
        var sharedWith = new Dictionary<int, List<int>>();
        foreach (var person in CreditEdges.SelectMany(type => _graph[type].Sources(seed).ToArray()).Distinct().Order())
        {
            foreach (var drama in CreditEdges.SelectMany(type => _graph[type].Targets(person).ToArray()).Distinct())
            {
                if (drama == seed) continue;
                if (!sharedWith.TryGetValue(drama, out var list)) sharedWith.Add(drama, list = []);
                list.Add(person);
            }
        }
        var people = _graph.Nodes(NodeKind.Person);
        return Answer(sharedWith.OrderByDescending(s => s.Value.Count).ThenBy(s => s.Key).Take(first)
            .Select(s => new SharedPeopleDrama(_dramaIds[s.Key], s.Value.Count, [.. s.Value.Select(p => people[p])])));
    }

    public Task<IReadOnlyList<ScoredDrama>> TrendingAsync(
        DateTimeOffset since, DateTimeOffset now, TimeSpan halfLife, int first, CancellationToken cancel = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        cancel.ThrowIfCancellationRequested();
        var scores = new double[_dramas.Count];
        var window = new TrendingWindow(CsrGraph.ToMinutes(since), CsrGraph.ToMinutes(now), halfLife.TotalMinutes);
        Trending.Decayed(_graph[EdgeType.Watched], window, scores);
        return Answer(Ranked(scores, first));
    }

    public Task<IReadOnlyList<BehaviourEdge>> HistoryAsync(string userId, CancellationToken cancel = default)
    {
        cancel.ThrowIfCancellationRequested();
        return Answer(_history(userId)
            .OrderByDescending(e => e.LastAt).ThenBy(e => e.Type).ThenBy(e => e.Target.Id, StringComparer.Ordinal).ThenBy(e => e.Target.Kind));
    }

    public Task<IReadOnlyList<GraphPath>> PathsAsync(string userId, string dramaId, int maxHops, int first, CancellationToken cancel = default)
    {
        if (maxHops is < 2 or > PathEnumerator.MaxHops)
            throw new ArgumentOutOfRangeException(nameof(maxHops), maxHops, $"maxHops must be 2 to {PathEnumerator.MaxHops}.");
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        var (user, drama) = (_graph.Nodes(NodeKind.User).Find(userId), _dramaIds.Find(dramaId));
        if (user < 0 || drama < 0) return Answer<GraphPath>([]);
        return Answer(PathEnumerator.Find(_graph, user, drama, maxHops, first, cancel).Select(steps => ToPath(userId, steps)));
    }

    private GraphPath ToPath(string userId, PathStep[] steps)
    {
        var nodes = new List<PathNode> { new(new NodeRef(NodeKind.User, userId), userId) };
        var edges = new List<PathEdge>();
        foreach (var step in steps)
        {
            var (before, node) = (nodes[^1].Node, new NodeRef(step.Kind, _graph.Nodes(step.Kind)[step.Index]));
            nodes.Add(new PathNode(node, Label(step, node)));
            edges.Add(step.Forward ? new PathEdge(step.Type, before, node, null) : new PathEdge(step.Type, node, before, null));
        }
        return new GraphPath(nodes, edges, 0);
    }

    private string Label(PathStep step, NodeRef node) => step.Kind switch
    {
        NodeKind.Drama => _dramas[step.Index].Title,
        NodeKind.Person => _people[step.Index].Name,
        _ => node.Id,
    };

    private IEnumerable<ScoredDrama> Ranked(double[] scores, int first) =>
        Enumerable.Range(0, scores.Length).Where(i => scores[i] > 0)
            .Select(i => (Drama: i, Score: Math.Round(scores[i], Digits)))
            .OrderByDescending(s => s.Score).ThenBy(s => s.Drama).Take(first)
            .Select(s => new ScoredDrama(_dramaIds[s.Drama], s.Score));

    private static Task<IReadOnlyList<T>> Answer<T>(IEnumerable<T> rows) => Task.FromResult<IReadOnlyList<T>>([.. rows]);
}
