using GraphRec.Core;
using GraphRec.Graph;
using GraphRec.Graph.Kernels;
using GraphRec.Ranking;

namespace GraphRec.Recommend.Sources;

/// <summary>
/// Why a source proposed a drama, traced back to one of the viewer's seeds.
/// </summary>
/// <param name="Seed">The viewer's drama it came from, by index.</param>
/// <param name="Via">The edge type that links seed and drama: CO_WATCHED, ACTED_IN, …, FOLLOWS.</param>
/// <param name="Through">The person, genre or tag between them, by index; -1 for a direct edge.</param>
/// <param name="Raw">The part of the source's raw score, in the source's own unit.</param>
/// <param name="Count">Viewers behind a CO_WATCHED edge; 0 otherwise.</param>
public readonly record struct Evidence(int Seed, EdgeType Via, int Through, double Raw, int Count);

/// <summary>
/// One way of proposing dramas. Score and evidence are two views of one formula: what a source adds for a drama is the
/// sum of <see cref="Evidence.Raw"/> over the drama's evidence. Evidence is computed for the few dramas that are shown,
/// by the same code that a scoring pass sums up, rather than kept for thousands that are not.
/// </summary>
public interface ICandidateSource
{
    /// <summary>One of <see cref="SourceNames"/>.</summary>
    string Name { get; }

    /// <summary>Adds the raw score of every drama the source proposes to the viewer.</summary>
    void Score(UserContext user, GraphSnapshot snapshot, ScoreAccumulator into);

    /// <summary>Adds what the drama's score is made of; nothing where it is not about the viewer.</summary>
    void Explain(UserContext user, GraphSnapshot snapshot, int drama, List<Evidence> into);
}

/// <summary>All sources of the product, in feature order.</summary>
public static class CandidateSources
{
    /// <param name="trending">Shared between requests.</param>
    /// <param name="minCoWatchers">
    /// Co-watched dramas with fewer viewers behind them are no candidates; 0 for all that the snapshot has. Where candidates
    /// come from a store's CO_WATCHED edges, the minimum of those, so that the snapshot can stand in for the store.
    /// </param>
    /// <param name="trained">What a trained model says; null while there is none.</param>
    public static ICandidateSource[] All(TrendingCache trending, int minCoWatchers = 0, TrainedLists? trained = null) =>
    [
        new NeighbourSource(SourceNames.Walk, static (s, fetched) => fetched?.Walk ?? s.Derived.Walk),
        new NeighbourSource(SourceNames.CoWatch, static (s, fetched) => fetched?.CoWatch ?? s.Derived.CoWatch, minCoWatchers),
        new AttributeSource(SourceNames.Actors, EdgeType.ActedIn),
        new AttributeSource(SourceNames.Directors, EdgeType.Directed),
        new AttributeSource(SourceNames.Writers, EdgeType.Wrote),
        new AttributeSource(SourceNames.Genres, EdgeType.HasGenre),
        new AttributeSource(SourceNames.Tags, EdgeType.Tagged),
        new NextSeasonSource(),
        new PopularitySource(),
        new TrendingSource(trending),
        new NeighbourSource(SourceNames.Collaborative, (s, _) => trained?.For(s), isCounted: false),
    ];
}
