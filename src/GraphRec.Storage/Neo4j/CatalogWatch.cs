using GraphRec.Core;

namespace GraphRec.Storage.Neo4j;

/// <summary>
/// Makes what curators edit in the stored graph reach those who serve from memory. Community editions tell nobody what
/// changed, and no query finds what was deleted; so the catalogue is read again, in slices, while it may have changed,
/// and compared. A cheap question says whether anything was committed; while nothing is, only it is asked.
/// </summary>
/// <remarks>
/// Nothing is missed: each movement of the pulse gets a number, a slice is behind until a reading of it that began after
/// the newest number has ended, and the watch rests only when no slice is behind. A slice that differs is published at
/// once, not at the end of a round, so that an edit waits at most for the rest of the round it missed and its own slice.
/// </remarks>
public sealed class CatalogWatch
{
    /// <summary>Neo4j applies far more than this per second after it has noted a commit in its log.</summary>
    private const double BytesPerSecond = 5e6;

    // The quick ones first: an edit that they hold does not wait for the long ones.
    private static readonly CatalogSlice[] Order =
    [
        CatalogSlice.Follows, CatalogSlice.AiredOn, CatalogSlice.Dramas, CatalogSlice.People, CatalogSlice.Wrote, CatalogSlice.Directed,
        CatalogSlice.HasGenre, CatalogSlice.Tagged, CatalogSlice.ActedIn,
    ];

    private readonly Neo4jClient _client;
    private readonly CatalogWatchOptions _options;
    private readonly TimeProvider _time;
    private readonly CatalogSubscriber _subscriber;
    private readonly CatalogPulse _pulse;
    private readonly SemaphoreSlim _publishing = new(1, 1);
    private readonly Lock _planning = new();

    // Under _planning: the number of the newest movement, and of the one that each slice's last reading began after.
    private readonly long[] _readAfter = new long[CatalogSlices.All.Length];
    private readonly bool[] _beingRead = new bool[CatalogSlices.All.Length];
    private long _movement;
    private TaskCompletionSource _work = NewSignal();

    // Whether the subscriber was told of a failure, and not yet that it is over. Only the pulse's.
    private bool _failed;

    // Under _publishing.
    private readonly CatalogReader _stored = new();
    private CatalogBatch? _published;
    private IReadOnlyList<GraphIssue> _otherIssues = [];
    private HashSet<GraphIssue> _publishedIssues = [];
    private volatile bool _differs;

    // Nothing was published since the last movement.
    private volatile bool _quiet;

    internal CatalogWatch(Neo4jClient client, string database, CatalogSubscriber subscriber, CatalogWatchOptions options, TimeProvider time)
    {
        options.Validate();
        (_client, _pulse, _subscriber, _options, _time) = (client, new CatalogPulse(client, database), subscriber, options, time);
    }

