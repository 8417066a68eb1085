using System.Diagnostics;
using GraphRec.Contracts.Embedded;
using GraphRec.Core;
using GraphRec.Graph;
using GraphRec.Storage.Embedded;
using GraphRec.Storage.Files;
using GraphRec.Storage.Neo4j;
using Xunit;

namespace GraphRec.Contracts.Neo4j;

/// <summary>What curators edit in the stored graph reaches those who serve from memory.</summary>
[Collection(SharedNeo4j.Tests)]
public sealed class CatalogWatchTests(SharedNeo4j shared) : IAsyncLifetime
{
    private readonly Neo4jBackend _backend = new(shared);
    private readonly TempDirectory _directory = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await _backend.OpenAsync();

    public async ValueTask DisposeAsync()
    {
        await _backend.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task Of_two_thousand_edits_while_events_are_recorded_none_is_missed()
    {
        await ImportSeedAsync();
        var start = await _backend.Export.ReadAsync(Cancel);
        var curator = new RandomCurator(_backend.Server, start.Catalog, seed: 3);
        await using var serving = new Serving(_backend.Store, start, curator.See);
        using var done = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var events = RecordEventsAsync(start.Catalog, done.Token);

        var watch = Stopwatch.StartNew();
        for (var i = 0; i < 2_000; i++) await curator.EditAsync(Cancel);
        var edited = watch.Elapsed;
        await UntilAsync(() => curator.Unseen == 0);
        await done.CancelAsync();
        var applied = await events;

        var now = await _backend.Export.ReadAsync(Cancel);
        Assert.True(CatalogFacts.Same(now.Catalog, serving.Graph.State.Snapshot.Catalog));
        Assert.False(CatalogFacts.Same(now.Catalog, start.Catalog));
        Assert.Empty(curator.Backwards);
        Assert.Equal(2_000, curator.Latencies.Count);
        Assert.True(curator.Kinds.Count >= 12 && curator.Kinds.Values.Min() > 20, string.Join(", ", curator.Kinds));
        Assert.True(applied > 0);
        Assert.Equal(applied, now.Version.AppliedThrough);
        curator.Latencies.Sort();
        Assert.InRange(curator.Latencies[^1], 0, 60_000);
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"2,000 edits in {edited.TotalSeconds:F0} s, {applied} events, p50 {curator.Latencies[1000]:F0} ms, p99 {curator.Latencies[1980]:F0} ms, max {curator.Latencies[^1]:F0} ms, torn {curator.Torn}");
    }

    [Fact]
    public async Task While_nothing_is_committed_nothing_is_published_and_the_revision_stays()
    {
        await _backend.Catalog.UpsertAsync(new CatalogBatch([Examples.Goblin], [new Person("p", "P")], [new Credit("goblin-2016", "p", CreditRole.Actor, 1)]), Cancel);
        var start = await _backend.Export.ReadAsync(Cancel);
        await using var serving = new Serving(_backend.Store, start);
        await Task.Delay(1_500, Cancel);
        Assert.Equal(0, serving.Published);
        Assert.Equal(start.Version, await _backend.Export.VersionAsync(Cancel));
        // Events are commits, too, and no edits.
        await _backend.Graph.ApplyAsync(Examples.Logged([Examples.Watch("e1", drama: "goblin-2016")]), Cancel);
        await Task.Delay(1_500, Cancel);
        Assert.Equal(0, serving.Published);
    }

