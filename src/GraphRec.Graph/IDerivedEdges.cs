using GraphRec.Graph.Kernels;

namespace GraphRec.Graph;

/// <summary>Neighbour lists of some dramas, by the snapshot's indices; those of all others are empty.</summary>
/// <param name="Walk">WALKS_TO.</param>
/// <param name="CoWatch">CO_WATCHED.</param>
public sealed record NeighbourLists(ItemNeighbours Walk, ItemNeighbours CoWatch);

/// <summary>How many dramas' derived edges are written, of how many.</summary>
public readonly record struct DerivedProgress(int Done, int Of);

/// <summary>
/// The derived edges CO_WATCHED and WALKS_TO as a store keeps them: for people who browse it, and for candidate queries of
/// one hop.
/// </summary>
public interface IDerivedEdges
{
    /// <summary>The graph version that the edges were last written whole from (<see cref="Core.GraphVersion"/> as text); null before.</summary>
    Task<string?> VersionAsync(CancellationToken cancel = default);

    /// <summary>
    /// Replaces the edges by the snapshot's, stamped with its version, and takes those of other versions away. In batches of
    /// a few dramas: at any moment every drama's list is whole, of the old version or of the new. A run that was stopped
    /// goes on where it was when the same version is written again.
    /// </summary>
    /// <param name="snapshot">Has the neighbours: <see cref="Derived.Walk"/> and <see cref="Derived.CoWatch"/>.</param>
    /// <param name="minCoWatchers">With fewer viewers behind it a CO_WATCHED edge is not written: it would tell of single people.</param>
    /// <param name="progress">Told after every batch.</param>
    /// <param name="cancel">Stops between two batches.</param>
    Task WriteAsync(GraphSnapshot snapshot, int minCoWatchers, IProgress<DerivedProgress>? progress = null, CancellationToken cancel = default);

    /// <summary>The lists of some dramas; null when the edges were never written, or none of the dramas is there.</summary>
    /// <param name="snapshot">What indices are of; neighbours that it does not have are left out.</param>
    /// <param name="dramas">By index.</param>
    /// <param name="cancel">Stops waiting.</param>
    Task<NeighbourLists?> ReadAsync(GraphSnapshot snapshot, IReadOnlyList<int> dramas, CancellationToken cancel = default);
}
