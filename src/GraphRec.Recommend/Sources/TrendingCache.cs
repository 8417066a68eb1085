using GraphRec.Core;
using GraphRec.Graph;
using GraphRec.Graph.Kernels;

namespace GraphRec.Recommend.Sources;

/// <summary>What is trending at one hour of one snapshot.</summary>
public sealed class TrendingTable
{
    private readonly double[] _all;
    private readonly Dictionary<string, double[]> _byRegion = new(StringComparer.Ordinal);
    private readonly int[] _viewers;

    internal TrendingTable(GraphSnapshot snapshot, DateTimeOffset hour, double days)
    {
        var watched = snapshot.Graph[EdgeType.Watched];
        var now = CsrGraph.ToMinutes(hour);
        var since = now - (int)(days * 24 * 60);
        var window = new TrendingWindow(since, now, days * 24 * 60 / 2);
        _all = new double[watched.ToCount];
        _viewers = new int[watched.ToCount];
        Trending.Decayed(watched, window, _all);
        Trending.Popularity(watched, since, now, _viewers);
        var regions = snapshot.Derived.AudienceByRegion.Keys.Order(StringComparer.Ordinal).ToArray();
        var regionOf = new int[watched.FromCount];
        for (var u = 0; u < regionOf.Length; u++) regionOf[u] = Array.BinarySearch(regions, snapshot.Regions[u], StringComparer.Ordinal);
        for (var u = 0; u < regionOf.Length; u++) regionOf[u] = Math.Max(regionOf[u], -1);
        var sums = new double[regions.Length * watched.ToCount];
        Trending.DecayedByRegion(watched, window, regionOf, regions.Length, sums);
        for (var r = 0; r < regions.Length; r++) _byRegion.Add(regions[r], sums.AsSpan(r * watched.ToCount, watched.ToCount).ToArray());
        Dramas = Enumerable.Range(0, _all.Length).Where(d => _all[d] > 0).ToArray();
    }

    /// <summary>Every drama watched within the window, by index.</summary>
    public int[] Dramas { get; }

    /// <summary>Decayed watches; those of the viewer's own region count once more.</summary>
    public double Score(int drama, string? region) =>
        _all[drama] + (region is not null && _byRegion.TryGetValue(region, out var own) ? own[drama] : 0);

    /// <summary>By drama, viewers who watched it within the window.</summary>
    public int[] Viewers => _viewers;
}

/// <summary>
/// Trending tables by hour, so that requests share one pass over the watches. Time is taken to the full hour: two
/// requests within it get the same answer.
/// </summary>
public sealed class TrendingCache(double days)
{
    private const int Kept = 8;
    private readonly Lock _building = new();
    private volatile Entry[] _entries = [];

    public TrendingTable At(GraphSnapshot snapshot, DateTimeOffset now)
    {
        var hour = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero).AddHours(now.UtcDateTime.Hour + 1);
        if (Find(snapshot, hour) is { } known) return known;
        lock (_building)
        {
            if (Find(snapshot, hour) is { } made) return made;
            var entry = new Entry(snapshot, hour, new TrendingTable(snapshot, hour, days));
            // The snapshot's own tables only: an old snapshot must not be kept alive by them.
            _entries = _entries.Where(e => e.Snapshot == snapshot).Append(entry).TakeLast(Kept).ToArray();
            return entry.Table;
        }
    }

    private TrendingTable? Find(GraphSnapshot snapshot, DateTimeOffset hour)
    {
        foreach (var entry in _entries)
            if (entry.Snapshot == snapshot && entry.Hour == hour) return entry.Table;
        return null;
    }

    private sealed record Entry(GraphSnapshot Snapshot, DateTimeOffset Hour, TrendingTable Table);
}