    [Fact]
    public async Task An_edit_raises_the_revision_and_a_mistake_is_told_with_the_others()
    {
        await _backend.Catalog.UpsertAsync(new CatalogBatch([Examples.Plain("a"), Examples.Plain("b")], [], []), Cancel);
        await _backend.Server.RowsAsync("CREATE (:Darma)", cancel: Cancel);
        var start = await _backend.Export.ReadAsync(Cancel);
        await using var serving = new Serving(_backend.Store, start);
        await _backend.Server.RowsAsync("MATCH (d:Drama {id: 'b'}) SET d.title = 'Renamed'", cancel: Cancel);
        await UntilAsync(() => serving.Graph.State.Snapshot.FindDrama("b")!.Title == "Renamed");
        Assert.Equal(start.Version.CatalogRevision + 1, serving.Graph.State.Version.CatalogRevision);
        while ((await _backend.Export.VersionAsync(Cancel)).CatalogRevision != start.Version.CatalogRevision + 1) await Task.Delay(20, Cancel);

        await _backend.Server.RowsAsync("MATCH (d:Drama {id: 'b'}) SET d.year = 'soon'", cancel: Cancel);
        await UntilAsync(() => serving.Graph.State.Snapshot.StoreIssues.Any(i => i.Kind == GraphIssues.WrongType));
        Assert.Contains(serving.Graph.State.Snapshot.StoreIssues, i => i.Kind == GraphIssues.UnknownLabel);
        // Only what is wrong changed: the same catalogue, at the same revision.
        Assert.Equal(start.Version.CatalogRevision + 1, serving.Graph.State.Version.CatalogRevision);
        await _backend.Server.RowsAsync("MATCH (d:Drama {id: 'b'}) REMOVE d.year", cancel: Cancel);
        await UntilAsync(() => serving.Graph.State.Snapshot.StoreIssues.All(i => i.Kind != GraphIssues.WrongType));
    }

    [Fact]
    public async Task What_no_reader_reads_is_told_and_is_forgotten_when_it_is_gone()
    {
        await _backend.Catalog.UpsertAsync(new CatalogBatch([Examples.Plain("a"), Examples.Plain("b")], [], []), Cancel);
        await using var serving = new Serving(_backend.Store, await _backend.Export.ReadAsync(Cancel));
        await _backend.Server.RowsAsync("MATCH (a:Drama {id: 'a'}), (b:Drama {id: 'b'}) CREATE (a)-[:ACTED_IN]->(b)", cancel: Cancel);
        await UntilAsync(() => serving.Graph.State.Snapshot.StoreIssues.Any(i => i.Kind == GraphIssues.Misplaced));
        await _backend.Server.RowsAsync("MATCH (:Drama)-[wrong:ACTED_IN]->(:Drama) DELETE wrong", cancel: Cancel);
        await UntilAsync(() => serving.Graph.State.Snapshot.StoreIssues.Count == 0);
        Assert.Equal(0, serving.Graph.State.Version.CatalogRevision - (await _backend.Export.VersionAsync(Cancel)).CatalogRevision);
    }

    [Fact]
    public async Task An_own_raise_does_not_move_the_pulse_and_an_edit_beside_it_does()
    {
        await _backend.Catalog.UpsertAsync(new CatalogBatch([Examples.Plain("a")], [], []), Cancel);
        using var client = await Neo4jClient.ConnectAsync(new Neo4jOptions(_backend.Server.Uri), Cancel);
        var pulse = new CatalogPulse(client, "neo4j");
        Task<bool> MovedAsync() => pulse.MovedAsync(() => Task.CompletedTask, Cancel);
        Task EditAsync(string title) => _backend.Server.RowsAsync("MATCH (d:Drama {id: 'a'}) SET d.title = $title", new { title }, Cancel);
        Assert.True(await MovedAsync());
        Assert.False(await MovedAsync());
        // Two raises teach it what a raise adds to the log: they count as anybody's until then.
        foreach (var revision in new[] { 10, 11 })
        {
            await pulse.RaiseAsync(revision, Cancel);
            Assert.True(await MovedAsync());
            Assert.False(await MovedAsync());
            pulse.FoundNothing();
        }
        await pulse.RaiseAsync(12, Cancel);
        Assert.False(await MovedAsync());
        await EditAsync("one");
        await pulse.RaiseAsync(13, Cancel);
        Assert.True(await MovedAsync());
        await pulse.RaiseAsync(14, Cancel);
        await EditAsync("two");
        Assert.True(await MovedAsync());
        Assert.False(await MovedAsync());
        Assert.Equal(14, (await _backend.Export.VersionAsync(Cancel)).CatalogRevision);
        // Older than what is stored: nothing is lowered.
        await pulse.RaiseAsync(3, Cancel);
        Assert.Equal(14, (await _backend.Export.VersionAsync(Cancel)).CatalogRevision);
    }

