using System.Runtime.InteropServices;
using GraphRec.Core;
using GraphRec.Graph;
using GraphRec.Graph.Kernels;
using GraphRec.Recommend.Reasons;
using GraphRec.Recommend.Sources;

namespace GraphRec.Recommend.Rows;

/// <summary>
/// Proposes the rows of a viewer's page. Which ones exist follows from what the viewer did; where they stand follows
/// from how well their dramas score for the viewer (<see cref="Utility"/>).
/// </summary>
public sealed class RowPlanner(RankedList list, Explainer explainer, TrendingCache trending)
{
    /// <summary>How many dramas a row proposes, so that it stays full when other rows take some of them.</summary>
    private const int Depth = 120;
    private const int BecauseRows = 3;
    private const int GenreRows = 2;

    private readonly GraphSnapshot _snapshot = list.Snapshot;
    private readonly UserContext _user = list.User;

    /// <summary>All rows the page could have, highest first.</summary>
    public List<RowPlan> Plan()
    {
        var rows = new List<RowPlan>();
        Add(rows, ContinueWatching());
        Add(rows, TopPicks());
        rows.AddRange(BecauseYouWatched());
        Add(rows, OfPerson(RowKind.MoreFromDirector, EdgeType.Directed));
        Add(rows, OfPerson(RowKind.MoreWithActor, EdgeType.ActedIn));
        rows.AddRange(Genres());
        Add(rows, Trending());
        Add(rows, PopularInRegion());
        Add(rows, NewReleases());
        Add(rows, HiddenGems());
        Add(rows, Watchlist());
        return rows.OrderByDescending(r => r.Utility).ThenBy(r => r.Kind).ThenBy(r => r.Key, StringComparer.Ordinal).ToList();
    }

    private RowPlan? ContinueWatching()
    {
        var items = _user.InProgress.Where(d => !list.Eligibility.IsMuted(d) && list.Eligibility.IsInRegion(d))
            .Select(d => (Drama: d, Edge: WatchedEdge(d))).OrderByDescending(x => x.Edge.LastAt).ThenBy(x => x.Drama).ToList();
        if (items.Count == 0) return null;
        var paths = explainer.Verified(items.Take(3).Select(x => explainer.Paths.Own(x.Edge, 0)));
        // Someone who watched in the last days most likely comes back for the next episode.
        var utility = _user.Now - items[0].Edge.LastAt < TimeSpan.FromDays(14) ? 3 : 0.6;
        return new RowPlan(RowKind.ContinueWatching, "", "Continue watching", new Reason(ReasonKind.ContinueWatching, "You started these", paths),
            items.Select(x => x.Drama).ToArray(), utility, 1);
    }

    private RowPlan TopPicks()
    {
        var items = InOrder(Depth);
        var reason = _user.IsCold || items.Length == 0
            ? new Reason(ReasonKind.Popular, "A start, until we know what you like: what many viewers watch", [])
            : explainer.Best(items[0]) with { Text = "What fits best with everything you watched and rated" };
        return new RowPlan(RowKind.TopPicks, "", _user.IsCold ? "A good start" : "Top picks for you", reason, items, _user.IsCold ? 1.2 : 2.5, 1);
    }

    private IEnumerable<RowPlan> BecauseYouWatched()
    {
        var made = 0;
        foreach (var seed in _user.Seeds.Where(s => s.Weight > 0.15f && _user.HasSeen(s.Item) && !list.Eligibility.IsMuted(s.Item)).OrderByDescending(s => s.Weight).ThenBy(s => s.Item))
        {
            if (made == BecauseRows) yield break;
            var items = CoWatchedWith(seed.Item);
            if (items.Length < 4) continue;
            var paths = explainer.Verified(_user.PartsOf(seed.Item).Where(p => p.Weight > 0).Select(p => explainer.Paths.Own(p.Edge, 0)));
            if (paths.Count == 0) continue;
            made++;
            yield return new RowPlan(RowKind.BecauseYouWatched, _snapshot.Dramas[seed.Item].Id, ReasonText.Opening(paths[0]),
                new Reason(ReasonKind.BecauseYouWatched, $"Viewers who liked {_snapshot.Dramas[seed.Item].Title} also liked these", paths), items, 1.15 * Utility(items));
        }
    }

