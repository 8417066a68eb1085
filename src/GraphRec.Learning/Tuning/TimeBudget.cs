namespace GraphRec.Learning.Tuning;

/// <summary>A span of time that everything has to end within; without one it never ends.</summary>
public sealed class TimeBudget(TimeProvider clock, TimeSpan? total)
{
    private readonly long _start = clock.GetTimestamp();

    /// <summary>Whether there is an end.</summary>
    public bool IsBounded => total is not null;

    /// <summary>Seconds since the beginning.</summary>
    public double Elapsed => clock.GetElapsedTime(_start).TotalSeconds;

    /// <summary>Seconds until the end, never below 0.</summary>
    public double Left => total is { } span ? Math.Max(0, span.TotalSeconds - Elapsed) : double.PositiveInfinity;

    /// <summary>A source that cancels with <paramref name="cancel"/>, or after so many seconds.</summary>
    public CancellationTokenSource Until(double seconds, CancellationToken cancel)
    {
        var linked = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        // A timer takes at most 49 days; nothing here runs as long.
        if (seconds < 4e6) linked.CancelAfter(TimeSpan.FromSeconds(Math.Max(0, seconds)));
        return linked;
    }
}
