using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using GraphRec.Core;

namespace GraphRec.Storage.Files;

/// <summary>A line of <c>dramas.jsonl</c>; fields that are not here are passed over.</summary>
internal sealed record DramaLine(
    string? Id, string? Title, string? NativeTitle, List<string>? Aliases, string? Country, int? Year, string? AiredFrom,
    string? AiredTo, int? Episodes, int? DurationMinutes, string? ContentRating, string? Type, List<string>? Networks,
    List<string>? Genres, List<string>? Tags, List<string>? Regions, double? Priority);

/// <summary>A line of <c>people.jsonl</c>.</summary>
internal sealed record PersonLine(string? Id, string? Name, string? NativeName);

/// <summary>A line of <c>credits.jsonl</c>.</summary>
internal sealed record CreditLine(string? Drama, string? Person, string? Role, int? Order, string? Character, string? Billing);

/// <summary>A line of <c>sequels.jsonl</c>.</summary>
internal sealed record SequelLine(string? Drama, string? Follows);

/// <summary>A line of <c>events.jsonl</c>.</summary>
internal sealed record EventLine(
    string? Id, string? User, string? Drama, string? TargetKind, string? Target, string? Kind, double? Value, JsonElement? At,
    string? AttributionId, string? Device, string? Region);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(DramaLine))]
[JsonSerializable(typeof(PersonLine))]
[JsonSerializable(typeof(CreditLine))]
[JsonSerializable(typeof(SequelLine))]
[JsonSerializable(typeof(EventLine))]
internal sealed partial class LineJson : JsonSerializerContext;

/// <summary>Turns lines of the catalogue into records, or throws <see cref="FormatException"/> with what is wrong.</summary>
internal static class CatalogLines
{
    private static readonly string[] Billings = ["main", "support", "guest"];

    public static Drama Drama(DramaLine line)
    {
        var drama = new Drama
        {
            Id = Id(line.Id, "id"),
            Title = Text(line.Title, "title"),
            NativeTitle = Optional(line.NativeTitle),
            Aliases = List(line.Aliases),
            Country = Region(line.Country, "country"),
            Year = InRange(line.Year, "year", 1900, 2200),
            AiredFrom = Day(line.AiredFrom, "airedFrom"),
            AiredTo = Day(line.AiredTo, "airedTo"),
            Episodes = InRange(line.Episodes, "episodes", 1, 100_000),
            DurationMinutes = InRange(line.DurationMinutes, "durationMinutes", 1, 10_000),
            ContentRating = Optional(line.ContentRating),
            Type = Optional(line.Type),
            Networks = List(line.Networks),
            Genres = List(line.Genres),
            Tags = List(line.Tags),
            Regions = [.. List(line.Regions).Select(region => Region(region, "regions")!)],
            Priority = line.Priority ?? 0,
        };
        if (!(drama.Priority is >= 0 and <= 1)) throw new FormatException($"priority is 0 to 1, but was {drama.Priority}.");
        if (drama.AiredTo < drama.AiredFrom) throw new FormatException("airedTo is before airedFrom.");
        return drama;
    }

    public static Person Person(PersonLine line) => new(Id(line.Id, "id"), Text(line.Name, "name"), Optional(line.NativeName));

    /// <param name="line">The line.</param>
    /// <param name="next">The order that a credit of this drama and role has when the line states none.</param>
    public static Credit Credit(CreditLine line, Func<string, CreditRole, int> next)
    {
        var drama = Id(line.Drama, "drama");
        var person = Id(line.Person, "person");
        var role = line.Role switch
        {
            "actor" => CreditRole.Actor,
            "director" => CreditRole.Director,
            "writer" => CreditRole.Writer,
            null => throw new FormatException("role is missing."),
            _ => throw new FormatException($"role is actor, director or writer, but was '{line.Role}'."),
        };
        if (line.Billing is not null && !Billings.Contains(line.Billing, StringComparer.Ordinal))
            throw new FormatException($"billing is main, support or guest, but was '{line.Billing}'.");
        var order = InRange(line.Order, "order", 1, 1_000_000) ?? next(drama, role);
        return new Credit(drama, person, role, order, Optional(line.Character), line.Billing);
    }

    /// <summary>An id: 1 to 200 characters, none of them a control character.</summary>
    public static string Id(string? text, string field)
    {
        if (string.IsNullOrWhiteSpace(text)) throw new FormatException($"{field} is missing.");
        if (text.Length > EventRules.MaxIdLength) throw new FormatException($"{field} is longer than {EventRules.MaxIdLength} characters.");
        if (text.AsSpan().ContainsAnyInRange('\0', '\x1f')) throw new FormatException($"{field} holds control characters.");
        return text;
    }

    /// <summary>An ISO 3166-1 alpha-2 code, upper case; null stays null.</summary>
    public static string? Region(string? text, string field)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;
        return text is [>= 'A' and <= 'Z', >= 'A' and <= 'Z']
            ? text
            : throw new FormatException($"{field} is a country code of two capital letters (ISO 3166-1), but was '{text}'.");
    }

    public static string? Optional(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;

    public static DateOnly? Day(string? text, string field)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;
        return DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? day
            : throw new FormatException($"{field} is a day like 2016-12-02, but was '{text}'.");
    }

    private static string Text(string? text, string field) =>
        string.IsNullOrWhiteSpace(text) ? throw new FormatException($"{field} is missing.") : text;

    /// <summary>The list without blanks and repetitions, in its order.</summary>
    private static IReadOnlyList<string> List(List<string>? items) => items is null or []
        ? []
        : [.. items.Where(item => !string.IsNullOrWhiteSpace(item)).Distinct(StringComparer.Ordinal)];

    private static int? InRange(int? value, string field, int low, int high) =>
        value is { } v && (v < low || v > high) ? throw new FormatException($"{field} is {low} to {high}, but was {v}.") : value;
}
