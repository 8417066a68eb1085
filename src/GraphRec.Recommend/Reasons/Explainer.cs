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
        foreach (var source in ByContribution(drama))
            if (Of(drama, source) is { } reason) return reason;
        return Fallback(drama);
    }

    /// <summary>Every reason that can be shown, the one that contributed most first.</summary>
    public List<Reason> All(int drama)
    {
        var reasons = new List<Reason>();
        foreach (var source in ByContribution(drama))
            if (Of(drama, source) is { } reason) reasons.Add(reason);
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

    private int[] ByContribution(int drama)
    {
        var order = new List<(double Value, int Source)>();
        for (var s = 0; s < _list.Model.Sources.Count; s++)
        {
            var value = _list.Raw(s, drama) * _list.RawToScore(s);
            if (value > 0) order.Add((value, s));
        }
        order.Sort((x, y) => y.Value != x.Value ? y.Value.CompareTo(x.Value) : x.Source.CompareTo(y.Source));
        return order.Select(o => o.Source).ToArray();
    }

    private Reason? Of(int drama, int source)
    {
        var name = _list.Model.Sources[source].Name;
        if (name == SourceNames.Popularity) return Popular(drama);
        if (name == SourceNames.Trending) return Trending(drama);
        _evidence.Clear();
        _list.Model.Sources[source].Explain(_list.User, _list.Snapshot, drama, _evidence);
        var usable = Usable();
        if (usable.Count == 0) return null;
        var paths = Verified(Cite(drama, usable, _list.RawToScore(source)));
        return paths.Count == 0 ? null : new Reason(ReasonText.KindOf(name), ReasonText.Write(_list, name, drama, usable, paths), paths);
    }

    /// <summary>
    /// Positive evidence that may be cited, strongest first; for people, genres and tags only that of the strongest one,
    /// so that the reason is about one thing.
    /// </summary>
    private List<Evidence> Usable()
    {
        var usable = _evidence.Where(e => e.Raw > 0 && (e.Via != EdgeType.CoWatched || e.Count >= _list.Model.Recipe.MinCoWatchers)).ToList();
        if (usable.Count == 0) return usable;
        var through = usable.GroupBy(e => e.Through).OrderByDescending(g => g.Sum(e => e.Raw)).ThenBy(g => g.Key).First();
        return through.OrderByDescending(e => e.Raw).ThenBy(e => e.Seed).ToList();
    }

    private IEnumerable<GraphPath> Cite(int drama, List<Evidence> usable, double rawToScore)
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
                var share = score > 0 ? Math.Clamp(evidence.Raw * rawToScore * (part.Weight / whole) / score, 0, 1) : 0;
                paths.Add(_paths.To(drama, part.Edge, evidence, share));
            }
        }
        return paths.OrderByDescending(p => p.Share);
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
