using System.Globalization;
using System.Text.Json;
using GraphRec.Core;

namespace GraphRec.Storage.Neo4j;

/// <summary>
/// What a reader found wrong with the stored graph. Of one kind only the first hundred are told one by one: a mistake in
/// somebody's script makes them by the thousand.
/// </summary>
internal sealed class GraphIssues(GraphIssueSource source = GraphIssueSource.Catalogue)
{
    public const string NoKey = "node without key";
    public const string SameKey = "key of two nodes";
    public const string Stub = "stub";
    public const string WrongType = "property of a wrong type";
    public const string ParallelEdges = "parallel edges";
    public const string TwoEarlier = "two dramas followed";
    public const string Misplaced = "misplaced edge";
    public const string UnknownLabel = "unknown label";
    public const string UnknownType = "unknown relationship type";

    private const int Told = 100;

    private readonly List<GraphIssue> _issues = [];
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);

    /// <summary>How many were found, also of those that are not told one by one.</summary>
    public int Count { get; private set; }

    public void Add(string kind, string subject, string advice)
    {
        Count++;
        var count = _counts[kind] = _counts.GetValueOrDefault(kind) + 1;
        if (count <= Told) _issues.Add(new GraphIssue(kind, subject, advice) { Source = source });
    }

    public void AddNodeWithoutKey(string label, string key, JsonElement node)
    {
        var properties = node.GetRawText();
        Add(NoKey, $"{label} {(properties.Length > 80 ? properties[..80] + "…" : properties)}", $"give it an {key}, a text, or remove it; until then it is nothing to any reader");
    }

    public void AddParallel(string from, string type, string to) =>
        Add(ParallelEdges, new IssueSubject(from, type, to).ToString(), "remove all but one; the first by order counts");

    /// <summary>The issues, and one more of each kind of which not all are told.</summary>
    public List<GraphIssue> ToList() =>
    [
        .. _issues,
        .. _counts.Where(c => c.Value > Told).OrderBy(c => c.Key, StringComparer.Ordinal)
            .Select(c => new GraphIssue(c.Key, $"{c.Value - Told} more", "these are like those before") { Source = source }),
    ];
}

/// <summary>What an issue is about: a node, or an edge.</summary>
internal readonly record struct IssueSubject(string From, string? Edge = null, string? To = null)
{
    public override string ToString() => Edge is null ? From : $"({From})-[{Edge}]->({To})";
}

/// <summary>
/// The properties of a node or edge that people may have written, in whatever type. What can be read for what it should
/// be is read; what cannot counts as absent; both are issues.
/// </summary>
internal readonly struct GraphProperties(JsonElement entity, IssueSubject subject, GraphIssues issues)
{
    /// <summary>A key: a text that is not empty; null for what is none. Other types are no keys, because look-ups by key do not find them.</summary>
    public static string? Key(JsonElement value) => value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;

    public string? Text(string name)
    {
        var value = entity.Property(name);
        if (value.ValueKind is JsonValueKind.String) return value.GetString();
        if (value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null) return null;
        return Told(name, "a text", value.TextOrNull());
    }

    public int? Int(string name)
    {
        var value = entity.Property(name);
        if (value.ValueKind is JsonValueKind.Number && value.TryGetInt32(out var number)) return number;
        if (value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null) return null;
        return Told(name, "a whole number", value.WholeOrNull() is { } whole and >= int.MinValue and <= int.MaxValue ? (int?)whole : null);
    }

    /// <summary>A number within bounds; what is outside counts as the bound.</summary>
    public double? Number(string name, double from, double to)
    {
        var value = entity.Property(name);
        if (value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null) return null;
        var number = value.NumberOrNull();
        if (value.ValueKind is JsonValueKind.Number && number >= from && number <= to) return number;
        var read = number is { } some ? Math.Clamp(some, from, to) : (double?)null;
        return Told(name, string.Create(CultureInfo.InvariantCulture, $"a number from {from} to {to}"), read);
    }

    public DateOnly? Day(string name)
    {
        var value = entity.Property(name);
        if (value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null) return null;
        if (value.ValueKind is JsonValueKind.String && DateOnly.TryParseExact(value.GetString(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)) return day;
        return Told<DateOnly?>(name, "a day such as 2016-12-02, as text", null);
    }

    /// <summary>Milliseconds since 1970 UTC.</summary>
    public DateTimeOffset? Time(string name)
    {
        var value = entity.Property(name);
        if (value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null) return null;
        // Year 1 to 9999.
        var inside = value.WholeOrNull() is { } whole and >= -62_135_596_800_000 and <= 253_402_300_799_999;
        var time = inside ? DateTimeOffset.FromUnixTimeMilliseconds(value.WholeOrNull()!.Value) : (DateTimeOffset?)null;
        return inside && value.ValueKind is JsonValueKind.Number ? time : Told(name, "milliseconds since 1970 UTC", time);
    }

    /// <summary>A list of texts, in its order.</summary>
    public IReadOnlyList<string> Texts(string name)
    {
        var value = entity.Property(name);
        if (value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null) return [];
        if (value.ValueKind is not JsonValueKind.Array) return Told<IReadOnlyList<string>>(name, "a list of texts", value.TextOrNull() is { } only ? [only] : []);
        var texts = new List<string>(value.GetArrayLength());
        foreach (var item in value.EnumerateArray())
            if (item.TextOrNull() is { } text) texts.Add(text);
        return value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String) ? texts : Told<IReadOnlyList<string>>(name, "a list of texts", texts);
    }

    private T Told<T>(string name, string expected, T read)
    {
        var advice = $"make {name} {expected}; it is {Shortened(entity.Property(name).GetRawText())}, and counts as {(read is null ? "absent" : "what could be read of it")}";
        issues.Add(GraphIssues.WrongType, subject.ToString(), advice);
        return read;
    }

    private static string Shortened(string text) => text.Length > 60 ? text[..60] + "…" : text;
}
