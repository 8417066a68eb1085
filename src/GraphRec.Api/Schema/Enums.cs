using System.Text;
using GraphQL.Types;
using GraphRec.Core;
using GraphRec.Recommend;

namespace GraphRec.Api.Schema;

/// <summary>The GraphQL names of an enum's values: <c>BecauseYouWatched</c> is BECAUSE_YOU_WATCHED.</summary>
internal static class EnumNames<T> where T : struct, Enum
{
    private static readonly string[] Names = [.. Enum.GetValues<T>().Select(v => ScreamingSnake(v.ToString()))];
    private static readonly byte[][] Texts = [.. Names.Select(n => Encoding.ASCII.GetBytes($"\"{n}\""))];

    public static string Of(T value) => Names[Convert.ToInt32(value)];

    /// <summary>The name as JSON, quotes included. The values count from 0 without gaps.</summary>
    public static ReadOnlySpan<byte> Json(T value) => Texts[Index(value)];

    private static int Index(T value) => System.Runtime.CompilerServices.Unsafe.SizeOf<T>() == 1
        ? System.Runtime.CompilerServices.Unsafe.As<T, byte>(ref value)
        : System.Runtime.CompilerServices.Unsafe.As<T, int>(ref value);

    private static string ScreamingSnake(string name)
    {
        var text = new StringBuilder();
        foreach (var c in name)
        {
            if (char.IsUpper(c) && text.Length > 0) text.Append('_');
            text.Append(char.ToUpperInvariant(c));
        }
        return text.ToString();
    }
}

/// <summary>A GraphQL enum over one of ours; every value needs a description.</summary>
internal abstract class NamedEnum<T> : EnumerationGraphType where T : struct, Enum
{
    protected NamedEnum(string description, Func<T, string> describe)
    {
        Name = typeof(T).Name;
        Description = description;
        foreach (var value in Enum.GetValues<T>()) Add(EnumNames<T>.Of(value), value, describe(value));
    }
}

internal sealed class NodeKindType() : NamedEnum<NodeKind>("What a node of the graph stands for.", Describe)
{
    private static string Describe(NodeKind kind) => kind switch
    {
        NodeKind.User => "A viewer.",
        NodeKind.Drama => "A drama.",
        NodeKind.Person => "An actor, director or writer.",
        NodeKind.Genre => "A genre; its id is its name.",
        NodeKind.Tag => "A tag; its id is its name.",
        NodeKind.Network => "A network or platform that aired dramas; its id is its name.",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };
}

internal sealed class EdgeTypeType() : NamedEnum<EdgeType>("What joins two nodes. Catalogue edges state facts, behaviour edges what a viewer did, and derived edges what was computed from both.", Describe)
{
    private static string Describe(EdgeType type) => type switch
    {
        EdgeType.ActedIn => "PERSON → DRAMA: acted in it.",
        EdgeType.Directed => "PERSON → DRAMA: directed it.",
        EdgeType.Wrote => "PERSON → DRAMA: wrote it.",
        EdgeType.HasGenre => "DRAMA → GENRE.",
        EdgeType.Tagged => "DRAMA → TAG.",
        EdgeType.AiredOn => "DRAMA → NETWORK: aired there.",
        EdgeType.Follows => "DRAMA → DRAMA: is the next season of it.",
        EdgeType.Watched => "USER → DRAMA: watched, in part or whole.",
        EdgeType.Rated => "USER → DRAMA: rated it, 1 to 10.",
        EdgeType.Reviewed => "USER → DRAMA: wrote a review.",
        EdgeType.Watchlisted => "USER → DRAMA: put it on the watchlist.",
        EdgeType.Clicked => "USER → DRAMA: opened its page.",
        EdgeType.Skipped => "USER → DRAMA: passed over it on purpose.",
        EdgeType.Muted => "USER → DRAMA, PERSON, GENRE or TAG: never show it again.",
        EdgeType.CoWatched => "DRAMA → DRAMA, derived: the same viewers watched both; only where enough did that none can be recognised.",
        EdgeType.WalksTo => "DRAMA → DRAMA, derived: walks over what viewers watched lead from one to the other.",
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };
}

