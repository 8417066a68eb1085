using System.Threading.Channels;
using GraphRec.Core;

namespace GraphRec.Recommend;

/// <summary>When logged events go to the graph's store.</summary>
public sealed record DeliveryOptions
{
    /// <summary>
    /// The shortest time between two deliveries of less than a full batch: what watches the store for edits needs quiet
    /// in between, and one commit serves all events of the time.
    /// </summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>With this many events waiting, they go at once.</summary>
    public int BatchSize { get; init; } = 5_000;

    /// <summary>The first pause after a failure; each further one is twice as long, up to <see cref="LastPause"/>.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The longest pause after a failure: how long a store that is back may wait to be noticed.</summary>
    public TimeSpan LastPause { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a stop may wait for what is left to be delivered; the rest is delivered by the next start.</summary>
    public TimeSpan FinishWithin { get; init; } = TimeSpan.FromSeconds(5);
}

/// <summary>
/// Moves events from the log to a graph in another store: in log order, each once, in batches, beside the requests. The
/// log is durable, and the store says how far it is (<see cref="IGraphWriter.AppliedThroughAsync"/>), so that neither a
/// kill here nor there loses an event or counts one twice. While the store is away, events wait in the log.
/// </summary>
public sealed class EventDelivery(IEventLog log, IGraphWriter graph, StoreHealth store, DeliveryOptions options, TimeProvider clock)
{
    private const string Use = "delivery of events";

    private readonly Channel<bool> _news = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Backoff _backoff = new(options.FirstPause, options.LastPause, clock);
    private long _logged;
    private long _delivered = -1;
    private long _attempted = -1;
    private long _failures;

    /// <summary>How many events are in the log and not yet in the store.</summary>
    public long Waiting => Math.Max(0, Interlocked.Read(ref _logged) - Math.Max(0, Interlocked.Read(ref _delivered)));

    /// <summary>How many deliveries failed; what they held is delivered again.</summary>
    public long Failures => Interlocked.Read(ref _failures);

    /// <summary>Tells that events were appended to the log. Waits for nothing.</summary>
    public void Notice(IReadOnlyList<LoggedEvent> appended)
    {
        if (appended.Count == 0) return;
        Raise(appended[^1].Sequence);
        _news.Writer.TryWrite(true);
    }

    /// <summary>Delivers until cancelled, then what is left as far as time allows.</summary>
    /// <param name="report">Told of every failure, and (null) when deliveries succeed again after one.</param>
    /// <param name="cancel">Ends it.</param>
    public async Task RunAsync(Action<Exception?> report, CancellationToken cancel)
    {
        try
        {
            while (true)
            {
                try
                {
                    await WaitForWorkAsync(cancel).ConfigureAwait(false);
                    await DeliverAsync(cancel).ConfigureAwait(false);
                    if (_backoff.Failing) report(null);
                    _backoff.Reset();
                    store.Tell(Use, null);
                }
                catch (Exception e) when (e is not OperationCanceledException || !cancel.IsCancellationRequested)
                {
                    // Whatever it was, the events are safe in the log, and to give up would keep them there for ever.
                    Interlocked.Increment(ref _failures);
                    if (e is StorageException failure) store.Tell(Use, failure);
                    report(e);
                    await _backoff.PauseAsync(cancel).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            if (!_backoff.Failing) await FinishAsync(report).ConfigureAwait(false);
        }
    }

    /// <summary>Returns when there are events to deliver, and either a batch of them or the interval over.</summary>
    private async Task WaitForWorkAsync(CancellationToken cancel)
    {
        if (_delivered < 0)
        {
            Interlocked.Exchange(ref _delivered, await graph.AppliedThroughAsync(cancel).ConfigureAwait(false));
            // There may be nothing to deliver for a long time, and it answers.
            store.Tell(Use, null);
            Raise(await log.LastSequenceAsync(cancel).ConfigureAwait(false));
            if (Waiting > 0) return;
        }
        while (Waiting == 0) await _news.Reader.ReadAsync(cancel).ConfigureAwait(false);
        if (_backoff.Failing) return;
        using var quiet = new CancellationTokenSource(options.Interval, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(quiet.Token, cancel);
        try
        {
            while (Waiting < options.BatchSize) await _news.Reader.ReadAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            // The interval is over.
        }
    }

    private async Task DeliverAsync(CancellationToken cancel)
    {
        var applied = await graph.AppliedThroughAsync(cancel).ConfigureAwait(false);
        // After a failure it may have applied what was sent, or not; anything else was not delivered from here.
        if (applied != _delivered && applied != _attempted)
        {
            throw new StorageException("event delivery", "deliver events", retryable: false,
                $"the graph's store holds events through {applied}, but those delivered from here end at {_delivered}: another GraphRec with a data directory of its "
                + "own writes to it. Run one at a time; events recorded here stay in this one's log.");
        }
        Interlocked.Exchange(ref _delivered, applied);
        var batch = new List<LoggedEvent>();
        await foreach (var logged in log.ReadAsync(applied, cancel).ConfigureAwait(false))
        {
            batch.Add(logged);
            if (batch.Count == options.BatchSize) break;
        }
        if (batch.Count == 0) return;
        _attempted = batch[^1].Sequence;
        await graph.ApplyAsync(batch, cancel).ConfigureAwait(false);
        Interlocked.Exchange(ref _delivered, _attempted);
    }

    private async Task FinishAsync(Action<Exception?> report)
    {
        using var patience = new CancellationTokenSource(options.FinishWithin, clock);
        try
        {
            while (Waiting > 0) await DeliverAsync(patience.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is StorageException or OperationCanceledException)
        {
            report(e);
        }
    }

    private void Raise(long sequence)
    {
        var known = Interlocked.Read(ref _logged);
        while (sequence > known && Interlocked.CompareExchange(ref _logged, sequence, known) is var before && before != known) known = before;
    }
}
