namespace GraphRec.Recommend;

/// <summary>Pauses after failures: each twice as long as the one before, from a first to a last.</summary>
internal sealed class Backoff(TimeSpan first, TimeSpan last, TimeProvider clock)
{
    private TimeSpan? _last;

    /// <summary>Whether the last attempt failed.</summary>
    public bool Failing { get; private set; }

    public void Reset() => (_last, Failing) = (null, false);

    public async Task PauseAsync(CancellationToken cancel)
    {
        Failing = true;
        var pause = _last is { } before ? TimeSpan.FromTicks(Math.Min(before.Ticks * 2, last.Ticks)) : first;
        _last = pause;
        await Task.Delay(pause, clock, cancel).ConfigureAwait(false);
    }
}
