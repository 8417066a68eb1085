using GraphRec.Core;
using GraphRec.Graph;
using GraphRec.Learning.Simulation;
using GraphRec.Recommend;
using GraphRec.Storage.Neo4j;

namespace GraphRec.Benchmarks.Explore;

/// <summary>
/// The graph that docs/exploring.md tells of: the seed catalogue, the default simulated viewers, home pages that were served to some of them, and
/// what came of these pages, which is drawn by chance. The same every time.
/// </summary>
internal static class ExploredGraph
{
    private const int BatchSize = 5000, EveryNth = 20, Rows = 10, ItemsPerRow = 10;

    /// <summary>Named by the queries' example parameters; the simulation's viewers with the most behaviour are like this one.</summary>
    private const string Viewer = "simulated-0610";

    public static readonly DateTimeOffset Until = new(2026, 11, 22, 0, 0, 0, TimeSpan.Zero);

    public static async Task FillAsync(Neo4jStore store, string folder)
    {
        var catalogue = CatalogueFiles.Read(folder);
        Console.Error.WriteLine($"writing {catalogue.Dramas.Count:N0} dramas, {catalogue.People.Count:N0} people and {catalogue.Credits.Count:N0} credits");
        foreach (var people in catalogue.People.Chunk(BatchSize)) await store.Catalog.UpsertAsync(new CatalogBatch([], people, []));
        foreach (var dramas in catalogue.Dramas.Chunk(BatchSize / 10)) await store.Catalog.UpsertAsync(new CatalogBatch(dramas, [], []));
        foreach (var credits in catalogue.Credits.Chunk(BatchSize)) await store.Catalog.UpsertAsync(new CatalogBatch([], [], credits));
        await RecordAsync(store, [.. new ViewerSimulator(catalogue, new SimulationOptions { Until = Until }).Run()]);
        var pages = await ServeAsync(store);
        await RecordAsync(store, [.. Outcomes(pages), .. Mutes()]);
        Console.Error.WriteLine("writing derived edges");
        await store.Derived.WriteAsync(new LiveGraph(await store.Export.ReadAsync()).State.Snapshot, Recipe.Default.MinCoWatchers);
    }

    private static async Task RecordAsync(Neo4jStore store, IReadOnlyList<ViewerEvent> events)
    {
        Console.Error.WriteLine($"recording {events.Count:N0} events");
        foreach (var batch in events.Chunk(BatchSize)) await store.Graph.ApplyAsync(await store.Events.AppendAsync(batch));
    }

    /// <summary>A home page for every twentieth viewer, and for the one of the examples, at the end of the simulated time.</summary>
    private static async Task<List<PageImpression>> ServeAsync(Neo4jStore store)
    {
        var graph = new LiveGraph(await store.Export.ReadAsync());
        var pages = new KeptPages();
        var recorder = new ImpressionRecorder(pages);
        var recommender = new Recommender(graph, Recipe.Default, TimeProvider.System, recorder);
        var users = graph.State.Snapshot.Graph.Nodes(NodeKind.User);
        var sample = Enumerable.Range(0, users.Count).Where(i => i % EveryNth == 0).Select(i => users[i]).Where(id => id != Viewer);
        Console.Error.WriteLine($"serving {users.Count / EveryNth} home pages");
        foreach (var viewer in sample.Append(Viewer)) recommender.Home(viewer, Rows, ItemsPerRow, RequestContext.None with { At = Until }, CancellationToken.None);
        using var done = new CancellationTokenSource();
        await done.CancelAsync();
        await recorder.RunAsync(e => throw new InvalidOperationException("A page was not recorded.", e), done.Token);
        await store.Impressions.AppendAsync(pages.Pages);
        return pages.Pages;
    }

    /// <summary>
    /// Of what was shown, some is opened (the first of a row more often), some of that started, and some of that finished and rated.
    /// The chances are the same for every kind of edge.
    /// </summary>
    private static IEnumerable<ViewerEvent> Outcomes(IEnumerable<PageImpression> pages)
    {
        var random = new Random(1);
        foreach (var page in pages)
        {
            for (var item = 0; item < page.Items.Count; item++)
            {
                var shown = page.Items[item];
                var drawn = (Open: random.NextDouble(), Start: random.NextDouble(), Finish: random.NextDouble());
                if (drawn.Open > 0.3 / (1 + (0.3 * shown.Position))) continue;
                var attribution = AttributionId.Of(page.PageId, item);
                ViewerEvent Of(EventKind kind, double? value, int hours) =>
                    new($"{attribution}-{kind}", page.UserId, NodeRef.Drama(shown.DramaId), kind, value, page.At.AddHours(hours)) { AttributionId = attribution };
                yield return Of(EventKind.Click, null, 1);
                if (drawn.Start > 0.6) continue;
                yield return Of(EventKind.Watch, drawn.Finish < 0.5 ? 1 : 0.2, 8);
                if (drawn.Finish < 0.25) yield return Of(EventKind.Rate, 6 + Math.Floor(20 * drawn.Finish), 9);
            }
        }
    }

    private static IEnumerable<ViewerEvent> Mutes() =>
        new[] { new NodeRef(NodeKind.Genre, "Horror"), new NodeRef(NodeKind.Tag, "zombies"), NodeRef.Drama("our-blues-2022") }
            .Select(target => new ViewerEvent($"explored-mute-{target.Id}", Viewer, target, EventKind.Mute, null, Until.AddHours(12)));

    /// <summary>The recorder writes here, so that what came of the pages can be drawn from them.</summary>
}
