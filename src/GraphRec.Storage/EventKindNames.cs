using GraphRec.Core;

namespace GraphRec.Storage;

/// <summary>How event kinds are spelt in files and tables, e.g. <c>WATCHLIST_ADD</c>.</summary>
public static class EventKindNames
{
    private static readonly string[] Names =
        ["IMPRESSION", "CLICK", "WATCH", "RATE", "REVIEW", "WATCHLIST_ADD", "WATCHLIST_REMOVE", "SKIP", "MUTE", "UNMUTE"];

    private static readonly Dictionary<string, EventKind> ByName =
        Enum.GetValues<EventKind>().ToDictionary(Of, StringComparer.Ordinal);

    /// <summary>All names, in the order of <see cref="EventKind"/>.</summary>
    public static IReadOnlyList<string> All => Names;

    public static string Of(EventKind kind) => Names[(int)kind];

    /// <summary>The kind with exactly this name.</summary>
    public static bool TryParse(string? name, out EventKind kind)
    {
        kind = default;
        return name is not null && ByName.TryGetValue(name, out kind);
    }
}