    /// <summary>Eligible neighbours by co-watch with enough viewers behind them, by strength of the link and fit to the viewer.</summary>
    private int[] CoWatchedWith(int seed)
    {
        var neighbours = _snapshot.Derived.CoWatch;
        var items = neighbours.Of(seed);
        var scores = neighbours.Scores(seed);
        var counts = neighbours.Counts(seed);
        var best = new BestItems(items.Length);
        for (var i = 0; i < items.Length; i++)
        {
            if (counts[i] >= list.Model.Recipe.MinCoWatchers && list.IsEligible(items[i]))
                best.Offer(items[i], scores[i] * (0.5 + Math.Max(0, list.Relevance(items[i]))));
        }
        return best.Take();
    }

    private RowPlan? OfPerson(RowKind kind, EdgeType role)
    {
        var relation = _snapshot.Graph[role];
        var affinity = new Dictionary<int, double>();
        foreach (var seed in _user.Seeds)
            foreach (var person in relation.Sources(seed.Item))
                CollectionsMarshal.GetValueRefOrAddDefault(affinity, person, out _) += seed.Weight;
        foreach (var (person, weight) in affinity.OrderByDescending(a => a.Value).ThenBy(a => a.Key).Take(20))
        {
            if (weight <= 0.3) return null;
            var items = ByScore(relation.Targets(person));
            if (items.Length < 3) continue;
            var name = _snapshot.People[person].Name;
            var paths = explainer.Verified(Citations(d => relation.Has(person, d), (edge, seed) => explainer.Paths.ToPerson(edge, seed, role, person, 0)));
            if (paths.Count == 0) continue;
            var (reason, title, verb) = kind == RowKind.MoreFromDirector
                ? (ReasonKind.SharedDirector, $"More from {name}", "directed")
                : (ReasonKind.SharedActor, $"More with {name}", "was in");
            return new RowPlan(kind, _snapshot.People[person].Id, title, new Reason(reason, $"{name} {verb} {paths[0].Nodes[1].Label}, which you liked", paths), items, 1.05 * Utility(items), 3);
        }
        return null;
    }

    private IEnumerable<RowPlan> Genres()
    {
        var relation = _snapshot.Graph[EdgeType.HasGenre];
        var weights = new double[relation.ToCount];
        foreach (var seed in _user.Seeds)
            foreach (var genre in relation.Targets(seed.Item)) weights[genre] += seed.Weight;
        var idf = _snapshot.Derived.Idf(EdgeType.HasGenre);
        var order = Enumerable.Range(0, weights.Length).Where(g => !_user.MutedGenres.Contains(g) && (_user.IsCold ? relation.ReverseDegree(g) > 0 : weights[g] > 0))
            .OrderByDescending(g => _user.IsCold ? relation.ReverseDegree(g) : weights[g] * idf[g]).ThenBy(g => g).Take(GenreRows);
        foreach (var genre in order)
        {
            var name = _snapshot.Graph.Nodes(NodeKind.Genre)[genre];
            var items = ByScore(relation.Sources(genre));
            var paths = _user.IsCold ? [] : explainer.Verified(Citations(d => relation.Has(d, genre), (edge, seed) => explainer.Paths.ToGenre(edge, seed, genre, 0)));
            var reason = paths.Count == 0
                ? new Reason(ReasonKind.SharedGenre, $"{relation.ReverseDegree(genre)} dramas in this catalogue are {name}", [])
                : new Reason(ReasonKind.SharedGenre, $"You liked {paths[0].Nodes[1].Label}, which is {name}", paths);
            yield return new RowPlan(RowKind.Genre, name, name, reason, items, 0.95 * Utility(items));
        }
    }

    private RowPlan? Trending()
    {
        var table = trending.At(_snapshot, _user.Now);
        var best = new BestItems(Depth);
        foreach (var d in table.Dramas)
            if (list.IsEligible(d)) best.Offer(d, table.Score(d, _user.Region));
        var items = best.Take();
        if (items.Length == 0) return null;
        var week = list.Model.Recipe.TrendingDays == 7 ? "Trending this week" : "Trending now";
        return new RowPlan(RowKind.Trending, "", week, new Reason(ReasonKind.Trending, $"What viewers watched most in the last {list.Model.Recipe.TrendingDays:0.#} days", []),
            items, _user.IsCold ? 1.6 : 0.9 * Utility(items));
    }

    private RowPlan? PopularInRegion()
    {
        if (_user.Region is not { } region) return null;
        if (!PopularitySource.AudienceFor(_snapshot, region).Regional) return null;
        var items = FirstEligible(_snapshot.Derived.Lists.MostWatchedIn(region));
        return new RowPlan(RowKind.PopularInRegion, region, $"Popular in {region}", new Reason(ReasonKind.PopularInRegion, $"What most viewers in {region} watched", []),
            items, _user.IsCold ? 1.4 : 0.85 * Utility(items));
    }

