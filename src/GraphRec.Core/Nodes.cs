namespace GraphRec.Core;

/// <summary>The kinds of node in the graph. The order is part of on-disk formats: append only.</summary>
public enum NodeKind : byte
{
    User,
    Drama,
    Person,
    Genre,
    Tag,
    Network,
}

/// <summary>
/// The types of edge in the graph. Catalogue edges state facts, behaviour edges state what a viewer did, and derived
/// edges are written by jobs, never by people. The order is part of on-disk formats: append only.
/// </summary>
public enum EdgeType : byte
{
    ActedIn,
    Directed,
    Wrote,
    HasGenre,
    Tagged,
    AiredOn,
    Follows,
    Watched,
    Rated,
    Reviewed,
    Watchlisted,
    Clicked,
    Skipped,
    Muted,
    CoWatched,
    WalksTo,
}

/// <summary>A node by its public identity. Genres, tags and networks are identified by their name.</summary>
public readonly record struct NodeRef(NodeKind Kind, string Id)
{
    /// <summary>A drama by its id, the most frequent case.</summary>
    public static NodeRef Drama(string id) => new(NodeKind.Drama, id);

    public override string ToString() => $"{Kind}:{Id}";
}

/// <summary>What each edge type joins, and its name in Cypher, in files and in GraphQL.</summary>
public static class EdgeTypes
{
    private static readonly string[] Names =
    [
        "ACTED_IN", "DIRECTED", "WROTE", "HAS_GENRE", "TAGGED", "AIRED_ON", "FOLLOWS", "WATCHED", "RATED", "REVIEWED",
        "WATCHLISTED", "CLICKED", "SKIPPED", "MUTED", "CO_WATCHED", "WALKS_TO",
    ];

    /// <summary>The relationship type's name as Cypher spells it, e.g. <c>ACTED_IN</c>.</summary>
    public static string Name(this EdgeType type) => Names[(int)type];

    /// <summary>The type of that name.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static EdgeType Parse(string name) =>
        Array.IndexOf(Names, name) is >= 0 and var type ? (EdgeType)type : throw new ArgumentException($"There is no edge type '{name}'.", nameof(name));

    /// <summary>The kind of node the edge starts at.</summary>
    public static NodeKind From(this EdgeType type) => type switch
    {
        EdgeType.ActedIn or EdgeType.Directed or EdgeType.Wrote => NodeKind.Person,
        >= EdgeType.Watched and <= EdgeType.Muted => NodeKind.User,
        _ => NodeKind.Drama,
    };

    /// <summary>The kind of node the edge ends at; <see cref="EdgeType.Muted"/> may also end at a person, genre or tag.</summary>
    public static NodeKind To(this EdgeType type) => type switch
    {
        EdgeType.HasGenre => NodeKind.Genre,
        EdgeType.Tagged => NodeKind.Tag,
        EdgeType.AiredOn => NodeKind.Network,
        _ => NodeKind.Drama,
    };

    /// <summary>Whether the edge states what a viewer did.</summary>
    public static bool IsBehaviour(this EdgeType type) => type is >= EdgeType.Watched and <= EdgeType.Muted;
}