    [Fact]
    public async Task A_server_that_was_away_is_told_and_what_was_edited_meanwhile_is_seen()
    {
        await _backend.Catalog.UpsertAsync(new CatalogBatch([Examples.Plain("a")], [], []), Cancel);
        await using var serving = new Serving(_backend.Store, await _backend.Export.ReadAsync(Cancel));
        await Task.Delay(500, Cancel);
        _backend.Server.Kill();
        await UntilAsync(() => serving.Told.LastOrDefault() is not null);
        Assert.True(serving.Told[^1]!.Retryable);
        await _backend.Server.StartAsync(Cancel);
        await _backend.Server.RowsAsync("MATCH (d:Drama {id: 'a'}) SET d.title = 'Edited'", cancel: Cancel);
        await UntilAsync(() => serving.Graph.State.Snapshot.FindDrama("a")!.Title == "Edited");
        await UntilAsync(() => serving.Told[^1] is null);
    }

    [Fact]
    public async Task Another_catalogue_that_serving_took_in_is_set_right()
    {
        await _backend.Catalog.UpsertAsync(new CatalogBatch([Examples.Plain("a")], [], []), Cancel);
        var old = await _backend.Export.ReadAsync(Cancel);
        await using var serving = new Serving(_backend.Store, old);
        await _backend.Server.RowsAsync("MATCH (d:Drama {id: 'a'}) SET d.title = 'Edited'", cancel: Cancel);
        await UntilAsync(() => serving.Graph.State.Snapshot.FindDrama("a")!.Title == "Edited");
        serving.Graph.Replace(old with { Version = serving.Graph.State.Version }, cancel: Cancel);
        Assert.Equal("a", serving.Graph.State.Snapshot.FindDrama("a")!.Title);
        await UntilAsync(() => serving.Graph.State.Snapshot.FindDrama("a")!.Title == "Edited");
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        var watch = Stopwatch.StartNew();
        while (!holds())
        {
            Assert.True(watch.Elapsed < TimeSpan.FromMinutes(2), "it did not come about in two minutes");
            await Task.Delay(20, Cancel);
        }
    }

    private async Task ImportSeedAsync()
    {
        await using var embedded = await EmbeddedStore.OpenAsync(_directory.Path, cancel: Cancel);
        var stores = new ImportStores(_backend.Catalog, embedded.Events, embedded.Graph, embedded.Checkpoints);
        await new Importer(TimeProvider.System).RunAsync(new ImportRequest(Path.Combine(AppContext.BaseDirectory, "seed", "catalog")), stores, cancel: Cancel);
    }

    /// <summary>Delivers a batch of events every two seconds until cancelled; returns how many.</summary>
    private async Task<long> RecordEventsAsync(CatalogBatch catalog, CancellationToken cancel)
    {
        var (random, applied) = (new Random(4), 0);
        while (!cancel.IsCancellationRequested)
        {
            var events = Enumerable.Range(applied, 50).Select(i => Examples.Watch($"e{i}", $"u{random.Next(500)}", catalog.Dramas[random.Next(catalog.Dramas.Count)].Id, random.NextDouble(), i));
            await _backend.Graph.ApplyAsync(Examples.Logged(events, applied), Cancel);
            applied += 50;
            await Task.Delay(2_000, cancel).ContinueWith(_ => { }, TaskScheduler.Default);
        }
        return applied;
    }

    /// <summary>A graph in memory that a watch keeps as the stored one is.</summary>
    private sealed class Serving : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _watching;

        public Serving(Neo4jStore store, GraphExport export, Action<CatalogBatch>? published = null)
        {
            Graph = new LiveGraph(export);
            var watch = store.Watch(new CatalogSubscriber(
                () => (Graph.State.Snapshot.Catalog, Graph.State.Version.CatalogRevision, Graph.State.Snapshot.StoreIssues),
                (catalog, revision, issues) =>
                {
                    Assert.True(Graph.ReplaceCatalog(catalog, revision, issues));
                    Published++;
                    published?.Invoke(catalog);
                    return true;
                },
                Told.Add));
            _watching = Task.Run(() => watch.RunAsync(_stop.Token));
        }

        public LiveGraph Graph { get; }
        public int Published { get; private set; }
        public List<StorageException?> Told { get; } = [];

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _watching);
            _stop.Dispose();
        }
    }
}
