using System.Collections.Concurrent;
using GraphRec.Core;
using GraphRec.Recommend;
using GraphRec.Storage.Embedded;
using Xunit;

namespace GraphRec.Tests.Recommend;

/// <summary>Events move from the log of one store to the graph of another, which may be away.</summary>
public sealed class EventDeliveryTests : IAsyncLifetime
{
    private static readonly DeliveryOptions Fast = new()
    {
        Interval = TimeSpan.FromMilliseconds(20),
        FirstPause = TimeSpan.FromMilliseconds(5),
        LastPause = TimeSpan.FromMilliseconds(20),
        BatchSize = 100,
    };

    private readonly string _directory = Directory.CreateTempSubdirectory("graphrec-delivery-").FullName;
    private readonly StoreHealth _health = new();
    private readonly ConcurrentQueue<Exception?> _told = [];
    private readonly CancellationTokenSource _stop = new();
    private EmbeddedStore _log = null!;
    private EmbeddedStore _graph = null!;
    private int _ids;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _log = await EmbeddedStore.OpenAsync(Path.Combine(_directory, "log"), cancel: Cancel);
        _graph = await EmbeddedStore.OpenAsync(Path.Combine(_directory, "graph"), cancel: Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await _log.DisposeAsync();
        await _graph.DisposeAsync();
        _stop.Dispose();
        Directory.Delete(_directory, true);
    }

    [Fact]
    public async Task Events_arrive_in_order_and_a_stop_delivers_what_is_left()
    {
        var graph = new AwayWriter(_graph.Graph);
        var delivery = Delivery(graph, Fast with { Interval = TimeSpan.FromHours(1) });
        var running = delivery.RunAsync(_told.Enqueue, _stop.Token);
        await RecordAsync(delivery, 3);
        await RecordAsync(delivery, 250);
        // Full batches do not wait for the interval; what is left would.
        await UntilAsync(() => delivery.Waiting == 53);
        Assert.Equal(200, await _graph.Graph.AppliedThroughAsync(Cancel));
        await _stop.CancelAsync();
        await running;
        Assert.Equal((0, 253), (delivery.Waiting, await _graph.Graph.AppliedThroughAsync(Cancel)));
        Assert.Equal(Enumerable.Range(1, 253).Select(i => (long)i), graph.Applied);
        Assert.Equal(253, (await _graph.Export.ReadAsync(Cancel)).Behaviour.Single().Times);
        Assert.Empty(_told);
    }

    [Fact]
    public async Task What_was_logged_before_a_start_is_delivered_without_a_word()
    {
        await _log.Events.AppendAsync([.. Clicks(120)], Cancel);
        var delivery = Delivery(_graph.Graph, Fast);
        var running = delivery.RunAsync(_told.Enqueue, _stop.Token);
        await UntilAsync(() => delivery.Waiting == 0 && Applied() == 120);
        await _stop.CancelAsync();
        await running;
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task While_the_store_is_away_events_wait_and_then_count_once(bool appliesBeforeItFails)
    {
        var graph = new AwayWriter(_graph.Graph) { AppliesBeforeItFails = appliesBeforeItFails };
        var delivery = Delivery(graph, Fast);
        var running = delivery.RunAsync(_told.Enqueue, _stop.Token);
        await RecordAsync(delivery, 10);
        await UntilAsync(() => delivery.Waiting == 0);
        graph.Away = true;
        await RecordAsync(delivery, 10);
        await UntilAsync(() => delivery.Failures >= 1);
        await RecordAsync(delivery, 10);
        if (!appliesBeforeItFails)
        {
            await UntilAsync(() => delivery.Failures >= 4);
            Assert.Equal((20, false), (delivery.Waiting, _health.Reachable));
            Assert.Contains("away", _health.Problem);
        }
        graph.Away = false;
        await UntilAsync(() => delivery.Waiting == 0);
        await UntilAsync(() => _health.Reachable);
        Assert.Equal(30, (await _graph.Export.ReadAsync(Cancel)).Behaviour.Single().Times);
        Assert.Null(_told.Last());
        await _stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task A_store_that_was_away_at_the_start_is_well_again_although_nothing_is_to_be_delivered()
    {
        var graph = new AwayWriter(_graph.Graph) { Away = true };
        var running = Delivery(graph, Fast).RunAsync(_told.Enqueue, _stop.Token);
        await UntilAsync(() => !_health.Reachable);
        graph.Away = false;
        await UntilAsync(() => _health.Reachable);
        await _stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task A_store_that_somebody_else_writes_to_is_left_alone_and_told()
    {
        var delivery = Delivery(_graph.Graph, Fast);
        var running = delivery.RunAsync(_told.Enqueue, _stop.Token);
        await RecordAsync(delivery, 5);
        await UntilAsync(() => delivery.Waiting == 0);
        // Another server with a log of its own.
        await _graph.Graph.ApplyAsync([new LoggedEvent(6, Clicks(1).Single() with { UserId = "of another server" })], Cancel);
        await RecordAsync(delivery, 5);
        await UntilAsync(() => delivery.Failures >= 2);
        Assert.Contains("another GraphRec", Assert.IsType<StorageException>(_told.First()).Message);
        Assert.Equal(6, await _graph.Graph.AppliedThroughAsync(Cancel));
        Assert.Equal(10, await _log.Events.LastSequenceAsync(Cancel));
        await _stop.CancelAsync();
        await running;
    }

    private EventDelivery Delivery(IGraphWriter graph, DeliveryOptions options) => new(_log.Events, graph, _health, options, TimeProvider.System);

    private IEnumerable<ViewerEvent> Clicks(int count) => Enumerable.Range(0, count)
        .Select(_ => new ViewerEvent($"e{Interlocked.Increment(ref _ids)}", "ann", NodeRef.Drama("d"), EventKind.Click, null, World.Now)).ToList();

    private async Task RecordAsync(EventDelivery delivery, int count) => delivery.Notice(await _log.Events.AppendAsync([.. Clicks(count)], Cancel));

    private long Applied() => _graph.Graph.AppliedThroughAsync(Cancel).Result;

    private static async Task UntilAsync(Func<bool> so)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        patience.CancelAfter(TimeSpan.FromSeconds(60));
        while (!so()) await Task.Delay(5, patience.Token);
    }

    /// <summary>A graph that can be away: it then answers nothing, or applies what it gets and the answer is lost.</summary>
    private sealed class AwayWriter(IGraphWriter graph) : IGraphWriter
    {
        private volatile bool _away;

        public bool Away { get => _away; set => _away = value; }
        public bool AppliesBeforeItFails { get; init; }

        /// <summary>The sequences in the order in which they came.</summary>
        public List<long> Applied { get; } = [];

        public async Task ApplyAsync(IReadOnlyList<LoggedEvent> events, CancellationToken cancel = default)
        {
            if (!Away || AppliesBeforeItFails)
            {
                Applied.AddRange(events.Select(e => e.Sequence));
                await graph.ApplyAsync(events, cancel);
            }
            if (Away) throw new StorageException("test", "apply", true, "it is away");
        }

        public Task<long> AppliedThroughAsync(CancellationToken cancel = default) =>
            Away && !AppliesBeforeItFails ? Task.FromException<long>(new StorageException("test", "ask", true, "it is away")) : graph.AppliedThroughAsync(cancel);
    }
}
