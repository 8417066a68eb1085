using GraphRec.Core;
using GraphRec.Graph;
using GraphRec.Graph.Kernels;
using GraphRec.Storage.Neo4j;
using Xunit;

namespace GraphRec.Contracts.Neo4j;

/// <summary>The derived edges in a real Neo4j are the snapshot's neighbour lists, whatever was there before.</summary>
[Collection(SharedNeo4j.Tests)]
public sealed class DerivedEdgesTests(SharedNeo4j shared)
{
    private const int Dramas = 60;
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task They_are_the_snapshots_lists_without_co_watched_edges_of_few_viewers()
    {
        var (server, store, snapshot) = await OpenAsync(Viewers(30, 1), 7);
        await using var _ = store;
        Assert.Null(await store.Derived.VersionAsync(Cancel));
        Assert.Null(await store.Derived.ReadAsync(snapshot, [0, 1], Cancel));

        await store.Derived.WriteAsync(snapshot, 5, cancel: Cancel);
        Assert.Equal("c1.e7", await store.Derived.VersionAsync(Cancel));
        var lists = await AllAsync(store, snapshot);
        Same(snapshot.Derived.Walk, lists.Walk, 0);
        Same(snapshot.Derived.CoWatch, lists.CoWatch, 5);
        // Some edges have fewer than five viewers behind them, and some five or more: else the minimum would not show.
        Assert.InRange(lists.CoWatch.EdgeCount, 1, snapshot.Derived.CoWatch.EdgeCount - 1);
        var counts = await server.RowsAsync("MATCH (:Drama)-[r:CO_WATCHED]->(:Drama) RETURN min(r.count), min(r.version), max(r.version)", cancel: Cancel);
        Assert.Equal(["5", "c1.e7", "c1.e7"], counts[0].Select(v => v.ToString()));
    }

    [Fact]
    public async Task A_later_version_leaves_nothing_of_an_earlier_one()
    {
        var (server, store, before) = await OpenAsync(Viewers(30, 1), 7);
        await using var _ = store;
        await store.Derived.WriteAsync(before, 5, cancel: Cancel);
        // A drama that the next snapshot does not have: its edges are in no batch.
        await server.RowsAsync("MATCH (b:Drama {id: 'd00'}) CREATE (:Drama {id: 'gone'})-[:WALKS_TO {score: 1.0, version: 'c0.e1'}]->(b)", cancel: Cancel);

        var after = Snapshot(Viewers(20, 2), 8);
        await store.Derived.WriteAsync(after, 5, cancel: Cancel);
        var lists = await AllAsync(store, after);
        Same(after.Derived.Walk, lists.Walk, 0);
        Same(after.Derived.CoWatch, lists.CoWatch, 5);
        var left = await server.RowsAsync("MATCH ()-[r:WALKS_TO|CO_WATCHED]->() RETURN count(*), min(r.version)", cancel: Cancel);
        Assert.Equal([$"{lists.Walk.EdgeCount + lists.CoWatch.EdgeCount}", "c1.e8"], left[0].Select(v => v.ToString()));
    }

    [Fact]
    public async Task A_run_that_was_stopped_goes_on_and_the_edges_before_it_count_until_it_is_done()
    {
        var (_, store, before) = await OpenAsync(Viewers(30, 1), 7);
        await using var __ = store;
        await store.Derived.WriteAsync(before, 5, cancel: Cancel);
        var after = Snapshot(Viewers(20, 2), 8);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var first = new Told(stop.Cancel);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.Derived.WriteAsync(after, 5, first, stop.Token));
        Assert.Equal([new DerivedProgress(25, Dramas)], first.Progress);
        Assert.Equal("c1.e7", await store.Derived.VersionAsync(Cancel));
        // Each drama's list is whole, of one version or the other.
        var half = await AllAsync(store, after);
        Assert.Equal(after.Derived.Walk.Of(0).ToArray().Order(), half.Walk.Of(0).ToArray().Order());
        Assert.Equal(before.Derived.Walk.Of(Dramas - 1).ToArray().Order(), half.Walk.Of(Dramas - 1).ToArray().Order());

