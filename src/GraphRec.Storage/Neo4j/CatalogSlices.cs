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

/// <summary>What one slice says. Filled by one caller, then only read.</summary>
internal interface ISliceFacts
{
    GraphIssues Issues { get; }

    void Add(Row row);

    /// <summary>Whether an earlier reading of the same slice said the same, in whatever order.</summary>
    bool Same(ISliceFacts earlier);
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

    public static ISliceFacts Empty(CatalogSlice slice, StringPool strings) => slice switch
    {
        CatalogSlice.Dramas => new DramaFacts(strings),
        CatalogSlice.People => new PersonFacts(strings),
        CatalogSlice.HasGenre => new ListFacts(EdgeType.HasGenre, strings),
        CatalogSlice.Tagged => new ListFacts(EdgeType.Tagged, strings),
        CatalogSlice.AiredOn => new ListFacts(EdgeType.AiredOn, strings),
        CatalogSlice.Follows => new FollowsFacts(strings),
        CatalogSlice.ActedIn => new CreditFacts(CreditRole.Actor, strings),
        CatalogSlice.Directed => new CreditFacts(CreditRole.Director, strings),
        _ => new CreditFacts(CreditRole.Writer, strings),
    };

    /// <summary>Whether two sets of facts are the same.</summary>
    public static bool Same<TKey, TValue>(Dictionary<TKey, TValue> a, Dictionary<TKey, TValue> b, Func<TValue, TValue, bool> same) where TKey : notnull =>
        a.Count == b.Count && a.All(fact => b.TryGetValue(fact.Key, out var other) && same(fact.Value, other));
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
