using System.Globalization;
using GraphQL.Types;
using GraphQLParser.AST;

namespace GraphRec.Api.Schema;

/// <summary>A moment as ISO 8601 text with its offset; without one it would mean another moment to every reader.</summary>
internal sealed class TimeType : ScalarGraphType
{
    private static readonly string[] Formats = ["yyyy-MM-ddTHH:mmK", "yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-ddTHH:mm:ss.FFFFFFFK"];

    public TimeType()
    {
        Name = "DateTime";
        Description = "A moment in ISO 8601 with its offset from UTC, such as 2026-01-31T20:15:00Z or 2026-02-01T05:15:00+09:00. Answers are in UTC.";
    }

    public override object? ParseLiteral(GraphQLValue value) => value switch
    {
        GraphQLStringValue text => Parse(text.Value.ToString()),
        GraphQLNullValue => null,
        _ => throw new FormatException("A DateTime is a string, such as \"2026-01-31T20:15:00Z\"."),
    };

    public override object? ParseValue(object? value) => value switch
    {
        null => null,
        string text => Parse(text),
        DateTimeOffset at => at,
        _ => throw new FormatException("A DateTime is a string, such as \"2026-01-31T20:15:00Z\"."),
    };

    public override object? Serialize(object? value) => value switch
    {
        null => null,
        DateTimeOffset at => at.UtcDateTime.ToString(at.Ticks % TimeSpan.TicksPerSecond == 0 ? "yyyy-MM-ddTHH:mm:ssZ" : "yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture),
        _ => ThrowSerializationError(value),
    };

    private static DateTimeOffset Parse(string text)
    {
        var zoned = text.EndsWith('Z') || (text.Length > 6 && text[^6] is '+' or '-' && text[^3] == ':');
        return zoned && DateTimeOffset.TryParseExact(text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var at)
            ? at.ToUniversalTime()
            : throw new FormatException($"'{Check.Short(text)}' is not a DateTime; write it with its offset, such as 2026-01-31T20:15:00Z.");
    }
}

/// <summary>A day.</summary>
internal sealed class DateType : ScalarGraphType
{
    public DateType()
    {
        Name = "Date";
        Description = "A day in ISO 8601, such as 2026-01-31.";
    }

    public override object? ParseLiteral(GraphQLValue value) => value switch
    {
        GraphQLStringValue text => ParseValue(text.Value.ToString()),
        GraphQLNullValue => null,
        _ => ThrowLiteralConversionError(value),
    };

    public override object? ParseValue(object? value) => value switch
    {
        null => null,
        DateOnly day => day,
        string text when DateOnly.TryParseExact(text, "yyyy-MM-dd", out var day) => day,
        _ => throw new FormatException("A Date is a string such as \"2026-01-31\"."),
    };

    public override object? Serialize(object? value) => value switch
    {
        null => null,
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        _ => ThrowSerializationError(value),
    };
}
