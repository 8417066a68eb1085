using System.Threading.Channels;
using GraphRec.Core;

namespace GraphRec.Recommend;

/// <summary>
/// Copies impressions to the graph's store, where analysts ask about them. They are recorded already: when the store is
/// away or slower than pages are made, the oldest that wait are dropped, and counted.
/// </summary>
public sealed class ImpressionDelivery
{
    private const int Capacity = 4096;
    private const int BatchSize = 100;

    private readonly IImpressionLog _store;
    private readonly DeliveryOptions _options;
    private readonly TimeProvider _clock;
    private readonly Backoff _backoff;
    private readonly Channel<PageImpression> _queue;
    private long _dropped;

    public ImpressionDelivery(IImpressionLog store, DeliveryOptions options, TimeProvider clock)
    {
        (_store, _options, _clock) = (store, options, clock);
        _backoff = new Backoff(options.FirstPause, options.LastPause, clock);
        _queue = Channel.CreateBounded<PageImpression>(
            new BoundedChannelOptions(Capacity) { SingleReader = true, FullMode = BoundedChannelFullMode.DropOldest }, _ => Interlocked.Increment(ref _dropped));
    }

    /// <summary>Pages that were recorded, but dropped on the way to the graph's store.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Takes pages along. Waits for nothing.</summary>
    public void Notice(IReadOnlyList<PageImpression> pages)
    {
        foreach (var page in pages) _queue.Writer.TryWrite(page);
    }

    /// <summary>Delivers until cancelled; what waits then is dropped.</summary>
    /// <param name="failed">Told of the first of a series of failures.</param>
    /// <param name="cancel">Ends it.</param>
    public async Task RunAsync(Action<Exception> failed, CancellationToken cancel)
    {
        var batch = new List<PageImpression>(BatchSize);
        try
        {
            while (await _queue.Reader.WaitToReadAsync(cancel).ConfigureAwait(false))
            {
                await Task.Delay(_options.Interval, _clock, cancel).ConfigureAwait(false);
                while (_queue.Reader.TryRead(out var page))
                {
                    batch.Add(page);
                    if (batch.Count == BatchSize) await DeliverAsync(batch, failed, cancel).ConfigureAwait(false);
                }
                if (batch.Count > 0) await DeliverAsync(batch, failed, cancel).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            Interlocked.Add(ref _dropped, batch.Count + _queue.Reader.Count);
        }
    }

    private async Task DeliverAsync(List<PageImpression> batch, Action<Exception> failed, CancellationToken cancel)
    {
        while (batch.Count > 0)
        {
            try
            {
                await _store.AppendAsync(batch, cancel).ConfigureAwait(false);
                batch.Clear();
                _backoff.Reset();
            }
            catch (StorageException e)
            {
                if (!_backoff.Failing) failed(e);
                if (!e.Retryable)
                {
                    Interlocked.Add(ref _dropped, batch.Count);
                    batch.Clear();
                }
                await _backoff.PauseAsync(cancel).ConfigureAwait(false);
            }
        }
    }
}
