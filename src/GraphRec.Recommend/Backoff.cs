namespace GraphRec.Recommend;

/// <summary>Pauses after failures: each twice as long as the one before, from a first to a last.</summary>
internal sealed class Backoff(TimeSpan first, TimeSpan last, TimeProvider clock)
{
    private TimeSpan _next = first;

    /// <summary>Whether the last attempt failed.</summary>
    public bool Failing { get; private set; }

    public void Reset() => (_next, Failing) = (first, false);

    public async Task PauseAsync(CancellationToken cancel)
    {
        Failing = true;
        var pause = _next;
        _next = _next * 2 < last ? _next * 2 : last;
        await Task.Delay(pause, clock, cancel).ConfigureAwait(false);
    }
}