internal sealed class RowKindType() : NamedEnum<RowKind>("What a row of the page is about.", Describe)
{
    private static string Describe(RowKind kind) => kind switch
    {
        RowKind.ContinueWatching => "Started and not finished.",
        RowKind.TopPicks => "The best of everything for this viewer.",
        RowKind.BecauseYouWatched => "Leads on from one drama the viewer watched; a page may have several.",
        RowKind.MoreFromDirector => "By a director of dramas the viewer liked.",
        RowKind.MoreWithActor => "With an actor of dramas the viewer liked.",
        RowKind.Genre => "Of a genre the viewer likes.",
        RowKind.Trending => "Watched most in the last days.",
        RowKind.PopularInRegion => "Watched most in the viewer's region.",
        RowKind.NewReleases => "Aired lately.",
        RowKind.HiddenGems => "Known to few, and fits the viewer.",
        RowKind.Watchlist => "On the viewer's watchlist.",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };
}

internal sealed class ReasonKindType() : NamedEnum<ReasonKind>("What kind of fact a reason rests on.", Describe)
{
    private static string Describe(ReasonKind kind) => kind switch
    {
        ReasonKind.BecauseYouWatched => "Viewers of something the viewer watched also watched it.",
        ReasonKind.SimilarTaste => "Several dramas the viewer watched lead to it, over what other viewers watched.",
        ReasonKind.SharedActor => "It shares an actor with dramas the viewer liked.",
        ReasonKind.SharedDirector => "It shares a director with dramas the viewer liked.",
        ReasonKind.SharedWriter => "It shares a writer with dramas the viewer liked.",
        ReasonKind.SharedGenre => "It shares a genre with dramas the viewer liked.",
        ReasonKind.SharedTag => "It shares a tag with dramas the viewer liked.",
        ReasonKind.NextSeason => "It is the next season of something the viewer finished.",
        ReasonKind.ContinueWatching => "The viewer started it and has not finished.",
        ReasonKind.OnWatchlist => "The viewer put it on the watchlist.",
        ReasonKind.Trending => "Many watched it in the last days.",
        ReasonKind.PopularInRegion => "Many in the viewer's region watched it.",
        ReasonKind.Popular => "Many watched it.",
        ReasonKind.NewRelease => "It aired lately.",
        ReasonKind.HiddenGem => "Few have watched it, and it fits the viewer.",
        ReasonKind.Featured => "The catalogue's owner gives it priority.",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };
}

internal sealed class CreditRoleType() : NamedEnum<CreditRole>("What a person did for a drama.", Describe)
{
    private static string Describe(CreditRole role) => role switch
    {
        CreditRole.Actor => "Acted in it.",
        CreditRole.Director => "Directed it.",
        CreditRole.Writer => "Wrote it.",
        _ => throw new ArgumentOutOfRangeException(nameof(role)),
    };
}

internal sealed class EventKindType() : NamedEnum<EventKind>("What a viewer did. What value means depends on it.", Describe)
{
    private static string Describe(EventKind kind) => kind switch
    {
        EventKind.Impression => "The drama was shown. No value.",
        EventKind.Click => "The drama's page was opened. No value.",
        EventKind.Watch => "Watched; value is the share of the whole drama seen so far, 0 to 1, and 1 when left out.",
        EventKind.Rate => "Rated; value is 1 (worst) to 10 (best), and required.",
        EventKind.Review => "Reviewed; value is 1 to 10, and may be left out.",
        EventKind.WatchlistAdd => "Put on the watchlist. No value.",
        EventKind.WatchlistRemove => "Taken off the watchlist. No value.",
        EventKind.Skip => "Passed over on purpose. No value.",
        EventKind.Mute => "Never show this drama again. No value.",
        EventKind.Unmute => "Takes a mute back. No value.",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };
}