    /// <summary>Watches until cancelled. A server that does not answer is asked again and again; the subscriber is told.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        var wait = _options.Interval;
        while (true)
        {
            using var attempt = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            var failure = await WatchAsync(attempt, () => wait = _options.Interval).ConfigureAwait(false);
            cancel.ThrowIfCancellationRequested();
            _subscriber.Told(failure);
            await Task.Delay(wait, _time, cancel).ConfigureAwait(false);
            wait = wait * 2 < _options.MaxBackoff ? wait * 2 : _options.MaxBackoff;
            _failed = true;
        }
    }

    /// <summary>Watches until the server fails, and says how.</summary>
    private async Task<StorageException> WatchAsync(CancellationTokenSource attempt, Action answered)
    {
        lock (_planning)
        {
            Array.Fill(_readAfter, -1);
            Array.Fill(_beingRead, false);
        }
        _pulse.Forget();
        Task[] tasks = [PulseAsync(answered, attempt.Token), .. Enumerable.Range(0, _options.Lanes).Select(_ => LaneAsync(attempt.Token))];
        await Task.WhenAny(tasks).ConfigureAwait(false);
        await attempt.CancelAsync().ConfigureAwait(false);
        StorageException? failure = null;
        OperationCanceledException? stopped = null;
        foreach (var task in tasks)
        {
            try
            {
                await task.ConfigureAwait(false);
            }
            catch (StorageException e)
            {
                failure ??= e;
            }
            catch (OperationCanceledException e)
            {
                // Stopped with the others; or the server took too long, and nobody stopped it.
                stopped ??= e;
            }
        }
        return failure ?? new StorageException(Neo4jClient.Store, "watch the catalogue", retryable: true, "the server does not answer", stopped);
    }

    private async Task PulseAsync(Action answered, CancellationToken cancel)
    {
        var (sweep, echo) = (_time.GetTimestamp(), (DateTimeOffset?)null);
        while (true)
        {
            var moved = await _pulse.MovedAsync(() => Task.Delay(_options.Settle, _time, cancel), cancel).ConfigureAwait(false);
            answered();
            if (_failed)
            {
                _failed = false;
                _subscriber.Told(null);
            }
            var now = _time.GetUtcNow();
            // A commit of many megabytes can be read only some time after it is in the log: everything is read again then.
            if (moved && _pulse.Bytes / BytesPerSecond is var seconds && seconds > _options.Settle.TotalSeconds) echo = now.AddSeconds(seconds);
            if (moved || echo <= now || _time.GetElapsedTime(sweep) >= _options.Sweep)
            {
                if (echo <= now) echo = null;
                sweep = _time.GetTimestamp();
                Move();
            }
            // Serving took in a whole export meanwhile, which may have been read before the newest edit; or the server failed
            // when something was to be published, and no slice has anything new to say since.
            if (AtRest() && _quiet) _pulse.FoundNothing();
            if (AtRest() && (_differs || !ReferenceEquals(_published, _subscriber.Current().Catalog))) await PublishAsync(null, cancel).ConfigureAwait(false);
            await Task.Delay(_options.Interval, _time, cancel).ConfigureAwait(false);
        }
    }

    private bool AtRest()
    {
        lock (_planning) return _readAfter.All(movement => movement >= _movement);
    }

    private void Move()
    {
        lock (_planning)
        {
            _movement++;
            _quiet = true;
            _work.TrySetResult();
            _work = NewSignal();
        }
    }

    /// <summary>Reads slices that are behind, the one first that has waited longest.</summary>
    private async Task LaneAsync(CancellationToken cancel)
    {
        while (true)
        {
            var (next, movement, more) = Next();
            if (next is not { } slice)
            {
                await more.WaitAsync(cancel).ConfigureAwait(false);
                continue;
            }
            // One lane at a time reads a slice, so that nobody replaces the earlier reading meanwhile.
            var facts = CatalogSlices.Again(slice, _stored[slice]);
            try
            {
                await _client.RunAsync("watch the catalogue", [CatalogSlices.Statement(slice)], (_, row) => facts.Add(row), cancel).ConfigureAwait(false);
            }
            catch (StorageException e) when (Neo4jException.SaysThatSomethingVanished(e))
            {
                // It is still behind, and will be read again.
                lock (_planning) _beingRead[(int)slice] = false;
                continue;
            }
            if (facts.Complete()) await PublishAsync(() => (_stored[slice], _differs) = (facts, true), cancel).ConfigureAwait(false);
            lock (_planning) (_readAfter[(int)slice], _beingRead[(int)slice]) = (movement, false);
        }
    }

    private (CatalogSlice? Slice, long Movement, Task More) Next()
    {
        lock (_planning)
        {
            CatalogSlice? next = null;
            foreach (var slice in Order)
            {
                if (_beingRead[(int)slice] || _readAfter[(int)slice] >= _movement) continue;
                if (next is null || _readAfter[(int)slice] < _readAfter[(int)next]) next = slice;
            }
            if (next is { } found) _beingRead[(int)found] = true;
            return (next, _movement, _work.Task);
        }
    }

    /// <summary>Takes in a newer reading, and publishes what is stored when it is not what is served.</summary>
    private async Task PublishAsync(Action? takeIn, CancellationToken cancel)
    {
        await _publishing.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            takeIn?.Invoke();
            if (!_stored.Complete) return;
            var (served, servedIssues) = _subscriber.Current();
            var catalog = _differs || _published is null ? _stored.Catalog() : _published;
            var own = _stored.Issues().ToHashSet();
            if (_published is null)
            {
                // What the full export found and no slice finds: of behaviour, and of labels and types.
                _otherIssues = [.. servedIssues.Where(issue => !own.Contains(issue))];
                _publishedIssues = own;
            }
            var same = CatalogFacts.Same(catalog, served);
            if (!same || !own.SetEquals(_publishedIssues))
            {
                var revision = same ? await RevisionAsync(cancel).ConfigureAwait(false) : await _pulse.RaiseAsync(cancel).ConfigureAwait(false);
                _quiet = false;
                _subscriber.Publish(catalog, revision, [.. own, .. _otherIssues]);
            }
            else
            {
                catalog = served;
            }
            (_published, _publishedIssues, _differs) = (catalog, own, false);
        }
        finally
        {
            _publishing.Release();
        }
    }

    private async Task<long> RevisionAsync(CancellationToken cancel) =>
        (await _client.QueryAsync("catalogue revision", Cypher.File("export/version").With(), row => row.Int64(0), cancel).ConfigureAwait(false)).FirstOrDefault();

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
