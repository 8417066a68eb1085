using System.Text.Json;
using GraphRec.Core;

namespace GraphRec.Storage.Neo4j;

/// <summary>
/// One row of an answer. Valid only while it is handed over: what is to be kept is copied out. People edit the graph, so
/// values may be of any type; readers of what people edit use <see cref="Text"/>, <see cref="Whole"/> and so on, which
/// answer null for what they cannot read.
/// </summary>
internal readonly struct Row(JsonElement values)
{
    /// <summary>A value; of a node or a relationship, the map of its properties.</summary>
    public JsonElement this[int column] => values[column].Properties();

    public string String(int column) => values[column].GetString()!;

    public long Int64(int column) => values[column].GetInt64();

    public int Int32(int column) => values[column].GetInt32();

    public double Double(int column) => values[column].GetDouble();

    public bool Boolean(int column) => values[column].GetBoolean();

    /// <summary>Milliseconds since 1970 UTC.</summary>
    public DateTimeOffset Time(int column) => DateTimeOffset.FromUnixTimeMilliseconds(values[column].GetInt64());

    public string? Text(int column) => values[column].TextOrNull();

    public long? Whole(int column) => values[column].WholeOrNull();

    public double? Number(int column) => values[column].NumberOrNull();
}

/// <summary>Reads values that people may have written, in whatever type.</summary>
internal static class JsonValues
{
    /// <summary>A text; a number or truth value as its text; null for what is none.</summary>
    public static string? TextOrNull(this JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
        _ => null,
    };

    /// <summary>A whole number, also from its text or from 16.0; null for what is none.</summary>
    public static long? WholeOrNull(this JsonElement value) => value.NumberOrNull() is { } number && Math.Floor(number) == number && Math.Abs(number) < 1L << 53 ? (long)number : null;

    /// <summary>A number, also from its text; null for what is none.</summary>
    public static double? NumberOrNull(this JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => value.GetDouble(),
        JsonValueKind.String when double.TryParse(value.GetString(), System.Globalization.CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) => number,
        _ => null,
    };

    /// <summary>A property of a node or relationship; an undefined element where it is absent.</summary>
    public static JsonElement Property(this JsonElement entity, string name) =>
        entity.ValueKind == JsonValueKind.Object && entity.Properties().TryGetProperty(name, out var value) ? value : default;

    /// <summary>
    /// The properties of a node or relationship. The transactional endpoint returns nothing else; the Query API wraps them:
    /// <c>{"elementId":…,"labels":[…],"properties":{…}}</c>. Any other value is returned as it is; so is a map of Cypher's
    /// that happens to be called so, but for one that has both names and an object of properties.
    /// </summary>
    public static JsonElement Properties(this JsonElement value) =>
        value.ValueKind == JsonValueKind.Object && MayBeWrapped(value)
        && value.TryGetProperty("elementId", out _) && value.TryGetProperty("properties", out var properties) && properties.ValueKind == JsonValueKind.Object
            ? properties
            : value;

    // Looked at for every property that is read: the first name tells most maps apart without a search through the others.
    private static bool MayBeWrapped(JsonElement value)
    {
        foreach (var first in value.EnumerateObject())
        {
            return first.NameEquals("elementId") || first.NameEquals("labels") || first.NameEquals("properties")
                || first.NameEquals("type") || first.NameEquals("startNodeElementId") || first.NameEquals("endNodeElementId");
        }
        return false;
    }
}
