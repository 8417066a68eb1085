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
/// once, not at the end of a round, so that an edit waits at most for the rest of the round it missed and its own slice; and
/// before the stored graph's revision is raised, which has to wait for whoever writes there.
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
    private readonly SemaphoreSlim _served = new(0);
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
    private IReadOnlyList<GraphIssue>? _strays;
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
    private async Task<StorageException> WatchAsync(CancellationTokenSource attempt, Action wellAgain)
    {
        lock (_planning)
        {
            Array.Fill(_readAfter, -1);
            Array.Fill(_beingRead, false);
        }
        _pulse.Forget();
        Task[] tasks = [PulseAsync(wellAgain, attempt.Token), RaiseAsync(attempt.Token), .. Enumerable.Range(0, _options.Lanes).Select(_ => LaneAsync(attempt.Token))];
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

    private async Task PulseAsync(Action wellAgain, CancellationToken cancel)
    {
        var (sweep, strays, echo, changed) = (_time.GetTimestamp(), (long?)null, (DateTimeOffset?)null, false);
        while (true)
        {
            var moved = await MovedAsync(cancel).ConfigureAwait(false);
            var now = _time.GetUtcNow();
            if (moved)
            {
                // A commit of many megabytes can be read only some time after it is in the log.
                var later = now + _options.Echo + TimeSpan.FromSeconds(_pulse.Bytes / BytesPerSecond);
                if (echo is null || echo < later) echo = later;
            }
            if (moved || echo <= now || _time.GetElapsedTime(sweep) >= _options.Sweep)
            {
                if (echo <= now) echo = null;
                (sweep, changed) = (_time.GetTimestamp(), true);
                Move();
            }
            if (ReadSince(0)) Recovered(wellAgain);
            if (ReadSince(Movement()))
            {
                if (_quiet) _pulse.FoundNothing();
                if (changed && (strays is not { } last || _time.GetElapsedTime(last) >= _options.Strays))
                {
                    (changed, strays) = (false, _time.GetTimestamp());
                    var found = await StraysAsync(cancel).ConfigureAwait(false);
                    await PublishAsync(() => _strays = found, cancel).ConfigureAwait(false);
                }
                // Serving took in a whole export meanwhile, which may have been read before the newest edit; or the server failed
                // when something was to be published, and no slice has anything new to say since.
                else if (_differs || !ReferenceEquals(_published, _subscriber.Current().Catalog)) await PublishAsync(null, cancel).ConfigureAwait(false);
            }
            await Task.Delay(_options.Interval, _time, cancel).ConfigureAwait(false);
        }
    }

    private async Task<bool> MovedAsync(CancellationToken cancel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        // A server that hangs is told of as one that is away.
        patience.CancelAfter(_options.Patience);
        return await _pulse.MovedAsync(() => Task.Delay(_options.Settle, _time, cancel), patience.Token).ConfigureAwait(false);
    }

    private void Recovered(Action wellAgain)
    {
        wellAgain();
        if (!_failed) return;
        _failed = false;
        _subscriber.Told(null);
    }

    /// <summary>What no reader reads: labels and types that are none of GraphRec's, catalogue edges between the wrong nodes.</summary>
    private async Task<IReadOnlyList<GraphIssue>> StraysAsync(CancellationToken cancel)
    {
        var (check, found) = (new StrayCheck(), new List<GraphIssue>());
        foreach (var slice in CatalogSlices.All)
            if (CatalogSlices.Edge(slice) is { } edge) check.Saw(edge, _stored[slice]!.Count);
        foreach (var (statement, add) in check.Counts()) await _client.RunAsync("look for strays", [statement], (_, row) => add(row), cancel).ConfigureAwait(false);
        foreach (var (statement, issue) in check.Searches()) found.AddRange(await _client.QueryAsync("look for strays", statement, issue, cancel).ConfigureAwait(false));
        return found;
    }

    /// <summary>Keeps the stored graph's revision at what is served, beside the publishing.</summary>
    private async Task RaiseAsync(CancellationToken cancel)
    {
        while (true)
        {
            var stored = await _client.QueryAsync("catalogue revision", Cypher.File("export/version").With(), row => row.Whole(0) ?? 0, cancel).ConfigureAwait(false);
            var served = _subscriber.Current().Revision;
            if (stored.FirstOrDefault() < served) await _pulse.RaiseAsync(served, cancel).ConfigureAwait(false);
            await _served.WaitAsync(cancel).ConfigureAwait(false);
        }
    }

    private long Movement()
    {
        lock (_planning) return _movement;
    }

    /// <summary>Whether every slice was read after this movement, in this attempt.</summary>
    private bool ReadSince(long movement)
    {
        lock (_planning) return _readAfter.All(read => read >= movement);
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
            var (served, revision, servedIssues) = _subscriber.Current();
            var catalog = _differs || _published is null ? _stored.Catalog() : _published;
            GraphIssue[] issues =
            [
                .. _stored.Issues(), .. _strays ?? servedIssues.Where(issue => issue.Source == GraphIssueSource.Strays),
                // Of what viewers did the watch reads nothing: what the newest export found.
                .. servedIssues.Where(issue => issue.Source == GraphIssueSource.Behaviour),
            ];
            var same = CatalogFacts.Same(catalog, served);
            if (same) catalog = served;
            if (!same || !servedIssues.ToHashSet().SetEquals(issues))
            {
                _quiet = false;
                if (!same) revision++;
                while (!_subscriber.Publish(catalog, revision, issues)) revision = Math.Max(revision, _subscriber.Current().Revision) + 1;
                _served.Release();
            }
            (_published, _differs) = (catalog, false);
        }
        finally
        {
            _publishing.Release();
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