    /// <summary>The newest releases, a few times as many as the row shows, and of those what fits best.</summary>
    private RowPlan NewReleases()
    {
        var items = ByScore(FirstEligible(_snapshot.Derived.Lists.Newest));
        return new RowPlan(RowKind.NewReleases, "", "Newest in the catalogue", new Reason(ReasonKind.NewRelease, "The latest releases this catalogue has", []),
            items, _user.IsCold ? 1.1 : 0.85 * Utility(items));
    }

    /// <summary>Few have watched them, those who did finished them, and they fit the viewer.</summary>
    private RowPlan? HiddenGems()
    {
        var derived = _snapshot.Derived;
        var mostWatched = derived.Lists.MostWatched.AsSpan();
        var enough = CountAtLeast(mostWatched, list.Model.Recipe.MinCoWatchers);
        if (enough < 20) return null;
        // The audience that a third of them do not exceed.
        var few = derived.Audience[mostWatched[enough - 1 - enough / 3]];
        var best = new BestItems(Depth);
        foreach (var d in mostWatched[CountAtLeast(mostWatched, few + 1)..enough])
            if (list.IsEligible(d)) best.Offer(d, list.Relevance(d) + derived.Completion[d] * (_user.IsCold ? 1 : 0.3));
        var items = best.Take();
        return new RowPlan(RowKind.HiddenGems, "", "Hidden gems", new Reason(ReasonKind.HiddenGem, $"Watched by no more than {few} viewers, and liked", []),
            items, _user.IsCold ? 0.9 : 0.85 * Utility(items));
    }

    private RowPlan? Watchlist()
    {
        var items = _user.Watchlist.Where(list.IsEligible).ToArray();
        if (items.Length == 0) return null;
        var edges = items.Take(3).Select(d => _user.History.Edges.First(e => e.Type == EdgeType.Watchlisted && e.Target.Id == _snapshot.Dramas[d].Id));
        return new RowPlan(RowKind.Watchlist, "", "Your watchlist", new Reason(ReasonKind.OnWatchlist, "You put these on your watchlist", explainer.Verified(edges.Select(e => explainer.Paths.Own(e, 0)))),
            items, 1.3 * Utility(items), 1);
    }

    /// <summary>Mean relevance of the first dramas, on a scale on which a page's best row has about 1.</summary>
    private double Utility(IReadOnlyList<int> items)
    {
        var count = Math.Min(items.Count, 6);
        double sum = 0;
        for (var i = 0; i < count; i++) sum += Math.Max(0, list.Relevance(items[i]));
        return count == 0 ? 0 : sum / count;
    }

    private int[] InOrder(int count)
    {
        var items = new int[Math.Min(count, list.Window.Length)];
        for (var i = 0; i < items.Length; i++) items[i] = list.Window[i].Item;
        return items;
    }

    private int[] ByScore(ReadOnlySpan<int> dramas)
    {
        var best = new BestItems(Math.Min(Depth, dramas.Length));
        foreach (var d in dramas)
            if (list.IsEligible(d)) best.Offer(d, list.ScoreOf(d));
        return best.Take();
    }

    private int[] FirstEligible(int[] order)
    {
        var items = new List<int>(Depth);
        for (var i = 0; i < order.Length && items.Count < Depth; i++)
            if (list.IsEligible(order[i])) items.Add(order[i]);
        return [.. items];
    }

    /// <summary>How many dramas, most watched first, have at least this audience.</summary>
    private int CountAtLeast(ReadOnlySpan<int> mostWatched, int least)
    {
        var (low, high) = (0, mostWatched.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_snapshot.Derived.Audience[mostWatched[middle]] >= least) low = middle + 1;
            else high = middle;
        }
        return low;
    }

    /// <summary>Paths over the viewer's strongest liked seeds that match; at most three.</summary>
    private IEnumerable<GraphPath> Citations(Func<int, bool> matches, Func<BehaviourEdge, int, GraphPath> path) =>
        _user.Seeds.Where(s => s.Weight > 0 && matches(s.Item)).OrderByDescending(s => s.Weight).ThenBy(s => s.Item).Take(3)
            .Select(s => path(_user.PartsOf(s.Item).OrderByDescending(p => p.Weight).First().Edge, s.Item));

    private BehaviourEdge WatchedEdge(int drama) =>
        _user.History.Edges.First(e => e.Type == EdgeType.Watched && e.Target == NodeRef.Drama(_snapshot.Dramas[drama].Id));

    private static void Add(List<RowPlan> rows, RowPlan? row)
    {
        if (row is not null) rows.Add(row);
    }
}
