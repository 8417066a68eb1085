using System.Text.Json;
using GraphRec.Core;

namespace GraphRec.Storage.Neo4j;

/// <summary>How catalogue records and the graph's nodes and edges correspond: shared by the catalogue, the export and the watch.</summary>
internal static class CatalogFacts
{
    /// <summary>A drama's own properties, without lists that are edges; null for a stub.</summary>
    public static Drama? Drama(string id, JsonElement node, GraphIssues issues)
    {
        var read = new GraphProperties(node, new IssueSubject(id), issues);
        if (read.Text("title") is not { } title) return null;
        return new Drama
        {
            Id = id,
            Title = title,
            NativeTitle = read.Text("nativeTitle"),
            Aliases = read.Texts("aliases"),
            Country = read.Text("country"),
            Year = read.Int("year"),
            AiredFrom = read.Day("airedFrom"),
            AiredTo = read.Day("airedTo"),
            Episodes = read.Int("episodes"),
            DurationMinutes = read.Int("durationMinutes"),
            ContentRating = read.Text("contentRating"),
            Type = read.Text("type"),
            Regions = read.Texts("regions"),
            Priority = read.Number("priority", 0, 1) ?? 0,
        };
    }

    /// <summary>A person; null for a stub.</summary>
    public static Person? Person(string id, JsonElement node, GraphIssues issues)
    {
        var read = new GraphProperties(node, new IssueSubject(id), issues);
        return read.Text("name") is { } name ? new Person(id, name, read.Text("nativeName")) : null;
    }

    public static Credit Credit(string drama, string person, CreditRole role, JsonElement edge, GraphIssues issues)
    {
        var read = new GraphProperties(edge, new IssueSubject(person, EdgeOf(role), drama), issues);
        return new Credit(drama, person, role, read.Int("order") ?? Core.Credit.NoOrder, read.Text("character"), read.Text("billing"));
    }

    /// <summary>The place in a drama's list; <see cref="Core.Credit.NoOrder"/> where the edge has none.</summary>
    public static int Place(string drama, EdgeType type, string name, JsonElement edge, GraphIssues issues) =>
        new GraphProperties(edge, new IssueSubject(drama, type.Name(), name), issues).Int("order") ?? Core.Credit.NoOrder;

    /// <summary>The names of a list, by place and then by name; each once.</summary>
    public static string[] InOrder(List<(int Place, string Name)> list)
    {
        list.Sort(static (a, b) => a.Place != b.Place ? a.Place.CompareTo(b.Place) : string.CompareOrdinal(a.Name, b.Name));
        return [.. list.Select(item => item.Name).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>Which of two parallel credits counts: the first by order, character and billing.</summary>
    public static Credit First(Credit a, Credit b)
    {
        var by = a.Order.CompareTo(b.Order);
        if (by == 0) by = string.CompareOrdinal(a.Character, b.Character);
        if (by == 0) by = string.CompareOrdinal(a.Billing, b.Billing);
        return by <= 0 ? a : b;
    }

    public static CreditRole Role(string edgeType) => edgeType switch
    {
        "ACTED_IN" => CreditRole.Actor,
        "DIRECTED" => CreditRole.Director,
        _ => CreditRole.Writer,
    };

    public static string EdgeOf(CreditRole role) => role switch
    {
        CreditRole.Actor => "ACTED_IN",
        CreditRole.Director => "DIRECTED",
        _ => "WROTE",
    };

    /// <summary>By drama, role, order, person; ids ordinal.</summary>
    public static int Compare(Credit a, Credit b)
    {
        var by = string.CompareOrdinal(a.DramaId, b.DramaId);
        if (by == 0) by = a.Role.CompareTo(b.Role);
        if (by == 0) by = a.Order.CompareTo(b.Order);
        return by != 0 ? by : string.CompareOrdinal(a.PersonId, b.PersonId);
    }

    /// <summary>Whether two records say the same. (A record's own equality compares lists by reference.)</summary>
    public static bool Same(Drama a, Drama b) =>
        ReferenceEquals(a, b)
        || (a with { Aliases = [], Regions = [], Genres = [], Tags = [], Networks = [] }) == (b with { Aliases = [], Regions = [], Genres = [], Tags = [], Networks = [] })
        && Same(a.Aliases, b.Aliases) && Same(a.Regions, b.Regions)
        && Same(a.Genres, b.Genres) && Same(a.Tags, b.Tags) && Same(a.Networks, b.Networks);

    /// <summary>Whether two catalogues in their order say the same.</summary>
    public static bool Same(CatalogBatch a, CatalogBatch b) =>
        ReferenceEquals(a, b)
        || a.Dramas.Count == b.Dramas.Count && a.Dramas.Zip(b.Dramas).All(pair => Same(pair.First, pair.Second))
        && a.People.SequenceEqual(b.People) && a.Credits.SequenceEqual(b.Credits);

    public static bool Same(IReadOnlyList<string> a, IReadOnlyList<string> b) => a.SequenceEqual(b, StringComparer.Ordinal);
}
