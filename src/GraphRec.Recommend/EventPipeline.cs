using GraphRec.Core;
using GraphRec.Graph;

namespace GraphRec.Recommend;

/// <summary>
/// The write line: validate, append to the log (durable before the answer, once per id), fold into the stored graph,
/// apply to the overlay. The next request sees it.
/// </summary>
public sealed class EventPipeline(IEventLog log, IGraphWriter writer, LiveGraph graph, TimeProvider clock)
{
    private readonly SemaphoreSlim _order = new(1, 1);

    /// <summary>The largest batch accepted.</summary>
    public const int MaxBatch = 1000;

    /// <summary>
    /// Records the good events of a batch and names the bad ones. Once it returns, the accepted ones survive a crash and
    /// are in the next answer.
    /// </summary>
    /// <exception cref="InvalidInputException">The batch is too large.</exception>
    /// <exception cref="StorageException">The log could not be written: nothing of the batch was recorded.</exception>
    public async Task<RecordEventsResult> RecordAsync(IReadOnlyList<ViewerEvent> events, CancellationToken cancel)
    {
        if (events.Count > MaxBatch)
            throw new InvalidInputException(ErrorCodes.BadUserInput, $"A batch may hold {MaxBatch} events, but this one holds {events.Count}. Send it in parts.");
        var (good, errors) = Validate(events);
        if (good.Count == 0) return new RecordEventsResult(0, 0, errors);
        IReadOnlyList<LoggedEvent> appended;
        // One at a time, so that the overlay sees events in log order.
        await _order.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            appended = await log.AppendAsync(good, cancel).ConfigureAwait(false);
            // Acknowledged from here on: a client that gives up now must not keep the graph from following.
            await writer.ApplyAsync(appended, CancellationToken.None).ConfigureAwait(false);
            graph.Apply(appended);
        }
        finally
        {
            _order.Release();
        }
        return new RecordEventsResult(appended.Count, good.Count - appended.Count, errors);
    }

    private (List<ViewerEvent> Good, List<EventError> Errors) Validate(IReadOnlyList<ViewerEvent> events)
    {
        var (now, snapshot) = (clock.GetUtcNow(), graph.State.Snapshot);
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
}
