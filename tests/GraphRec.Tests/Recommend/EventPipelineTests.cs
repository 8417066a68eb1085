using GraphRec.Core;
using GraphRec.Graph;
using GraphRec.Recommend;
using GraphRec.Storage.Embedded;
using Xunit;

namespace GraphRec.Tests.Recommend;

/// <summary>The write line over the embedded store in a directory of its own.</summary>
public sealed class EventPipelineTests : IAsyncLifetime
{
    private static readonly Drama[] Dramas = [.. Enumerable.Range(0, 10).Select(i => World.Drama($"d{i}"))];
    private readonly string _directory = Directory.CreateTempSubdirectory("graphrec-events-").FullName;
    private EmbeddedStore _store = null!;
    private LiveGraph _graph = null!;
    private EventPipeline _pipeline = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _store = await EmbeddedStore.OpenAsync(_directory, cancel: Cancel);
        await _store.Catalog.UpsertAsync(new CatalogBatch(Dramas, [new Person("p", "Kim")], []), Cancel);
        _graph = new LiveGraph(await _store.Export.ReadAsync(Cancel));
        _pipeline = new EventPipeline(_store.Events, _store.Graph, _graph, World.Clock);
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        Directory.Delete(_directory, true);
    }

    [Fact]
    public async Task An_event_is_recorded_once_however_often_it_is_sent()
    {
        var result = await _pipeline.RecordAsync([Watch("1"), Watch("2"), Watch("1")], Cancel);
        Assert.Equal((2, 1, 0), (result.Accepted, result.Duplicates, result.Errors.Count));
        result = await _pipeline.RecordAsync([Watch("2"), Watch("3")], Cancel);
        Assert.Equal((1, 1, 0), (result.Accepted, result.Duplicates, result.Errors.Count));
        Assert.Equal(3, _graph.State.HistoryOf("ann").Edges.Single().Times);
        Assert.Equal(3, await _store.Events.LastSequenceAsync(Cancel));
        Assert.Equal(3, await _store.Graph.AppliedThroughAsync(Cancel));
    }

    [Fact]
    public async Task A_bad_event_is_named_and_the_good_ones_are_kept()
    {
        var result = await _pipeline.RecordAsync(
        [
            Watch("good-1"), Watch("bad-1") with { Target = NodeRef.Drama("nothing") }, Watch("bad-2") with { Value = 2 }, Watch("bad-3") with { UserId = "" },
            Watch("bad-4") with { At = World.Now.AddMinutes(11) }, Watch("good-2") with { At = World.Now.AddMinutes(9) }, Watch("bad-5") with { Target = new NodeRef(NodeKind.Person, "p") },
            new ViewerEvent("good-3", "ann", new NodeRef(NodeKind.Person, "p"), EventKind.Mute, null, World.Now), Watch("bad-6") with { Kind = EventKind.Rate, Value = null },
        ], Cancel);
        Assert.Equal((3, 0), (result.Accepted, result.Duplicates));
        Assert.Equal([(1, "bad-1"), (2, "bad-2"), (3, "bad-3"), (4, "bad-4"), (6, "bad-5"), (8, "bad-6")], result.Errors.Select(e => (e.Index, e.EventId)));
        Assert.Equal([ErrorCodes.NotFound, ErrorCodes.BadUserInput], result.Errors.Select(e => e.Code).Distinct());
        Assert.Equal("There is no drama with id 'nothing'.", result.Errors[0].Message);
        Assert.Equal(["good-1", "good-2", "good-3"], (await Logged()).Select(e => e.Event.Id));
        Assert.Equal("c1.e3", _graph.State.Version.ToString());
    }

    [Fact]
    public async Task Nothing_good_writes_nothing_and_too_much_is_refused()
    {
        Assert.Equal((0, 0), (await _pipeline.RecordAsync([], Cancel)) switch { var r => (r.Accepted, r.Errors.Count) });
        Assert.Single((await _pipeline.RecordAsync([Watch("x") with { Id = "" }], Cancel)).Errors);
        var e = await Assert.ThrowsAsync<InvalidInputException>(() => _pipeline.RecordAsync([.. Enumerable.Range(0, 1001).Select(i => Watch($"{i}"))], Cancel));
        Assert.Contains("1000", e.Message);
        Assert.Contains("1001", e.Message);
        Assert.Equal(0, await _store.Events.LastSequenceAsync(Cancel));
        Assert.Equal(1000, (await _pipeline.RecordAsync([.. Enumerable.Range(0, 1000).Select(i => Watch($"{i}"))], Cancel)).Accepted);
    }

    [Fact]
    public async Task Fifty_callers_at_once_lose_and_double_nothing()
    {
        // Every event is sent by two callers, in batches that overlap; each must be counted for one of them.
        var results = await Task.WhenAll(Enumerable.Range(0, 50).Select(c => Task.Run(async () =>
        {
            var (accepted, duplicates) = (0, 0);
            for (var batch = 0; batch < 4; batch++)
            {
                var result = await _pipeline.RecordAsync([.. Enumerable.Range(0, 10).Select(i => Event((c / 2 * 40) + (batch * 10) + i))], Cancel);
                Assert.Empty(result.Errors);
                accepted += result.Accepted;
                duplicates += result.Duplicates;
            }
            return (accepted, duplicates);
        }, Cancel)));
        Assert.Equal((1000, 1000), (results.Sum(r => r.accepted), results.Sum(r => r.duplicates)));
        var logged = await Logged();
        Assert.Equal(1000, logged.Select(e => e.Event.Id).Distinct().Count());
        Assert.Equal(Enumerable.Range(1, 1000).Select(i => (long)i), logged.Select(e => e.Sequence));
        Assert.Equal((1000, 0L), (_graph.OverlayCount, _pipeline.FoldFailures));

        var fold = BehaviourFold.All(logged.Select(e => e.Event));
        var stored = (await _store.Export.ReadAsync(Cancel)).Behaviour;
        Assert.Equal(fold, stored);
        foreach (var user in fold.GroupBy(b => b.UserId)) Assert.Equal(UserHistory.Of(user).Edges, _graph.State.HistoryOf(user.Key).Edges);
    }

    [Fact]
    public async Task A_failing_log_fails_every_caller_of_the_group_and_shows_nothing()
    {
        var log = new FailingLog();
        var pipeline = new EventPipeline(log, _store.Graph, _graph, World.Clock);
        var first = pipeline.RecordAsync([Event(0)], Cancel);
        await log.Entered.Task.WaitAsync(Cancel);
        // The first one is being written; the others wait, and are written as one group.
        var others = Enumerable.Range(1, 19).Select(i => pipeline.RecordAsync([Event(i)], Cancel)).ToArray();
        log.Go.SetResult();
        foreach (var caller in others.Prepend(first)) Assert.Equal("disk full", (await Assert.ThrowsAsync<StorageException>(() => caller)).Operation);
        Assert.Equal([1, 19], log.Sizes);
        Assert.Equal((0, "c1.e0"), (_graph.OverlayCount, _graph.State.Version.ToString()));
        Assert.Equal(0, await _store.Graph.AppliedThroughAsync(Cancel));

        // The turn was given back: the next caller gets through to the log, and one that works works.
        await Assert.ThrowsAsync<StorageException>(() => pipeline.RecordAsync([Event(99)], Cancel));
        Assert.Equal(1, (await _pipeline.RecordAsync([Event(0)], Cancel)).Accepted);
    }

    [Fact]
    public async Task A_failing_graph_is_counted_and_made_up_for()
    {
        var writer = new FailingWriter(_store.Graph);
        var pipeline = new EventPipeline(_store.Events, writer, _graph, World.Clock);
        Assert.Equal(1, (await pipeline.RecordAsync([Watch("1")], Cancel)).Accepted);
        Assert.Equal((1L, 1), (pipeline.FoldFailures, _graph.OverlayCount));
        Assert.Equal(0, await _store.Graph.AppliedThroughAsync(Cancel));
        writer.Fails = false;
        await pipeline.RecordAsync([Watch("2")], Cancel);
        Assert.Equal(2, await _store.Graph.AppliedThroughAsync(Cancel));
        Assert.Equal(2, (await _store.Export.ReadAsync(Cancel)).Behaviour.Single().Times);
    }

    private static ViewerEvent Watch(string id) => new(id, "ann", NodeRef.Drama("d0"), EventKind.Watch, 0.5, World.Now);

    private static ViewerEvent Event(int i)
    {
        var kind = (i % 4) switch { 0 => EventKind.Watch, 1 => EventKind.Click, 2 => EventKind.WatchlistAdd, _ => EventKind.WatchlistRemove };
        return new ViewerEvent($"e{i}", $"u{i % 7}", NodeRef.Drama($"d{i % 3}"), kind, kind == EventKind.Watch ? i % 10 / 10.0 : null, World.Now.AddMinutes(-i));
    }

    private async Task<List<LoggedEvent>> Logged() => await _store.Events.ReadAsync(0, Cancel).ToListAsync(Cancel);

    private sealed class FailingLog : IEventLog
    {
        public TaskCompletionSource Entered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
        public TaskCompletionSource Go { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
        public List<int> Sizes { get; } = [];

        public async Task<IReadOnlyList<LoggedEvent>> AppendAsync(IReadOnlyList<ViewerEvent> events, CancellationToken cancel = default)
        {
            if (Sizes.Count < 2) Sizes.Add(events.Count);
            Entered.TrySetResult();
            await Go.Task;
            throw new StorageException("test", "disk full", true, "no space left");
        }

        public IAsyncEnumerable<LoggedEvent> ReadAsync(long afterSequence, CancellationToken cancel = default) => throw new NotSupportedException();

        public Task<long> LastSequenceAsync(CancellationToken cancel = default) => throw new NotSupportedException();
    }

    private sealed class FailingWriter(IGraphWriter inner) : IGraphWriter
    {
        public bool Fails { get; set; } = true;

        public Task ApplyAsync(IReadOnlyList<LoggedEvent> events, CancellationToken cancel = default) =>
            Fails ? throw new StorageException("test", "apply", true, "not now") : inner.ApplyAsync(events, cancel);

        public Task<long> AppliedThroughAsync(CancellationToken cancel = default) => inner.AppliedThroughAsync(cancel);
    }
}
