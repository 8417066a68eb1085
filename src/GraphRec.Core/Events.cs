namespace GraphRec.Core;

/// <summary>
/// What a viewer did. What <see cref="ViewerEvent.Value"/> means depends on it. The order is part of on-disk formats:
/// append only.
/// </summary>
public enum EventKind : byte
{
    /// <summary>The drama was shown. No value.</summary>
    Impression,

    /// <summary>The drama's page was opened. No value.</summary>
    Click,

    /// <summary>Watched; value = the share of the whole drama seen so far, in [0, 1]; 1 when absent.</summary>
    Watch,

    /// <summary>Rated; value = 1 (worst) to 10 (best), required.</summary>
    Rate,

    /// <summary>Reviewed; value = 1 to 10, optional.</summary>
    Review,

    /// <summary>Put on the watchlist. No value.</summary>
    WatchlistAdd,

    /// <summary>Taken off the watchlist. No value.</summary>
    WatchlistRemove,

    /// <summary>Passed over on purpose. No value.</summary>
    Skip,

    /// <summary>Never show it again (a drama, or everything of a person, genre or tag). No value.</summary>
    Mute,

    /// <summary>Takes a mute back. No value.</summary>
    Unmute,
}

/// <summary>Where and on what the viewer was. <paramref name="Region"/> is ISO 3166-1 alpha-2, upper case.</summary>
public sealed record EventContext(string? Device = null, string? Region = null);

/// <summary>
/// One thing a viewer did. <see cref="Id"/> makes recording idempotent: the same id is counted once.
/// <see cref="Target"/> is a drama, except for mutes.
/// </summary>
public sealed record ViewerEvent(string Id, string UserId, NodeRef Target, EventKind Kind, double? Value, DateTimeOffset At)
{
    /// <summary>The <c>attributionId</c> of the recommendation that led to it.</summary>
    public string? AttributionId { get; init; }
    public EventContext? Context { get; init; }
}

/// <summary>An event as the log holds it; <paramref name="Sequence"/> counts from 1 without gaps that a reader must fear.</summary>
public readonly record struct LoggedEvent(long Sequence, ViewerEvent Event);

/// <summary>Checks of an event that need no store. Whether the drama exists is the caller's to ask.</summary>
public static class EventRules
{
    /// <summary>The longest id accepted, in characters.</summary>
    public const int MaxIdLength = 200;

    /// <summary>How far in the future an event may lie: clocks of devices differ.</summary>
    public static readonly TimeSpan MaxClockSkew = TimeSpan.FromMinutes(10);

    private static readonly DateTimeOffset Earliest = new(1990, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The first thing wrong with the event, as a sentence that says what to change; null when it is good.</summary>
    public static string? Problem(ViewerEvent e, DateTimeOffset now)
    {
        if (BadId(e.Id)) return $"id must be 1 to {MaxIdLength} characters without control characters.";
        if (BadId(e.UserId)) return $"userId must be 1 to {MaxIdLength} characters without control characters.";
        if (BadId(e.Target.Id)) return $"the target's id must be 1 to {MaxIdLength} characters without control characters.";
        if (e.At > now + MaxClockSkew) return $"at is {e.At:O}, which lies in the future; send the time when it happened, or leave it out for now.";
        if (e.At < Earliest) return $"at is {e.At:O}; events before 1990 are not accepted. Are these seconds instead of milliseconds?";
        return ValueProblem(e);
    }

    private static string? ValueProblem(ViewerEvent e)
    {
        switch (e.Kind)
        {
            case EventKind.Watch when e.Value is { } v && !(v is >= 0 and <= 1):
                return $"value of WATCH is the share seen, 0 to 1, but was {v}.";
            case EventKind.Rate when e.Value is null:
                return "RATE needs a value from 1 to 10.";
            case EventKind.Rate or EventKind.Review when e.Value is { } v && !(v is >= 1 and <= 10):
                return $"value of {e.Kind.ToString().ToUpperInvariant()} is 1 to 10, but was {v}.";
            case EventKind.Watch or EventKind.Rate or EventKind.Review:
                break;
            default:
                if (e.Value is not null) return "this kind of event takes no value; leave value out.";
                break;
        }
        if (e.Kind is EventKind.Mute or EventKind.Unmute)
            return e.Target.Kind is NodeKind.User or NodeKind.Network ? "a drama, person, genre or tag can be muted." : null;
        return e.Target.Kind == NodeKind.Drama ? null : "the target must be a drama.";
    }

    private static bool BadId(string? id) =>
        string.IsNullOrWhiteSpace(id) || id.Length > MaxIdLength || id.AsSpan().ContainsAnyInRange('\0', '\x1f');
}
