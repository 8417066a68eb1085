using GraphRec.Core;
using GraphRec.Graph.Kernels;

namespace GraphRec.Graph;

/// <summary>
/// What serving needs of a snapshot beyond its edges: the derived neighbour lists and per-drama statistics. Computed once
/// when the snapshot is built.
/// </summary>
public sealed class Derived
{
    /// <summary>Neighbours kept per drama: with more, quality does not rise and every request reads more.</summary>
    public const int Neighbours = 100;

    /// <summary>
    /// The walk that serving reads. Alone, a smaller β ranks better (validation NDCG@20 .059 at .1 against .032 at .4);
    /// beside a popularity source, what popularity does not say is worth more: the whole ranks .1291 at .4, .1253 at .1.
    /// </summary>
    public static readonly WalkParameters ServingWalk = new(Alpha: 0.9f, ItemAlpha: 0.9f, Beta: 0.4f);

    private readonly Dictionary<EdgeType, float[]> _idf = [];

    internal Derived(CsrGraph graph, Drama[] dramas, Crowd crowd)
    {
        Crowd = crowd;
        ReleaseDays = new int[dramas.Length];
        GenreMasks = new ulong[dramas.Length];
        Countries = new int[dramas.Length];
        var countries = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var d = 0; d < dramas.Length; d++)
        {
            ReleaseDays[d] = dramas[d].Released?.DayNumber ?? 0;
            var country = dramas[d].Country ?? "";
            if (!countries.TryGetValue(country, out Countries[d])) countries.Add(country, Countries[d] = countries.Count);
            // More than 64 genres share bits; that only makes two dramas look a little more alike.
            foreach (var genre in graph[EdgeType.HasGenre].Targets(d)) GenreMasks[d] |= 1UL << (genre & 63);
        }
        Priorities = dramas.Select(d => d.Priority).ToArray();
        Lists = new DramaLists(graph, dramas, ReleaseDays, Audience, AudienceByRegion);
        foreach (var type in (EdgeType[])[EdgeType.ActedIn, EdgeType.Directed, EdgeType.Wrote, EdgeType.HasGenre, EdgeType.Tagged])
            _idf.Add(type, AttributeAffinity.Idf(graph[type]));
    }

    /// <summary>The part that follows from behaviour alone.</summary>
    internal Crowd Crowd { get; }

    /// <summary>Inverse document frequency per person, genre or tag of one relation; see <see cref="AttributeAffinity.Idf"/>.</summary>
    public float[] Idf(EdgeType type) => _idf[type];

    /// <summary>CO_WATCHED in process: neighbours by shrunk cosine, with counts.</summary>
    public ItemNeighbours CoWatch => Crowd.CoWatch;

    /// <summary>WALKS_TO in process: the strongest entries of each row of the three-hop walk.</summary>
    public ItemNeighbours Walk => Crowd.Walk;

    /// <summary>Distinct viewers who watched or rated each drama.</summary>
    public int[] Audience => Crowd.Audience;
    public int MaxAudience => Crowd.MaxAudience;

    /// <summary>The same by the viewers' region.</summary>
    public IReadOnlyDictionary<string, int[]> AudienceByRegion => Crowd.AudienceByRegion;

    /// <summary>Share of those who started it that finished it, in [0, 1], drawn towards the mean where few started.</summary>
    public float[] Completion => Crowd.Completion;

    /// <summary>Mean rating from 1 to 10, drawn towards the mean of all where few rated it; 0 where nobody rated anything.</summary>
    public float[] MeanRatings => Crowd.MeanRatings;

    /// <summary>Day number (<see cref="DateOnly.DayNumber"/>) of release; 0 where unknown.</summary>
    public int[] ReleaseDays { get; }

    /// <summary>Priority in [0, 1] per drama.</summary>
    public double[] Priorities { get; }

    /// <summary>Dramas in the orders that requests read them in.</summary>
    public DramaLists Lists { get; }

    /// <summary>One bit per genre.</summary>
    public ulong[] GenreMasks { get; }

    /// <summary>A number per country of origin; dramas of unknown origin share one.</summary>
    public int[] Countries { get; }
}
