using System.Collections.Concurrent;
using GraphRec.Core;
using GraphRec.Graph;

namespace GraphRec.Recommend;

/// <summary>
/// The write line: validate, append to the log (durable before the answer, once per id), fold into the stored graph,
/// apply to the overlay. The next request sees it.
/// </summary>
/// <remarks>
/// Batches that wait for one another are written as one, so that the cost of making them durable is shared: whoever
/// gets the turn takes along all that wait.
/// </remarks>
public sealed class EventPipeline
{
    private readonly IEventLog _log;
    private readonly Func<IReadOnlyList<LoggedEvent>, Task> _follow;
    private readonly LiveGraph _graph;
    private readonly TimeProvider _clock;
    private readonly ConcurrentQueue<Pending> _waiting = [];
    private readonly SemaphoreSlim _turn = new(1, 1);
    private long _foldFailures;

    /// <summary>For a graph that is stored beside the log: events are in it before the answer.</summary>
    public EventPipeline(IEventLog log, IGraphWriter writer, LiveGraph graph, TimeProvider clock)
        : this(log, appended => writer.ApplyAsync(appended, CancellationToken.None), graph, clock)
    {
    }

    /// <summary>For a graph in another store, which no answer waits for.</summary>
    public EventPipeline(IEventLog log, EventDelivery delivery, LiveGraph graph, TimeProvider clock)
        : this(log, appended => Noticed(delivery, appended), graph, clock)
    {
    }

    private EventPipeline(IEventLog log, Func<IReadOnlyList<LoggedEvent>, Task> follow, LiveGraph graph, TimeProvider clock) =>
        (_log, _follow, _graph, _clock) = (log, follow, graph, clock);

    /// <summary>How often events were logged but the stored graph could not follow at once.</summary>
    public long FoldFailures => Interlocked.Read(ref _foldFailures);

    /// <summary>The largest batch accepted.</summary>
    public const int MaxBatch = 1000;

    /// <summary>How many events are written together at most, apart from the batch that fills it.</summary>
    private const int MaxGroup = 4000;

    /// <summary>
    /// Records the good events of a batch and names the bad ones. Once it returns, the accepted ones survive a crash and
    /// are in the next answer.
    /// </summary>
    /// <exception cref="InvalidInputException">The batch is too large.</exception>
    /// <exception cref="StorageException">The log could not be written; whatever of the batch did get in is a duplicate when it is sent again.</exception>
    public async Task<RecordEventsResult> RecordAsync(IReadOnlyList<ViewerEvent> events, CancellationToken cancel)
    {
        if (events.Count > MaxBatch)
            throw new InvalidInputException(ErrorCodes.BadUserInput, $"A batch may hold {MaxBatch} events, but this one holds {events.Count}. Send it in parts.");
        cancel.ThrowIfCancellationRequested();
        var (good, errors) = Validate(events);
        if (good.Count == 0) return new RecordEventsResult(0, 0, errors);
        var own = new Pending(good, new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously));
        _waiting.Enqueue(own);
        // Not cancellable from here on: the events may already be on their way with another batch.
        await _turn.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        try
        {
            while (!own.Accepted.Task.IsCompleted) await WriteGroupAsync().ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
        var accepted = await own.Accepted.Task.ConfigureAwait(false);
        return new RecordEventsResult(accepted, good.Count - accepted, errors);
    }

    private async Task WriteGroupAsync()
    {
        var group = new List<Pending>();
        var events = new List<ViewerEvent>();
        while (events.Count < MaxGroup && _waiting.TryDequeue(out var pending))
        {
            group.Add(pending);
            events.AddRange(pending.Events);
        }
        try
        {
            var appended = await _log.AppendAsync(events, CancellationToken.None).ConfigureAwait(false);
            _graph.Apply(appended);
            await FoldAsync(appended).ConfigureAwait(false);
            var fresh = appended.Select(e => e.Event.Id).ToHashSet(StringComparer.Ordinal);
            foreach (var pending in group) pending.Accepted.SetResult(pending.Events.Count(e => fresh.Remove(e.Id)));
        }
        catch (Exception e)
        {
            foreach (var pending in group) pending.Accepted.TrySetException(e);
        }
    }

    private async Task FoldAsync(IReadOnlyList<LoggedEvent> appended)
    {
        try
        {
            await _follow(appended).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // Whatever went wrong, they are durable in the log, and the next fold takes along what this one left: to
            // call them failed would make the client send them again for nothing.
            Interlocked.Increment(ref _foldFailures);
        }
    }

    private static Task Noticed(EventDelivery delivery, IReadOnlyList<LoggedEvent> appended)
    {
        delivery.Notice(appended);
        return Task.CompletedTask;
    }

    private (List<ViewerEvent> Good, List<EventError> Errors) Validate(IReadOnlyList<ViewerEvent> events)
    {
        var (now, snapshot) = (_clock.GetUtcNow(), _graph.State.Snapshot);
        var good = new List<ViewerEvent>(events.Count);
        var errors = new List<EventError>();
        for (var i = 0; i < events.Count; i++)
        {
            var e = events[i];
            if (EventRules.Problem(e, now) is { } problem) errors.Add(new EventError(i, e.Id, ErrorCodes.BadUserInput, problem));
            else if (snapshot.Graph.Nodes(e.Target.Kind).Find(e.Target.Id) < 0)
                errors.Add(new EventError(i, e.Id, ErrorCodes.NotFound, $"There is no {e.Target.Kind.ToString().ToLowerInvariant()} with id '{e.Target.Id}'."));
            else good.Add(e);
        }
        return (good, errors);
    }

    private sealed record Pending(IReadOnlyList<ViewerEvent> Events, TaskCompletionSource<int> Accepted);
}
