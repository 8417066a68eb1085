namespace GraphRec.Core;

/// <summary>A drama and a score, as a named question answers it.</summary>
public readonly record struct ScoredDrama(string DramaId, double Score);

/// <summary>A co-watched drama: how many viewers engaged with both, and the shrunk cosine of the two audiences.</summary>
public readonly record struct CoWatchedDrama(string DramaId, int Count, double Score);

/// <summary>A drama that shares people with a seed: how many, and who.</summary>
public readonly record struct SharedPeopleDrama(string DramaId, int Shared, IReadOnlyList<string> PersonIds);

/// <summary>
/// The named questions to the graph, whose meaning every engine honours exactly. Ties are broken by drama id, ordinal.
/// "Engaged" is one definition: a viewer engaged with a drama when they rated it 6 or more or, unrated, watched 40 % of
/// it or more. The seeds themselves are never in the answer.
/// </summary>
public interface IGraphQueries
{
    /// <summary>
    /// Dramas co-watched with the seed by at least <paramref name="minCount"/> engaged viewers, best first: score =
    /// n(a,b) / sqrt(n(a)·n(b)) · n(a,b) / (n(a,b) + shrinkage 10).
    /// </summary>
    Task<IReadOnlyList<CoWatchedDrama>> CoWatchedAsync(string dramaId, int minCount, int first, CancellationToken cancel = default);

    /// <summary>
    /// Dramas reached from the seeds by the three-hop walk seed ← viewer → drama over engaged edges, every seed with
    /// weight 1/|seeds|: P3(a→b) = Σ_v 1/n(a) · 1/n(v), best first.
    /// </summary>
    Task<IReadOnlyList<ScoredDrama>> WalkedToAsync(IReadOnlyList<string> seeds, int first, CancellationToken cancel = default);

    /// <summary>Dramas that share actors, directors or writers with the seed: most people first.</summary>
    Task<IReadOnlyList<SharedPeopleDrama>> SharingPeopleAsync(string dramaId, int first, CancellationToken cancel = default);

    /// <summary>
    /// Dramas by decayed watches from <paramref name="since"/> to <paramref name="now"/>, both to the minute and included:
    /// Σ 2^(-(now − lastAt)/half-life), over WATCHED edges.
    /// </summary>
    Task<IReadOnlyList<ScoredDrama>> TrendingAsync(DateTimeOffset since, DateTimeOffset now, TimeSpan halfLife, int first, CancellationToken cancel = default);

    /// <summary>The viewer's behaviour edges, newest first, then by type and target id; empty for an unknown viewer.</summary>
    Task<IReadOnlyList<BehaviourEdge>> HistoryAsync(string userId, CancellationToken cancel = default);

    /// <summary>
    /// Simple paths from the viewer to the drama of at most <paramref name="maxHops"/> (2 to 4) hops over
    /// WATCHED/RATED/WATCHLISTED and catalogue edges (no path passes another viewer), shortest first, then by the ids
    /// along the path; at most <paramref name="first"/>. Share is 0, Detail is null; labels are titles, names, or else ids.
    /// </summary>
    Task<IReadOnlyList<GraphPath>> PathsAsync(string userId, string dramaId, int maxHops, int first, CancellationToken cancel = default);
}