        var second = new Told(() => { });
        await store.Derived.WriteAsync(after, 5, second, Cancel);
        Assert.Equal([new DerivedProgress(50, Dramas), new DerivedProgress(Dramas, Dramas)], second.Progress);
        Assert.Equal("c1.e8", await store.Derived.VersionAsync(Cancel));
        Same(after.Derived.Walk, (await AllAsync(store, after)).Walk, 0);
    }

    [Fact]
    public async Task Of_what_is_not_there_nothing_is_read()
    {
        var (server, store, snapshot) = await OpenAsync(Viewers(30, 1), 7);
        await using var _ = store;
        await store.Derived.WriteAsync(snapshot, 5, cancel: Cancel);
        var whole = await AllAsync(store, snapshot);
        await server.RowsAsync("MATCH (d:Drama {id: 'd00'}) DETACH DELETE d", cancel: Cancel);
        await server.RowsAsync("MATCH (d:Drama {id: 'd01'}) CREATE (d)-[:WALKS_TO {score: 1.0}]->(:Drama {id: 'unknown'}), (d)-[:WALKS_TO]->(:Drama)", cancel: Cancel);
        var lists = (await store.Derived.ReadAsync(snapshot, [0, 1], Cancel))!;
        Assert.Empty(lists.Walk.Of(0).ToArray());
        Assert.Equal(whole.Walk.Of(1).ToArray().Where(d => d != 0).Order(), lists.Walk.Of(1).ToArray().Order());
        Assert.Empty(lists.Walk.Of(2).ToArray());
        Assert.Null(await store.Derived.ReadAsync(snapshot, [0], Cancel));
    }

    private async Task<(Neo4jServer Server, Neo4jStore Store, GraphSnapshot Snapshot)> OpenAsync(BehaviourEdge[] behaviour, long through)
    {
        var server = await shared.EmptyAsync();
        await ExportLoad.RunAsync(server, Export(behaviour, through), Cancel);
        return (server, await Neo4jStore.OpenAsync(new Neo4jOptions(server.Uri), Cancel), Snapshot(behaviour, through));
    }

    private static async Task<NeighbourLists> AllAsync(Neo4jStore store, GraphSnapshot snapshot) =>
        (await store.Derived.ReadAsync(snapshot, [.. Enumerable.Range(0, Dramas)], Cancel))!;

    private static void Same(ItemNeighbours expected, ItemNeighbours actual, int minCount)
    {
        for (var d = 0; d < Dramas; d++)
        {
            var (items, scores, counts) = (expected.Of(d).ToArray(), expected.Scores(d).ToArray(), expected.Counts(d).ToArray());
            var (found, foundScores) = (actual.Of(d).ToArray(), actual.Scores(d).ToArray());
            // To the bit: a page from these is the page from the snapshot.
            Assert.Equal(
                items.Zip(scores, counts).Where(n => n.Third >= minCount).Select(n => (n.First, n.Second)).OrderBy(n => n.First),
                found.Zip(foundScores).Select(n => (n.First, n.Second)).OrderBy(n => n.First));
        }
    }

    private static GraphSnapshot Snapshot(BehaviourEdge[] behaviour, long through) => new(Export(behaviour, through));

    private static GraphExport Export(BehaviourEdge[] behaviour, long through) => new(
        new GraphVersion(1, through), [.. Enumerable.Range(0, Dramas).Select(d => new Drama { Id = Id(d), Title = $"Drama {d}" })], [], [], behaviour);

    /// <summary>Each watched a third of the dramas.</summary>
    private static BehaviourEdge[] Viewers(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).SelectMany(v => Enumerable.Range(0, Dramas).Where(_ => random.Next(3) == 0).Select(d =>
            new BehaviourEdge($"v{v}", EdgeType.Watched, NodeRef.Drama(Id(d)), 1, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, 1)))];
    }

    private static string Id(int drama) => $"d{drama:00}";

    /// <summary>Told at once, unlike <see cref="Progress{T}"/>.</summary>
    private sealed class Told(Action then) : IProgress<DerivedProgress>
    {
        public List<DerivedProgress> Progress { get; } = [];

        public void Report(DerivedProgress value)
        {
            Progress.Add(value);
            then();
        }
    }
}
