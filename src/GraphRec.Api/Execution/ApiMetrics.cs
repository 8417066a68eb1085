using System.Diagnostics.Metrics;
using GraphRec.Graph;
using GraphRec.Recommend;

namespace GraphRec.Api.Execution;

/// <summary>The meter <c>graphrec</c>.</summary>
internal sealed class ApiMetrics : IDisposable
{
    public const string MeterName = "graphrec";

    private readonly Meter _meter;
    private readonly Histogram<double> _home;
    private readonly Counter<long> _degraded;
    private readonly Counter<long> _events;
    private readonly Counter<long> _errors;
    private readonly LiveGraph _graph;
    private readonly TimeProvider _clock;
    private readonly Lock _observing = new();
    private GraphSnapshot _seen;
    private long _seenAt;

    /// <summary>What the application did not register (a graph in another store, its deliveries) has no metrics.</summary>
    public ApiMetrics(
        IMeterFactory meters, LiveGraph graph, TimeProvider clock, StoreHealth? store = null, EventDelivery? delivery = null,
        ImpressionRecorder? impressions = null, ImpressionDelivery? impressionDelivery = null)
    {
        (_graph, _clock) = (graph, clock);
        (_seen, _seenAt) = (graph.State.Snapshot, clock.GetTimestamp());
        _meter = meters.Create(MeterName);
        _home = _meter.CreateHistogram<double>("graphrec.home.duration", "s", "Time to make a home page, without writing it.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1] });
        _degraded = _meter.CreateCounter<long>("graphrec.home.degraded", "{page}", "Home pages made without something that was not available.");
        _events = _meter.CreateCounter<long>("graphrec.events", "{event}", "Events received, by outcome.");
        _errors = _meter.CreateCounter<long>("graphrec.errors", "{error}", "Errors in answers, by code.");
        _meter.CreateObservableGauge("graphrec.overlay.events", () => graph.OverlayCount, "{event}", "Events since the snapshot.");
        _meter.CreateObservableGauge("graphrec.snapshot.age", SnapshotAge, "s", "Time since the snapshot was first seen in serving.");
        if (store is not null) _meter.CreateObservableGauge("graphrec.store.reachable", () => store.Reachable ? 1 : 0, null, "1 while the graph's store answers, else 0.");
        if (impressions is not null) _meter.CreateObservableCounter("graphrec.impressions.dropped", () => impressions.Dropped, "{page}", "Pages that were not recorded because the queue was full or the log failed.");
        if (impressionDelivery is not null) _meter.CreateObservableCounter("graphrec.impressions.undelivered", () => impressionDelivery.Dropped, "{page}", "Pages that were recorded, but dropped on the way to the graph's store.");
        if (delivery is null) return;
        _meter.CreateObservableGauge("graphrec.delivery.waiting", () => delivery.Waiting, "{event}", "Events in the log that the graph's store does not hold yet.");
        _meter.CreateObservableCounter("graphrec.delivery.failures", () => delivery.Failures, "{delivery}", "Deliveries of events that failed, and were or will be tried again.");
    }

    public void Home(TimeSpan took, bool degraded)
    {
        _home.Record(took.TotalSeconds);
        if (degraded) _degraded.Add(1);
    }

    public void Events(RecordEventsResult result)
    {
        if (result.Accepted > 0) _events.Add(result.Accepted, new KeyValuePair<string, object?>("outcome", "accepted"));
        if (result.Duplicates > 0) _events.Add(result.Duplicates, new KeyValuePair<string, object?>("outcome", "duplicate"));
        if (result.Errors.Count > 0) _events.Add(result.Errors.Count, new KeyValuePair<string, object?>("outcome", "rejected"));
    }

    public void Error(string code) => _errors.Add(1, new KeyValuePair<string, object?>("code", code));

    public void Dispose() => _meter.Dispose();

    private double SnapshotAge()
    {
        lock (_observing)
        {
            var current = _graph.State.Snapshot;
            if (current != _seen) (_seen, _seenAt) = (current, _clock.GetTimestamp());
            return _clock.GetElapsedTime(_seenAt).TotalSeconds;
        }
    }
}
