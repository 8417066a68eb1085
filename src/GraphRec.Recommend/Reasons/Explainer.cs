using GraphRec.Core;
using GraphRec.Graph;
using GraphRec.Recommend.Sources;

namespace GraphRec.Recommend.Reasons;

/// <summary>
/// Step 9 of the read line: the reason is the source that contributed most to the served score and can be shown. A
/// source that cannot be shown (a co-watch edge with fewer viewers behind it than privacy asks for, or a path that does
/// not verify) gives way to the next.
/// </summary>
public sealed class Explainer
{
    /// <summary>An edge that brought less than this share of a seed's weight is not worth a path of its own.</summary>
    private const double MinPart = 0.2;

    private readonly RankedList _list;
    private readonly PathFactory _paths;
    private readonly PathVerifier _verifier;
    private readonly TrendingCache _trending;
    private readonly List<Evidence> _evidence = [];

    public Explainer(RankedList list, TrendingCache trending)
    {
        _list = list;
        _trending = trending;
        _paths = new PathFactory(list.Snapshot, list.User);
        _verifier = new PathVerifier(list.Snapshot, list.User.History, list.Model.Recipe.MinCoWatchers);
    }

    /// <summary>Paths that were written but did not verify; anything but 0 is a defect, and makes the answer degraded.</summary>
    public int Unverified { get; private set; }

    public PathFactory Paths => _paths;

    /// <summary>The reason that contributed most.</summary>
    public Reason Best(int drama)
    {
        foreach (var kind in ByContribution(drama))
            if (Of(drama, kind) is { } reason) return reason;
        return Fallback(drama);
    }

    /// <summary>Every reason that can be shown, the one that contributed most first.</summary>
    public List<Reason> All(int drama)
    {
        var reasons = new List<Reason>();
        foreach (var kind in ByContribution(drama))
            if (Of(drama, kind) is { } reason) reasons.Add(reason);
        if (reasons.Count == 0) reasons.Add(Fallback(drama));
        return reasons;
    }

    /// <summary>The paths that pass the verifier; the rest is counted in <see cref="Unverified"/>.</summary>
    public List<GraphPath> Verified(IEnumerable<GraphPath> paths)
    {
        var good = new List<GraphPath>();
        foreach (var path in paths)
        {
            if (_verifier.Verify(path)) good.Add(path);
            else Unverified++;
        }
        return good;
    }

    /// <summary>
    /// The kinds of fact that speak for the drama, by what they contributed. The walk and co-watch are two measures of
    /// one fact (viewers of your dramas watched it), so that they count together.
    /// </summary>
    private ReasonKind[] ByContribution(int drama)
    {
        var sums = new double[(int)ReasonKind.Featured + 1];
        for (var s = 0; s < _list.Model.Sources.Count; s++)
            sums[(int)ReasonText.KindOf(_list.Model.Sources[s].Name)] += _list.Raw(s, drama) * _list.RawToScore(s);
        return Enumerable.Range(0, sums.Length).Where(k => sums[k] > 0).OrderByDescending(k => sums[k]).ThenBy(k => k)
            .Select(k => (ReasonKind)k).ToArray();
    }

    private Reason? Of(int drama, ReasonKind kind)
    {
        if (kind == ReasonKind.Popular) return Popular(drama);
        if (kind == ReasonKind.Trending) return Trending(drama);
        var usable = Usable(drama, kind);
        if (usable.Count == 0) return null;
        var paths = Verified(Cite(drama, usable));
        if (paths.Count == 0) return null;
        // One seed behind most of it: then that seed is the reason, else the taste that several show. The sentence counts
        // that seed's viewers, so that it must be the one the first path goes over.
        var first = paths[0].Nodes[1].Node == _paths.DramaNode(usable[0].Seed).Node;
        if (kind == ReasonKind.SimilarTaste && first && usable[0].Raw >= usable.Sum(e => e.Raw) / 2) kind = ReasonKind.BecauseYouWatched;
        return new Reason(kind, ReasonText.Write(_list, kind, usable, paths), paths);
    }

