using System.Globalization;
using GraphRec.Core;

namespace GraphRec.Api.Schema;

/// <summary>Checks of arguments. Each message says what to change.</summary>
internal static class Check
{
    public const int MaxFirst = 100;
    public const int MaxRows = 30;
    public const int MaxItemsPerRow = 50;
    public const int MaxListed = 1000;
    public const int MaxSample = 1000;

    public static int Range(string name, int value, int min, int max) => value >= min && value <= max
        ? value
        : throw Bad($"{name} is {value}; ask for {min} to {max}.");

    public static string Id(string name, string? value)
    {
        if (string.IsNullOrWhiteSpace(value)) throw Bad($"{name} is empty; send 1 to {EventRules.MaxIdLength} characters.");
        if (value.Length > EventRules.MaxIdLength) throw Bad($"{name} has {value.Length} characters; send 1 to {EventRules.MaxIdLength}.");
        if (value.AsSpan().ContainsAnyInRange('\0', '\x1f')) throw Bad($"{name} holds control characters; leave them out.");
        return value;
    }

    /// <summary>A list of ids or names; null is none.</summary>
    public static IReadOnlyList<string> Ids(string name, object? values)
    {
        if (values is not IEnumerable<object?> given) return [];
        var ids = new List<string>();
        foreach (var value in given) ids.Add(Id(name, Text(value)));
        return ids.Count <= MaxListed ? ids : throw Bad($"{name} lists {ids.Count}; send {MaxListed} at most.");
    }

    /// <summary>A region as ISO 3166-1 alpha-2, upper case; null where none was sent.</summary>
    public static string? Region(string? value) => value switch
    {
        null => null,
        { Length: 2 } when char.IsAsciiLetter(value[0]) && char.IsAsciiLetter(value[1]) => value.ToUpperInvariant(),
        _ => throw Bad($"region is '{Short(value)}'; send a country code of two letters, such as KR."),
    };

    /// <summary>The text of a scalar: ids may also be sent as numbers.</summary>
    public static string? Text(object? value) => value is null ? null : Convert.ToString(value, CultureInfo.InvariantCulture);

    /// <summary>What is quoted back in a message: not more than makes it recognisable.</summary>
    public static string Short(string value) => value.Length <= 60 ? value : string.Concat(value.AsSpan(0, 60), "…");

    public static InvalidInputException Bad(string message) => new(ErrorCodes.BadUserInput, message);
}
