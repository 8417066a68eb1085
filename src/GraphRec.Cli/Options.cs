using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace GraphRec.Cli;

/// <summary>The options that several commands have, and options that say what they allow when they are given anything else.</summary>
public static class Options
{
    /// <summary><c>--recipe FILE</c>: what is tuned.</summary>
    public static Option<string?> Recipe() => new("--recipe")
    {
        Description = "A recipe file with the weights of sources and objectives, as recipes/default.json.",
        HelpName = "FILE",
    };

    /// <summary><c>--at TIME</c>: the clock that one-off commands ask as of.</summary>
    public static Option<DateTimeOffset?> At() => new("--at")
    {
        Description = "Answer as of this time (UTC unless it says otherwise) instead of now.",
        HelpName = "TIME",
        CustomParser = result => Parse<DateTimeOffset?>(result, "--at", "a time from 1970 to 2200, such as 2026-03-07 or 2026-03-07T20:15:00Z", text =>
            DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) && at.Year is >= 1970 and <= 2200 ? at : null),
    };

    /// <summary><c>--until DAY</c>: when the simulated behaviour ends.</summary>
    public static Option<DateOnly?> Until() => new("--until")
    {
        Description = "The simulated behaviour ends at the start of this day, UTC; 1995-01-01 to today. [default: today]",
        HelpName = "DAY",
        CustomParser = result => Parse<DateOnly?>(result, "--until", "a day from 1995-01-01 to today, such as 2024-10-01", text =>
            DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year >= 1995 && day <= Today ? day : null),
    };

    /// <summary><c>--region CC</c>: where the viewer is.</summary>
    public static Option<string?> Region() => new("--region")
    {
        Description = "Where the viewer is, as a country code such as KR. [default: where they were last]",
        HelpName = "CC",
        CustomParser = result => Parse(result, "--region", "a country code of two letters, such as KR", text =>
            text.Length == 2 && text.All(char.IsAsciiLetter) ? text.ToUpperInvariant() : null),
    };

    /// <summary>A text that must not be empty.</summary>
    public static Option<string> Text(string name, string helpName, string description, string usual) => new(name)
    {
        Description = description,
        HelpName = helpName,
        DefaultValueFactory = _ => usual,
        CustomParser = result => Parse(result, name, "a text that is not empty", text => string.IsNullOrWhiteSpace(text) ? null : text)!,
    };

    /// <summary>A whole number of a range.</summary>
    public static Option<int> Number(string name, string description, int usual, int least, int most) => new(name)
    {
        Description = string.Create(CultureInfo.InvariantCulture, $"{description} {least} to {most}."),
        HelpName = "N",
        DefaultValueFactory = _ => usual,
        CustomParser = result => Parse<int?>(result, name, string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} to {most}"), text =>
            int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most ? value : null) ?? usual,
    };

    /// <summary>A whole number of a range that need not be given.</summary>
    public static Option<int?> OptionalNumber(string name, string description, int least, int most) => new(name)
    {
        Description = string.Create(CultureInfo.InvariantCulture, $"{description} {least} to {most}."),
        HelpName = "N",
        CustomParser = result => Parse<int?>(result, name, string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} to {most}"), text =>
            int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most ? value : null),
    };

    /// <summary>A number of a range that need not be given.</summary>
    public static Option<double?> Real(string name, string helpName, string description, double least, double most) => new(name)
    {
        Description = description,
        HelpName = helpName,
        CustomParser = result => Parse<double?>(result, name, string.Create(CultureInfo.InvariantCulture, $"a number from {least} to {most}"), text =>
            double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most ? value : null),
    };

    /// <summary>One of a few words; <paramref name="usual"/> when it is not given.</summary>
    public static Option<string> OneOf(string name, string helpName, string description, IReadOnlyList<string> words, string? usual, bool required = false)
    {
        var option = new Option<string>(name)
        {
            Description = $"{description}: {string.Join(", ", words)}.",
            HelpName = helpName,
            Required = required,
            CustomParser = result => Parse(result, name, $"one of {string.Join(", ", words)}", text => words.Contains(text) ? text : null)!,
        };
        if (usual is not null) option.DefaultValueFactory = _ => usual;
        return option;
    }

    /// <summary>A text that must be given.</summary>
    public static Option<string> Required(string name, string helpName, string description) => new(name)
    {
        Description = description,
        HelpName = helpName,
        Required = true,
        CustomParser = result => Parse(result, name, "a text that is not empty", text => string.IsNullOrWhiteSpace(text) ? null : text)!,
    };

    /// <summary>The argument USER.</summary>
    public static Argument<string> User() => Id("USER", "A viewer's id, such as simulated-0001. One that is not known gets a first-visit page.");

    /// <summary>An argument that is an id.</summary>
    public static Argument<string> Id(string name, string description) => new(name)
    {
        Description = description,
        CustomParser = result => Parse(result, name, "an id of 1 to 200 characters without control characters", text =>
            text.Length is >= 1 and <= 200 && !text.Any(char.IsControl) ? text : null)!,
    };

    /// <summary>The day as a time; today where none is given, so that there is something this week to be trending.</summary>
    public static DateTimeOffset UntilOf(DateOnly? day) => new((day ?? Today).ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);

    private static DateOnly Today => DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);

    private static T? Parse<T>(ArgumentResult result, string name, string allowed, Func<string, T?> parse)
    {
        var text = result.Tokens[^1].Value;
        if (parse(text) is { } value) return value;
        result.AddError($"{name} must be {allowed}, but is '{text}'.");
        return default;
    }
}
