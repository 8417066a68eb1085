using System.Text.Json;
using GraphRec.Core;

namespace GraphRec.Storage.Neo4j;

/// <summary>
/// The parts in which the catalogue is read. Ids in them are public ids, never Neo4j's own: those may be given to another
/// node between two reads, and would make a fact that nobody stated.
/// </summary>
internal enum CatalogSlice
{
    Dramas,
    People,
    HasGenre,
    Tagged,
    AiredOn,
    Follows,
    ActedIn,
    Directed,
    Wrote,
}

/// <summary>The slices: which question reads each, and what receives its rows.</summary>
internal static class CatalogSlices
{
    public static readonly CatalogSlice[] All = Enum.GetValues<CatalogSlice>();

    private static readonly string[] Files = ["dramas", "people", "has-genre", "tagged", "aired-on", "follows", "acted-in", "directed", "wrote"];

    public static Statement Statement(CatalogSlice slice) => Cypher.File("export/" + Files[(int)slice]).With();

    /// <summary>The type of the edges that a slice holds; null for nodes.</summary>
    public static EdgeType? Edge(CatalogSlice slice) => slice switch
    {
        CatalogSlice.HasGenre => EdgeType.HasGenre,
        CatalogSlice.Tagged => EdgeType.Tagged,
        CatalogSlice.AiredOn => EdgeType.AiredOn,
        CatalogSlice.Follows => EdgeType.Follows,
        CatalogSlice.ActedIn => EdgeType.ActedIn,
        CatalogSlice.Directed => EdgeType.Directed,
        CatalogSlice.Wrote => EdgeType.Wrote,
        _ => null,
    };

    /// <summary>What receives the rows of a slice that is read once.</summary>
    public static ISliceFacts Once(CatalogSlice slice, StringPool strings) => Empty(slice, strings, again: false, null);

    /// <summary>What receives the rows of a slice that is read again and again.</summary>
    /// <param name="slice">The slice.</param>
    /// <param name="earlier">The earlier reading; null when there was none.</param>
    public static ISliceFacts Again(CatalogSlice slice, ISliceFacts? earlier) => Empty(slice, new StringPool(), again: true, earlier);

    private static ISliceFacts Empty(CatalogSlice slice, StringPool strings, bool again, ISliceFacts? earlier) => slice switch
    {
        CatalogSlice.Dramas => new DramaFacts(strings, again, (DramaFacts?)earlier),
        CatalogSlice.People => new PersonFacts(strings, again, (PersonFacts?)earlier),
        CatalogSlice.HasGenre => new ListFacts(EdgeType.HasGenre, strings, again, (ListFacts?)earlier),
        CatalogSlice.Tagged => new ListFacts(EdgeType.Tagged, strings, again, (ListFacts?)earlier),
        CatalogSlice.AiredOn => new ListFacts(EdgeType.AiredOn, strings, again, (ListFacts?)earlier),
        CatalogSlice.Follows => new FollowsFacts(strings, again, (FollowsFacts?)earlier),
        CatalogSlice.ActedIn => new CreditFacts(CreditRole.Actor, strings, again, (CreditFacts?)earlier),
        CatalogSlice.Directed => new CreditFacts(CreditRole.Director, strings, again, (CreditFacts?)earlier),
        _ => new CreditFacts(CreditRole.Writer, strings, again, (CreditFacts?)earlier),
    };
}

/// <summary>Every id, name and label as one text, however often it occurs.</summary>
internal sealed class StringPool
{
    private readonly Dictionary<string, string> _known = new(StringComparer.Ordinal);

    public string Of(string text)
    {
        if (_known.TryGetValue(text, out var known)) return known;
        _known.Add(text, text);
        return text;
    }

    /// <summary>A key of a node; null for what is none.</summary>
    public string? Key(JsonElement value) => GraphProperties.Key(value) is { } key ? Of(key) : null;
}
