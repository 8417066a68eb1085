using GraphRec.Core;
using GraphRec.Graph.Kernels;

namespace GraphRec.Graph;

/// <summary>
/// What all viewers' behaviour says of dramas: neighbours and statistics that no fact of the catalogue enters. Of the
/// catalogue it knows only which dramas there are, so that it outlives edits of it.
/// </summary>
internal sealed class Crowd
{
    /// <summary>How many dramas' worth of evidence the mean completion rate counts as (an empirical prior).</summary>
    private const double CompletionPrior = 5;

    /// <summary>The same for the mean rating.</summary>
    private const double RatingPrior = 5;

    /// <param name="graph">The graph.</param>
    /// <param name="engaged">Its engaged relation.</param>
    /// <param name="userRegions">Each viewer's region by index.</param>
    /// <param name="threads">Threads to build with.</param>
    /// <param name="cancel">Stops the build.</param>
    /// <param name="before">The crowd over another set of dramas, whose rows may still hold; null for none.</param>
    /// <param name="kept">Which of its rows do.</param>
    public Crowd(
        CsrGraph graph, Bipartite engaged, string?[] userRegions, int threads, CancellationToken cancel, Crowd? before = null, KeptRows? kept = null)
    {
        CoWatch = Kernels.CoWatch.Build(engaged, new CoWatchParameters(Derived.Neighbours), new NeighbourRows(engaged.ItemCount, before?.CoWatch, kept), threads, cancel);
        Walk = ThreeHopWalk.BuildIndex(engaged, Derived.ServingWalk, Derived.Neighbours, new NeighbourRows(engaged.ItemCount, before?.Walk, kept), threads, cancel);
        Audience = Count(graph, null, userRegions);
        AudienceByRegion = userRegions.Where(r => r is not null).Distinct().ToDictionary(r => r!, r => Count(graph, r, userRegions), StringComparer.Ordinal);
        MaxAudience = Audience.Length == 0 ? 0 : Audience.Max();
        Completion = CompletionRates(graph[EdgeType.Watched]);
        MeanRatings = RatingMeans(graph[EdgeType.Rated]);
    }

    public ItemNeighbours CoWatch { get; }
    public ItemNeighbours Walk { get; }
    public int[] Audience { get; }
    public int MaxAudience { get; }
    public IReadOnlyDictionary<string, int[]> AudienceByRegion { get; }
    public float[] Completion { get; }
    public float[] MeanRatings { get; }

    private static int[] Count(CsrGraph graph, string? region, string?[] userRegions)
    {
        var (watched, rated) = (graph[EdgeType.Watched], graph[EdgeType.Rated]);
        var counts = new int[watched.ToCount];
        for (var user = 0; user < watched.FromCount; user++)
        {
            if (region is not null && userRegions[user] != region) continue;
            var seen = watched.Targets(user);
            foreach (var drama in seen) counts[drama]++;
            foreach (var drama in rated.Targets(user))
                if (seen.BinarySearch(drama) < 0) counts[drama]++;
        }
        return counts;
    }

    private static float[] RatingMeans(Adjacency rated)
    {
        var (sums, counts) = (new double[rated.ToCount], new int[rated.ToCount]);
        for (var user = 0; user < rated.FromCount; user++)
        {
            var dramas = rated.Targets(user);
            for (var i = 0; i < dramas.Length; i++)
            {
                sums[dramas[i]] += rated.Value(user, i);
                counts[dramas[i]]++;
            }
        }
        var mean = rated.EdgeCount > 0 ? sums.Sum() / rated.EdgeCount : 0;
        return sums.Select((sum, d) => (float)((sum + RatingPrior * mean) / (counts[d] + RatingPrior))).ToArray();
    }

    private static float[] CompletionRates(Adjacency watched)
    {
        var (started, finished) = (new double[watched.ToCount], new double[watched.ToCount]);
        for (var user = 0; user < watched.FromCount; user++)
        {
            var dramas = watched.Targets(user);
            for (var i = 0; i < dramas.Length; i++)
            {
                started[dramas[i]]++;
                if (watched.Value(user, i) >= 0.9) finished[dramas[i]]++;
            }
        }
        var all = started.Sum();
        var mean = all > 0 ? finished.Sum() / all : 0.5;
        return started.Select((n, d) => (float)((finished[d] + CompletionPrior * mean) / (n + CompletionPrior))).ToArray();
    }
}
