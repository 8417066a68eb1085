using GraphRec.Core;

namespace GraphRec.Recommend.Curation;

/// <summary>Where a drama stands on a page: the row's title, its place in it counted from 1, and the reason that is read there.</summary>
public sealed record PagePlace(string Row, int Position, string Reason);

/// <summary>A drama that a page shows otherwise. <paramref name="Before"/> is null where it enters, <paramref name="After"/> where it leaves.</summary>
public sealed record PlaceChange(Drama Drama, PagePlace? Before, PagePlace? After);

/// <summary>How one viewer's home page changes.</summary>
public sealed record ViewerChange(string UserId)
{
    /// <summary>Titles of rows that come onto the page, top down.</summary>
    public IReadOnlyList<string> RowsAdded { get; init; } = [];

    /// <summary>Titles of rows that leave the page.</summary>
    public IReadOnlyList<string> RowsRemoved { get; init; } = [];

    /// <summary>Titles of rows that stay and stand in another order among those that stay.</summary>
    public IReadOnlyList<string> RowsMoved { get; init; } = [];

    /// <summary>Dramas that come onto the page, top down.</summary>
    public IReadOnlyList<PlaceChange> Entering { get; init; } = [];

    /// <summary>Dramas that leave the page.</summary>
    public IReadOnlyList<PlaceChange> Leaving { get; init; } = [];

    /// <summary>Dramas that stay, in another row or at another place of their row.</summary>
    public IReadOnlyList<PlaceChange> Moved { get; init; } = [];

    /// <summary>Dramas that stay where they are, with another reason.</summary>
    public IReadOnlyList<PlaceChange> Reasoned { get; init; } = [];

    /// <summary>How many changes these are.</summary>
    public int Count => RowsAdded.Count + RowsRemoved.Count + RowsMoved.Count + Entering.Count + Leaving.Count + Moved.Count + Reasoned.Count;
}

/// <summary>What an edit of one edge would do to home pages.</summary>
/// <param name="Edge">The edge.</param>
/// <param name="GraphVersion">The graph that the edit was tried on.</param>
/// <param name="ViewersTotal">Viewers who ever did anything.</param>
/// <param name="ViewersConnected">Of all viewers, those who did anything with what the edge's ends touch.</param>
/// <param name="ViewersSampled">Viewers whose pages were made with and without the edit.</param>
/// <param name="Viewers">Of the sampled, those whose pages change, most changes first, then by id.</param>
/// <param name="NewIssues">What would be wrong with the graph that is not now.</param>
public sealed record CurationPreview(
    CatalogEdge Edge, string GraphVersion, int ViewersTotal, int ViewersConnected, int ViewersSampled,
    IReadOnlyList<ViewerChange> Viewers, IReadOnlyList<GraphIssue> NewIssues);
