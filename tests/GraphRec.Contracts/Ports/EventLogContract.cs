using GraphRec.Core;
using Xunit;

namespace GraphRec.Contracts.Ports;

/// <summary>What every <see cref="IEventLog"/> does.</summary>
public abstract class EventLogContract(Backend backend) : IAsyncLifetime
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private IEventLog Log => backend.Events;

    public async ValueTask InitializeAsync() => await backend.OpenAsync();

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await backend.DisposeAsync();
    }

    [Fact]
    public async Task An_empty_log_ends_at_zero()
    {
        Assert.Equal(0, await Log.LastSequenceAsync(Cancel));
        Assert.Empty(await Examples.ListAsync(Log.ReadAsync(0, Cancel)));
        Assert.Empty(await Log.AppendAsync([], Cancel));
    }

    [Fact]
    public async Task Events_come_back_exactly_in_order_also_after_a_restart()
    {
        ViewerEvent[] events =
        [
            Examples.Watch("e1", value: 0.1) with { AttributionId = "page-7", Context = new EventContext("tv", "KR") },
            Examples.Watch("e2", user: "다정 👹", drama: "it's") with { Context = new EventContext() },
            Examples.Of(EventKind.Mute, "e3", new NodeRef(NodeKind.Genre, "Sci-Fi")) with { Context = new EventContext("phone") },
            Examples.Of(EventKind.Rate, "e4", NodeRef.Drama("d"), 1.0 / 3, minutes: -5_000_000),
            Examples.Of(EventKind.Impression, "e5", NodeRef.Drama("d")) with { Context = new EventContext(Region: "JP") },
        ];
        var appended = await Log.AppendAsync(events, Cancel);
        Assert.Equal(events, appended.Select(a => a.Event));
        Assert.Equal([1, 2, 3, 4, 5], appended.Select(a => a.Sequence));
        Assert.Equal(appended, await Examples.ListAsync(Log.ReadAsync(0, Cancel)));
        await backend.ReopenAsync();
        Assert.Equal(appended, await Examples.ListAsync(Log.ReadAsync(0, Cancel)));
        Assert.Equal(5, await Log.LastSequenceAsync(Cancel));
    }

    [Fact]
    public async Task Times_are_kept_to_the_millisecond_at_least_and_returned_as_kept()
    {
        var fine = Examples.Watch("e1") with { At = Examples.Start.AddTicks(1_234) };
        var appended = (await Log.AppendAsync([fine], Cancel)).Single();
        Assert.True((fine.At - appended.Event.At).Duration() < TimeSpan.FromMilliseconds(1));
        Assert.Equal(appended, (await Examples.ListAsync(Log.ReadAsync(0, Cancel))).Single());
        var abroad = Examples.Watch("e2") with { At = new DateTimeOffset(2026, 3, 1, 9, 30, 0, 7, TimeSpan.FromHours(9)) };
        Assert.Equal(abroad.At, (await Log.AppendAsync([abroad], Cancel)).Single().Event.At);
    }

    [Fact]
    public async Task Every_kind_of_event_and_target_survives()
    {
        var events = Enum.GetValues<EventKind>().Select(kind => Examples.Of(kind, $"k-{kind}", NodeRef.Drama("d")))
            .Concat(Enum.GetValues<NodeKind>().Select(kind => Examples.Of(EventKind.Mute, $"n-{kind}", new NodeRef(kind, "x")))).ToList();
        await Log.AppendAsync(events, Cancel);
        Assert.Equal(events, (await Examples.ListAsync(Log.ReadAsync(0, Cancel))).Select(e => e.Event));
    }

    [Fact]
    public async Task A_known_id_is_passed_over_whatever_it_says_now()
    {
        await Log.AppendAsync([Examples.Watch("e1", value: 0.2)], Cancel);
        var appended = await Log.AppendAsync([Examples.Watch("e1", value: 0.9), Examples.Watch("e2"), Examples.Watch("e2")], Cancel);
        Assert.Equal(new LoggedEvent(2, Examples.Watch("e2")), Assert.Single(appended));
        Assert.Empty(await Log.AppendAsync([Examples.Watch("e2")], Cancel));
        await backend.ReopenAsync();
        Assert.Empty(await Log.AppendAsync([Examples.Watch("e1")], Cancel));
        Assert.Equal([0.2, null], (await Examples.ListAsync(Log.ReadAsync(0, Cancel))).Select(e => e.Event.Value));
    }

    [Fact]
    public async Task Reading_begins_after_the_sequence_given()
    {
        await Log.AppendAsync([.. Enumerable.Range(1, 10).Select(i => Examples.Watch($"e{i}"))], Cancel);
        Assert.Equal(["e8", "e9", "e10"], (await Examples.ListAsync(Log.ReadAsync(7, Cancel))).Select(e => e.Event.Id));
        Assert.Empty(await Examples.ListAsync(Log.ReadAsync(10, Cancel)));
        Assert.Empty(await Examples.ListAsync(Log.ReadAsync(99, Cancel)));
    }

    [Fact]
    public async Task A_long_log_is_read_whole_and_in_order()
    {
        await Log.AppendAsync([.. Enumerable.Range(1, 7_001).Select(i => Examples.Watch($"e{i}"))], Cancel);
        var read = await Examples.ListAsync(Log.ReadAsync(0, Cancel));
        Assert.Equal(Enumerable.Range(1, 7_001).Select(i => ((long)i, $"e{i}")), read.Select(e => (e.Sequence, e.Event.Id)));
    }

    [Fact]
    public async Task Parallel_appends_lose_nothing_double_nothing_and_keep_each_callers_order()
    {
        // 16 callers with 40 calls of 3 events; every third event is sent by two callers.
        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(caller => Task.Run(async () =>
        {
            var own = new List<LoggedEvent>();
            for (var call = 0; call < 40; call++)
            {
                own.AddRange(await Log.AppendAsync(
                    [Examples.Watch($"c{caller}-{call}a"), Examples.Watch($"c{caller}-{call}b"), Examples.Watch($"shared{caller / 2}-{call}")], Cancel));
            }
            return own;
        }, Cancel)));

        var read = await Examples.ListAsync(Log.ReadAsync(0, Cancel));
        Assert.Equal((16 * 40 * 2) + (8 * 40), read.Count);
        Assert.Equal(read.Count, read.Select(e => e.Event.Id).Distinct().Count());
        Assert.Equal(read, read.OrderBy(e => e.Sequence));
        Assert.Equal(read, answers.SelectMany(a => a).OrderBy(e => e.Sequence));
        for (var caller = 0; caller < 16; caller++)
        {
            var own = read.Where(e => e.Event.Id.StartsWith($"c{caller}-", StringComparison.Ordinal)).Select(e => e.Event.Id);
            Assert.Equal(Enumerable.Range(0, 40).SelectMany(call => new[] { $"c{caller}-{call}a", $"c{caller}-{call}b" }), own);
        }
    }

    [Fact]
    public async Task A_cancelled_call_appends_nothing()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Log.AppendAsync([Examples.Watch("e1")], new CancellationToken(true)));
        Assert.Equal(0, await Log.LastSequenceAsync(Cancel));
    }
}
