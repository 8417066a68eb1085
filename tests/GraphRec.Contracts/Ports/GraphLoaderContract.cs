using GraphRec.Core;
using Xunit;

namespace GraphRec.Contracts.Ports;

/// <summary>What every <see cref="IGraphLoader"/> does. What it wrote is read through the same backend's export.</summary>
public abstract class GraphLoaderContract(Backend backend) : IAsyncLifetime
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await backend.OpenAsync();

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await backend.DisposeAsync();
    }

    [Fact]
    public async Task A_copy_batch_by_batch_equals_what_was_copied_and_copying_again_changes_nothing()
    {
        var events = Examples.Mixed(400, seed: 11);
        var behaviour = Examples.Folded(events);
        var regions = new Dictionary<string, string> { ["u1"] = "KR", ["only-a-region"] = "JP" };
        for (var round = 0; round < 2; round++)
        {
            await backend.Events.AppendAsync(events, Cancel);
            foreach (var batch in behaviour.Chunk(7)) await backend.Loader.PutBehaviourAsync(batch, Cancel);
            foreach (var (user, region) in regions) await backend.Loader.PutRegionsAsync(new Dictionary<string, string> { [user] = region }, Cancel);
            await backend.Loader.SetVersionAsync(new GraphVersion(17, 400), Cancel);

            var copy = await backend.Export.ReadAsync(Cancel);
            Assert.Equal(behaviour, copy.Behaviour);
            Assert.Equal(regions.Select(r => (r.Key, r.Value)).Order(), copy.Regions.Select(r => (r.Key, r.Value)).Order());
            Assert.Equal(new GraphVersion(17, 400), copy.Version);
            Assert.Equal(400, await backend.Graph.AppliedThroughAsync(Cancel));
            await backend.ReopenAsync();
        }
    }

    [Fact]
    public async Task An_edge_is_replaced_by_the_one_given_and_not_folded_with_it()
    {
        var watched = new BehaviourEdge("u1", EdgeType.Watched, NodeRef.Drama("d1"), 0.75, Examples.Start, Examples.Start.AddDays(2), 9);
        var before = watched with { Value = 0.125, FirstAt = Examples.Start.AddDays(1), LastAt = Examples.Start.AddDays(1), Times = 2 };
        await backend.Loader.PutBehaviourAsync([watched], Cancel);
        await backend.Loader.PutBehaviourAsync([before], Cancel);
        Assert.Equal(before, Assert.Single((await backend.Export.ReadAsync(Cancel)).Behaviour));
        await backend.Loader.PutBehaviourAsync([], Cancel);
        await backend.Loader.PutRegionsAsync(new Dictionary<string, string>(), Cancel);
        Assert.Equal(default, (await backend.Export.ReadAsync(Cancel)).Version);
    }

    [Fact]
    public async Task What_happens_after_a_copy_goes_on_from_it()
    {
        await backend.Events.AppendAsync([Examples.Watch("e1", value: 0.5)], Cancel);
        await backend.Loader.PutBehaviourAsync(Examples.Folded([Examples.Watch("e1", value: 0.5)]), Cancel);
        await backend.Loader.PutRegionsAsync(new Dictionary<string, string> { ["u1"] = "KR" }, Cancel);
        await backend.Loader.SetVersionAsync(new GraphVersion(1, 1), Cancel);
        var next = await backend.Events.AppendAsync([Examples.Watch("e2", value: 0.25, minutes: 5) with { Context = new EventContext(Region: "TH") }], Cancel);
        await backend.Graph.ApplyAsync(next, Cancel);
        var graph = await backend.Export.ReadAsync(Cancel);
        Assert.Equal(
            new BehaviourEdge("u1", EdgeType.Watched, NodeRef.Drama("d1"), 0.5, Examples.Start, Examples.Start.AddMinutes(5), 2),
            Assert.Single(graph.Behaviour));
        Assert.Equal("TH", graph.Regions["u1"]);
        Assert.Equal(2, graph.Version.AppliedThrough);
    }

    [Fact]
    public async Task A_version_beyond_the_log_is_refused_because_the_next_events_would_be_passed_over()
    {
        await backend.Events.AppendAsync([Examples.Watch("e1"), Examples.Watch("e2")], Cancel);
        var refused = await Assert.ThrowsAsync<StorageException>(() => backend.Loader.SetVersionAsync(new GraphVersion(5, 3), Cancel));
        Assert.False(refused.Retryable);
        Assert.Equal(default, (await backend.Export.ReadAsync(Cancel)).Version);
    }
}