    /// <summary>
    /// Positive evidence that may be cited, in units of the served score, strongest first, one piece per seed; for
    /// people, genres and tags only that of the strongest one, so that the reason is about one thing.
    /// </summary>
    private List<Evidence> Usable(int drama, ReasonKind kind)
    {
        var usable = new List<Evidence>();
        for (var s = 0; s < _list.Model.Sources.Count; s++)
        {
            if (ReasonText.KindOf(_list.Model.Sources[s].Name) != kind) continue;
            _evidence.Clear();
            _list.Model.Sources[s].Explain(_list.User, _list.Snapshot, drama, _evidence);
            foreach (var e in _evidence)
                if (e.Raw > 0 && (e.Via != EdgeType.CoWatched || e.Count >= _list.Model.Recipe.MinCoWatchers)) usable.Add(e with { Raw = e.Raw * _list.RawToScore(s) });
        }
        if (usable.Count == 0) return usable;
        var through = usable.GroupBy(e => e.Through).OrderByDescending(g => g.Sum(e => e.Raw)).ThenBy(g => g.Key).First();
        return through.GroupBy(e => e.Seed).Select(g => g.First() with { Raw = g.Sum(e => e.Raw) })
            .OrderByDescending(e => e.Raw).ThenBy(e => e.Seed).ToList();
    }

    /// <summary>Paths over the strongest seed first, and of a seed those over the viewer's strongest edge first.</summary>
    private List<GraphPath> Cite(int drama, List<Evidence> usable)
    {
        var score = _list.ScoreOf(drama);
        var paths = new List<GraphPath>();
        foreach (var evidence in usable)
        {
            if (paths.Count >= _list.Model.Recipe.MaxPaths) break;
            var parts = _list.User.PartsOf(evidence.Seed);
            var whole = parts.Sum(p => p.Weight);
            foreach (var part in parts.Where(p => p.Weight >= MinPart * whole).OrderByDescending(p => p.Weight).ThenBy(p => p.Edge.Type))
            {
                if (paths.Count >= _list.Model.Recipe.MaxPaths) break;
                // A disliked part of the same seed can make this one larger than the whole; a share stays a share.
                var share = score > 0 ? Math.Clamp(evidence.Raw * (part.Weight / whole) / score, 0, 1) : 0;
                paths.Add(_paths.To(drama, part.Edge, evidence, share));
            }
        }
        return paths;
    }

    private Reason? Popular(int drama)
    {
        var (audience, regional) = PopularitySource.AudienceFor(_list.Snapshot, _list.User.Region);
        if (audience[drama] < _list.Model.Recipe.MinCoWatchers) return null;
        return regional
            ? new Reason(ReasonKind.PopularInRegion, $"Popular in {_list.User.Region}: {audience[drama]} viewers there", [])
            : new Reason(ReasonKind.Popular, $"Popular: {audience[drama]} viewers", []);
    }

    private Reason? Trending(int drama)
    {
        var viewers = _trending.At(_list.Snapshot, _list.User.Now).ViewersInWindow(drama);
        return viewers < _list.Model.Recipe.MinCoWatchers ? null : new Reason(ReasonKind.Trending, ReasonText.TrendingText(_list.Model.Recipe, viewers), []);
    }

    /// <summary>What can be said of a drama that nothing about the viewer speaks for: facts only.</summary>
    private Reason Fallback(int drama)
    {
        var facts = _list.Snapshot.Dramas[drama];
        var audience = _list.Snapshot.Derived.Audience[drama];
        if (facts.Priority > 0) return new Reason(ReasonKind.Featured, "Featured by this catalogue", []);
        if (audience >= _list.Model.Recipe.MinCoWatchers) return new Reason(ReasonKind.Popular, $"Watched by {audience} viewers", []);
        var year = facts.Released?.Year;
        return year is not null && _list.User.Now.Year - year <= 3
            ? new Reason(ReasonKind.NewRelease, $"Released in {year}", [])
            : new Reason(ReasonKind.HiddenGem, audience == 0 ? "Nobody here has watched it yet" : "Few viewers have found it yet", []);
    }
}
