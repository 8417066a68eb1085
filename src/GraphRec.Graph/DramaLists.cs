using GraphRec.Core;

namespace GraphRec.Graph;

/// <summary>
/// Lists of dramas that every request would otherwise make anew by filtering or sorting the whole catalogue. They depend
/// on nothing about a viewer.
/// </summary>
public sealed class DramaLists
{
    private readonly Dictionary<string, int[]> _mostWatchedIn = new(StringComparer.Ordinal);

    internal DramaLists(CsrGraph graph, Drama[] dramas, int[] releaseDays, int[] audience, IReadOnlyDictionary<string, int[]> audienceByRegion)
    {
        Newest = Descending(releaseDays);
        MostWatched = Descending(audience);
        foreach (var (region, own) in audienceByRegion) _mostWatchedIn.Add(region, Descending(own));
        AiredDays = dramas.Select(d => (d.AiredFrom ?? (d.Year is { } year ? new DateOnly(year, 1, 1) : null))?.DayNumber ?? 0).ToArray();
        RegionBound = Where(dramas.Length, d => dramas[d].Regions.Count > 0);
        Sequels = Where(dramas.Length, d => graph[EdgeType.Follows].Degree(d) > 0);
    }

    /// <summary>Dramas with a known release, latest first, ties by index.</summary>
    public int[] Newest { get; }

    /// <summary>Dramas that anybody watched, by audience (<see cref="Derived.Audience"/>), largest first, ties by index.</summary>
    public int[] MostWatched { get; }

    /// <summary>The day number from which on it may have aired: its first day, else 1 January of its year; 0 where unknown.</summary>
    public int[] AiredDays { get; }

    /// <summary>Dramas that may not be shown everywhere, ascending.</summary>
    public int[] RegionBound { get; }

    /// <summary>Dramas that follow another one, ascending.</summary>
    public int[] Sequels { get; }

    /// <summary>Dramas that anybody of the region watched, by audience there, largest first, ties by index.</summary>
    public int[] MostWatchedIn(string region) => _mostWatchedIn.GetValueOrDefault(region, []);

    private static int[] Descending(int[] values)
    {
        var order = Where(values.Length, d => values[d] > 0);
        Array.Sort(order, (a, b) => values[a] != values[b] ? values[b].CompareTo(values[a]) : a.CompareTo(b));
        return order;
    }

    private static int[] Where(int count, Func<int, bool> holds) => Enumerable.Range(0, count).Where(holds).ToArray();
}
