namespace GraphRec.Storage.Neo4j;

/// <summary>How long an exchange waits for the server's next word: its token is cancelled by the caller, or by silence.</summary>
internal sealed class Patience : IDisposable
{
    private readonly TimeSpan _silence;
    private readonly CancellationToken _caller;
    private readonly CancellationTokenSource _late;
    private readonly CancellationTokenSource _either;

    public Patience(TimeSpan silence, TimeProvider clock, CancellationToken caller)
    {
        (_silence, _caller) = (silence, caller);
        _late = new CancellationTokenSource(silence, clock);
        _either = CancellationTokenSource.CreateLinkedTokenSource(caller, _late.Token);
    }

    public CancellationToken Token => _either.Token;

    /// <summary>Whether it was the server's silence, and not the caller, that ended the exchange.</summary>
    public bool Exhausted => _late.IsCancellationRequested && !_caller.IsCancellationRequested;

    /// <summary>The server is to speak: counts from now.</summary>
    public void Renew() => _late.CancelAfter(_silence);

    /// <summary>It spoke: what is done with that may take its time.</summary>
    public void Suspend() => _late.CancelAfter(Timeout.InfiniteTimeSpan);

    /// <summary>What to throw when it is exhausted.</summary>
    public Neo4jException Late(Exception inner) =>
        new("", FormattableString.Invariant($"Neo4j was silent for {_silence.TotalSeconds:0.###} s."), transient: true, inner) { Unknown = true };

    public void Dispose()
    {
        _either.Dispose();
        _late.Dispose();
    }
}
