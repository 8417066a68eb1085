using GraphRec.Core;

namespace GraphRec.Recommend;

/// <summary>What a row is about.</summary>
public enum RowKind
{
    ContinueWatching,
    TopPicks,
    BecauseYouWatched,
    MoreFromDirector,
    MoreWithActor,
    Genre,
    Trending,
    PopularInRegion,
    NewReleases,
    HiddenGems,
    Watchlist,
}

/// <summary>What kind of fact a reason rests on.</summary>
public enum ReasonKind
{
    /// <summary>Viewers of something the viewer watched also watched it (CO_WATCHED).</summary>
    BecauseYouWatched,

    /// <summary>Reached from several of the viewer's dramas over what other viewers watched (WALKS_TO).</summary>
    SimilarTaste,
    SharedActor,
    SharedDirector,
    SharedWriter,
    SharedGenre,
    SharedTag,

    /// <summary>The next season of something the viewer finished.</summary>
    NextSeason,

    /// <summary>The viewer started it and has not finished.</summary>
    ContinueWatching,
    OnWatchlist,
    Trending,
    PopularInRegion,
    Popular,
    NewRelease,

    /// <summary>Few have watched it, and it fits the viewer.</summary>
    HiddenGem,

    /// <summary>The catalogue's owner gives it priority: said openly.</summary>
    Featured,
}

/// <summary>Why something is shown. <paramref name="Paths"/> is empty only where the reason is not about the viewer (trending, new).</summary>
public sealed record Reason(ReasonKind Kind, string Text, IReadOnlyList<GraphPath> Paths);

/// <summary>A part of a score, by what it comes from.</summary>
public readonly record struct Contribution(string Source, double Value);

/// <summary>One recommended drama. The ledger sums to the score within 1e-6.</summary>
public sealed record Recommendation(
    Drama Drama, double Score, int MatchPercent, Reason Reason, IReadOnlyList<Contribution> Ledger, string AttributionId);

/// <summary>One row of a page.</summary>
public sealed record Row(string Id, RowKind Kind, string Title, Reason Reason, IReadOnlyList<Recommendation> Items);

/// <summary>A viewer's page. <paramref name="Degraded"/>: something was not available, and the answer is the best without it.</summary>
public sealed record HomePage(string UserId, IReadOnlyList<Row> Rows, string GraphVersion, string ModelVersion, bool Degraded);

/// <summary>
/// A slice of the ranked list; <paramref name="Offset"/> is the rank (from 0) of its first item. <paramref name="Degraded"/> is as
/// of a <see cref="HomePage"/>.
/// </summary>
public sealed record RecommendationPage(IReadOnlyList<Recommendation> Items, int Offset, bool HasNext, string GraphVersion, bool Degraded);

/// <summary>Why a drama is, or is not, recommended to a viewer. Rank counts from 1 over everything eligible.</summary>
public sealed record Explanation(
    Drama Drama, bool Recommended, int? Rank, double? Score, IReadOnlyList<Reason> Reasons,
    IReadOnlyList<Contribution> Ledger, IReadOnlyList<string> WhyNot);

/// <summary>Circumstances of a request; null parts are unknown. <paramref name="At"/> asks as of that time.</summary>
public sealed record RequestContext(string? Device = null, string? Region = null, DateTimeOffset? At = null)
{
    public static RequestContext None { get; } = new();
}

/// <summary>Which dramas may be answered; every given part must hold, and one of the values of a list is enough.</summary>
public sealed record DramaFilter
{
    public IReadOnlyList<string> Genres { get; init; } = [];
    public IReadOnlyList<string> Tags { get; init; } = [];
    public IReadOnlyList<string> Countries { get; init; } = [];
    public IReadOnlyList<string> People { get; init; } = [];
    public IReadOnlyList<string> Networks { get; init; } = [];
    public int? YearFrom { get; init; }
    public int? YearTo { get; init; }
    public int? MaxEpisodes { get; init; }
}

/// <summary>One event that was not recorded. <paramref name="Index"/> counts from 0 in the batch as sent.</summary>
public sealed record EventError(int Index, string EventId, string Code, string Message);

/// <summary>What became of a batch of events.</summary>
public sealed record RecordEventsResult(int Accepted, int Duplicates, IReadOnlyList<EventError> Errors);
