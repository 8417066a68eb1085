using GraphRec.Core;
using Xunit;

namespace GraphRec.Contracts.Ports;

/// <summary>What every <see cref="IGraphWriter"/> does. What it wrote is read through the same backend's export.</summary>
public abstract class GraphWriterContract(Backend backend) : IAsyncLifetime
{
    private static readonly NodeRef D1 = NodeRef.Drama("d1");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await backend.OpenAsync();

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await backend.DisposeAsync();
    }

    [Fact]
    public async Task Nothing_is_applied_at_first()
    {
        Assert.Equal(0, await backend.Graph.AppliedThroughAsync(Cancel));
        await backend.Graph.ApplyAsync([], Cancel);
        Assert.Equal(0, await backend.Graph.AppliedThroughAsync(Cancel));
    }

    [Fact]
    public async Task Watches_fold_to_the_largest_share_and_both_ends_of_time()
    {
        await ApplyAsync(Examples.Watch("e1", value: 0.5, minutes: 10), Examples.Watch("e2", value: 0.2, minutes: 30), Examples.Watch("e3", value: 0.4));
        var edge = new BehaviourEdge("u1", EdgeType.Watched, D1, 0.5, Examples.Start, Examples.Start.AddMinutes(30), 3);
        Assert.Equal(edge, Assert.Single(await EdgesAsync()));
    }

    [Fact]
    public async Task The_latest_rating_counts_not_the_last_to_arrive()
    {
        await ApplyAsync(Examples.Of(EventKind.Rate, "e1", D1, 9, minutes: 10), Examples.Of(EventKind.Rate, "e2", D1, 3));
        Assert.Equal(9, Assert.Single(await EdgesAsync()).Value);
    }

    [Fact]
    public async Task What_is_taken_back_is_gone_and_may_come_again()
    {
        var person = new NodeRef(NodeKind.Person, "p");
        await ApplyAsync(
            Examples.Of(EventKind.WatchlistAdd, "e1", D1), Examples.Of(EventKind.Mute, "e2", person),
            Examples.Of(EventKind.WatchlistRemove, "e3", D1, minutes: 1));
        Assert.Equal(EdgeType.Muted, Assert.Single(await EdgesAsync()).Type);
        await ApplyAsync(Examples.Of(EventKind.Unmute, "e4", person, minutes: 2), Examples.Of(EventKind.WatchlistAdd, "e5", D1, minutes: 3));
        Assert.Equal(
            new BehaviourEdge("u1", EdgeType.Watchlisted, D1, 1, Examples.Start.AddMinutes(3), Examples.Start.AddMinutes(3), 1),
            Assert.Single(await EdgesAsync()));
    }

    [Fact]
    public async Task Impressions_leave_no_edge_but_count_as_applied()
    {
        await ApplyAsync(Examples.Of(EventKind.Impression, "e1", D1));
        Assert.Empty(await EdgesAsync());
        Assert.Equal(1, await backend.Graph.AppliedThroughAsync(Cancel));
    }

    [Fact]
    public async Task Targets_of_two_kinds_with_one_id_are_two_edges()
    {
        await ApplyAsync(Examples.Of(EventKind.Mute, "e1", D1), Examples.Of(EventKind.Mute, "e2", new NodeRef(NodeKind.Tag, "d1")));
        Assert.Equal([NodeKind.Drama, NodeKind.Tag], (await EdgesAsync()).Select(b => b.Target.Kind));
    }

    [Fact]
    public async Task A_retry_changes_nothing()
    {
        var events = Examples.Logged(Examples.Mixed(200, seed: 1));
        await backend.Graph.ApplyAsync(events, Cancel);
        var once = await EdgesAsync();
        await backend.Graph.ApplyAsync(events, Cancel);
        await backend.Graph.ApplyAsync([.. events.Skip(50).Take(20)], Cancel);
        Assert.Equal(once, await EdgesAsync());
        Assert.Equal(200, await backend.Graph.AppliedThroughAsync(Cancel));
    }

    [Fact]
    public async Task An_overlapping_call_applies_only_what_is_new()
    {
        var events = Examples.Logged(Examples.Mixed(300, seed: 2));
        await backend.Graph.ApplyAsync([.. events.Take(200)], Cancel);
        await backend.Graph.ApplyAsync([.. events.Skip(150)], Cancel);
        Assert.Equal(Examples.Folded(events.Select(e => e.Event)), await EdgesAsync());
    }

    [Theory]
    [InlineData(3, 1)]
    [InlineData(4, 7)]
    [InlineData(5, 100)]
    [InlineData(6, 1_000)]
    public async Task Edges_equal_the_fold_of_the_log_however_it_is_cut(int seed, int cut)
    {
        var events = Examples.Logged(Examples.Mixed(cut == 1 ? 150 : 1_000, seed));
        foreach (var chunk in events.Chunk(cut)) await backend.Graph.ApplyAsync(chunk, Cancel);
        var expected = Examples.Folded(events.Select(e => e.Event));
        Assert.Equal(expected, await EdgesAsync());
        Assert.Equal(events.Count, await backend.Graph.AppliedThroughAsync(Cancel));
        await backend.ReopenAsync();
        Assert.Equal(expected, await EdgesAsync());
        Assert.Equal(events.Count, await backend.Graph.AppliedThroughAsync(Cancel));
    }

    [Fact]
    public async Task Calls_in_any_order_lose_nothing_because_the_log_has_what_they_skip()
    {
        var events = await backend.Events.AppendAsync(Examples.Mixed(300, seed: 7), Cancel);
        foreach (var chunk in events.Chunk(20).Reverse()) await backend.Graph.ApplyAsync([.. chunk.Reverse()], Cancel);
        Assert.Equal(Examples.Folded(events.Select(e => e.Event)), await EdgesAsync());
        Assert.Equal(300, await backend.Graph.AppliedThroughAsync(Cancel));
        Assert.Equal(300, await backend.Events.LastSequenceAsync(Cancel));
    }

    [Fact]
    public async Task A_call_that_skips_what_no_log_has_is_refused_until_that_came()
    {
        var events = Examples.Logged(Examples.Mixed(30, seed: 8));
        await backend.Graph.ApplyAsync([.. events.Take(10)], Cancel);
        foreach (var ahead in new[] { events.Skip(11), events.Take(5).Concat(events.Skip(20)), events.Skip(10).Take(5).Concat(events.Skip(16)) })
        {
            var refused = await Assert.ThrowsAsync<StorageException>(() => backend.Graph.ApplyAsync([.. ahead], Cancel));
            Assert.True(refused.Retryable);
        }
        Assert.Equal(10, await backend.Graph.AppliedThroughAsync(Cancel));
        Assert.Equal(Examples.Folded(events.Take(10).Select(e => e.Event)), await EdgesAsync());
        await backend.Graph.ApplyAsync([.. events.Skip(10)], Cancel);
        Assert.Equal(Examples.Folded(events.Select(e => e.Event)), await EdgesAsync());
    }

    [Fact]
    public async Task Times_are_cut_to_the_millisecond_as_in_the_log()
    {
        await ApplyAsync(Examples.Watch("e1") with { At = Examples.Start.AddTicks(9_999) });
        Assert.Equal((Examples.Start, Examples.Start), (Assert.Single(await EdgesAsync()).FirstAt, Assert.Single(await EdgesAsync()).LastAt));
    }

    [Fact]
    public async Task A_viewers_region_is_that_of_their_latest_event_with_one()
    {
        await ApplyAsync(InRegion("e1", "u1", "KR", 10), InRegion("e2", "u1", "JP", 5), InRegion("e3", "u2", "TH", 1), InRegion("e4", "u3", null, 1));
        await ApplyAsync(InRegion("e5", "u1", "US", 7), InRegion("e6", "u2", "TW", 1), InRegion("e7", "u2", null, 9));
        for (var round = 0; round < 2; round++)
        {
            var regions = (await backend.Export.ReadAsync(Cancel)).Regions;
            Assert.Equal([("u1", "KR"), ("u2", "TW")], regions.Select(r => (r.Key, r.Value)).Order());
            await backend.ReopenAsync();
        }

        static ViewerEvent InRegion(string id, string user, string? region, double minutes) =>
            Examples.Watch(id, user, minutes: minutes) with { Context = new EventContext("tv", region) };
    }

    private async Task ApplyAsync(params ViewerEvent[] events) =>
        await backend.Graph.ApplyAsync(Examples.Logged(events, await backend.Graph.AppliedThroughAsync(Cancel)), Cancel);

    private async Task<IReadOnlyList<BehaviourEdge>> EdgesAsync() => (await backend.Export.ReadAsync(Cancel)).Behaviour;
}
