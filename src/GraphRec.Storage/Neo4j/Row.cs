using System.IO.Hashing;
using System.Text.Json;
using GraphRec.Core;

namespace GraphRec.Storage.Neo4j;

/// <summary>
/// One row of an answer. Valid only while it is handed over: what is to be kept is copied out. It is parsed when a value is
/// asked for. People edit the graph, so values may be of any type; readers of what people edit use <see cref="Text"/>,
/// <see cref="Whole"/> and so on, which answer null for what they cannot read.
/// </summary>
/// <param name="property">Which property of the text of a row holds its values; null when the text is the list of them.</param>
internal sealed class Row(string? property) : IDisposable
{
    private ReadOnlyMemory<byte> _text;
    private JsonDocument? _parsed;
    private JsonElement _values;

    /// <summary>A digest of the row as it was sent: rows that say different things do not have the same.</summary>
    public UInt128 Digest => XxHash128.HashToUInt128(_text.Span);

    private JsonElement Values
    {
        get
        {
            if (_parsed is not null) return _values;
            _parsed = JsonDocument.Parse(_text);
            return _values = property is null ? _parsed.RootElement : _parsed.RootElement.Property(property);
        }
    }

    /// <summary>Stands for another row from now on.</summary>
    public void MoveTo(ReadOnlyMemory<byte> text)
    {
        Dispose();
        _text = text;
    }

    public void Dispose()
    {
        _parsed?.Dispose();
        _parsed = null;
    }

    /// <summary>A value; of a node or a relationship, the map of its properties.</summary>
    public JsonElement this[int column] => Values[column].Properties();

    public string String(int column) => Values[column].GetString()!;

    public long Int64(int column) => Values[column].GetInt64();

    public int Int32(int column) => Values[column].GetInt32();

    public double Double(int column) => Values[column].GetDouble();

    /// <summary>Milliseconds since 1970 UTC.</summary>
    public DateTimeOffset Time(int column) => DateTimeOffset.FromUnixTimeMilliseconds(Values[column].GetInt64());

    public string? Text(int column) => Values[column].TextOrNull();

    public long? Whole(int column) => Values[column].WholeOrNull();

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
