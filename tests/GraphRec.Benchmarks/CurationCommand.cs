using System.Diagnostics;
using System.Globalization;
using GraphRec.Contracts.Neo4j;
using GraphRec.Core;
using GraphRec.Graph;
using GraphRec.Storage.Embedded;
using GraphRec.Storage.Files;
using GraphRec.Storage.Neo4j;

namespace GraphRec.Benchmarks;

/// <summary>
/// <c>curation [--edits N] [--rate R] [--copies C] [--events E]</c>: a real Neo4j with the seed catalogue (C times over),
/// R random edits a second by hand-written Cypher, E events delivered every two seconds; how long until each edit is in the
/// graph that serves, what it costs while nothing happens, and what one reading of everything costs. Exit code 1 when an
/// edit is missed or the 99th percentile is above one second.
/// </summary>
internal static class CurationCommand
{
    public static int Run(string[] args)
    {
        var options = new Dictionary<string, double> { ["--edits"] = 2_000, ["--rate"] = 3, ["--copies"] = 1, ["--events"] = 50 };
        for (var i = 0; i + 1 < args.Length; i += 2) options[args[i]] = double.Parse(args[i + 1], CultureInfo.InvariantCulture);
        if (Neo4jServer.Missing is { } missing)
        {
            Console.Error.WriteLine(missing);
            return 2;
        }
        return RunAsync((int)options["--edits"], options["--rate"], (int)options["--copies"], (int)options["--events"]).GetAwaiter().GetResult();
    }

    private static async Task<int> RunAsync(int edits, double rate, int copies, int events)
    {
        await using var server = await Neo4jServer.OpenAsync();
        await using var store = await Neo4jStore.OpenAsync(new Neo4jOptions(server.Uri));
        await FillAsync(store, copies);
        var start = await store.Export.ReadAsync();
        Print($"{start.Dramas.Count:N0} dramas, {start.People.Count:N0} people, {start.Credits.Count:N0} credits; {edits:N0} edits at {rate}/s, {events} events every 2 s");
        var graph = new LiveGraph(start with { Behaviour = Crowd(start.Catalog) });
        var (curator, publishing, published) = (new RandomCurator(server, start.Catalog, seed: 1), new Stopwatch(), 0);
        using var stop = new CancellationTokenSource();
        var watching = Task.Run(() => store.Watch(new CatalogSubscriber(
            () => (graph.State.Snapshot.Catalog, graph.State.Snapshot.Version.CatalogRevision, graph.State.Snapshot.StoreIssues),
            (catalog, revision, issues) =>
            {
                publishing.Start();
                var replaced = graph.ReplaceCatalog(catalog, revision, issues);
                publishing.Stop();
                published++;
                curator.See(catalog);
                return replaced;
            },
            failure => Console.WriteLine(failure?.Message ?? "it answers again"))).RunAsync(stop.Token));
        await Task.Delay(5_000);
        await CostAsync("idle, 20 s", server, () => Task.Delay(20_000));

        using var recorded = new CancellationTokenSource();
        var recording = RecordAsync(store, start.Catalog, events, recorded.Token);
        var random = new Random(2);
        await CostAsync("edits and events", server, async () =>
        {
            for (var i = 0; i < edits; i++)
            {
                await curator.EditAsync(CancellationToken.None);
                // Waits of a Poisson process: some edits come in bursts, as from a script.
                await Task.Delay(TimeSpan.FromSeconds(Math.Min(5, -Math.Log(1 - random.NextDouble()) / rate)));
            }
            for (var i = 0; i < 600 && curator.Unseen > 0; i++) await Task.Delay(100);
        });
        await recorded.CancelAsync();
        await recording;
        await Task.Delay(2_000);
        var now = await store.Export.ReadAsync();
        await stop.CancelAsync();
        await watching.ContinueWith(_ => { });
        var missed = curator.Unseen + (CatalogFacts.Same(now.Catalog, graph.State.Snapshot.Catalog) ? 0 : 1);
        curator.Latencies.Sort();
        var p99 = At(curator, .99);
        Print($"published {published} times, {publishing.Elapsed.TotalMilliseconds / Math.Max(1, published):F0} ms wall each; torn {curator.Torn}, backwards {curator.Backwards.Count}, missed {missed}");
        Print($"from the commit to the graph that serves: p50 {At(curator, .5):F0} ms, p90 {At(curator, .9):F0} ms, p99 {p99:F0} ms, max {At(curator, 1):F0} ms");
        Print($"{string.Join(", ", curator.Kinds.Select(k => $"{k.Key} {k.Value}"))}");
        return missed > 0 || curator.Backwards.Count > 0 || p99 > 1_000 ? 1 : 0;
    }

    private static double At(RandomCurator curator, double share) => curator.Latencies[(int)(share * (curator.Latencies.Count - 1))];

    /// <summary>The seed, and copies of it under other ids.</summary>
    private static async Task FillAsync(Neo4jStore store, int copies)
    {
        var folder = Directory.CreateTempSubdirectory("graphrec-").FullName;
        try
        {
            await using var embedded = await EmbeddedStore.OpenAsync(folder);
            await new Importer(TimeProvider.System).RunAsync(
                new ImportRequest(Path.Combine(AppContext.BaseDirectory, "seed", "catalog")), new ImportStores(embedded.Catalog, embedded.Events, embedded.Graph, embedded.Checkpoints));
            var (dramas, people, credits) = (await embedded.Export.ReadAsync()).Catalog;
            for (var copy = 0; copy < copies; copy++)
            {
                string Of(string id) => copy == 0 ? id : $"{id}~{copy}";
                foreach (var part in dramas.Chunk(2_000))
                    await store.Catalog.UpsertAsync(new CatalogBatch([.. part.Select(d => d with { Id = Of(d.Id), Follows = d.Follows is { } f ? Of(f) : null })], [], []));
                foreach (var part in people.Chunk(5_000)) await store.Catalog.UpsertAsync(new CatalogBatch([], [.. part.Select(p => p with { Id = Of(p.Id) })], []));
                foreach (var part in credits.Chunk(5_000))
                    await store.Catalog.UpsertAsync(new CatalogBatch([], [], [.. part.Select(c => c with { DramaId = Of(c.DramaId), PersonId = Of(c.PersonId) })]));
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>60,000 watches of 2,000 viewers, so that a snapshot costs what it does in serving.</summary>
    private static List<BehaviourEdge> Crowd(CatalogBatch catalog) => BehaviourFold.All(Watches(catalog, 60_000, 0, seed: 5));

    private static IEnumerable<ViewerEvent> Watches(CatalogBatch catalog, int count, int after, int seed)
    {
        var (random, at) = (new Random(seed), new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero));
        for (var i = after; i < after + count; i++)
        {
            // The cube makes few dramas popular.
            var drama = catalog.Dramas[(int)(Math.Pow(random.NextDouble(), 3) * catalog.Dramas.Count)].Id;
            yield return new ViewerEvent($"e{i}", $"u{random.Next(2_000)}", NodeRef.Drama(drama), EventKind.Watch, random.NextDouble(), at.AddSeconds(i));
        }
    }

    private static async Task RecordAsync(Neo4jStore store, CatalogBatch catalog, int events, CancellationToken cancel)
    {
        for (var applied = 0; events > 0 && !cancel.IsCancellationRequested; applied += events)
        {
            await store.Graph.ApplyAsync([.. Watches(catalog, events, applied, seed: applied).Select((e, i) => new LoggedEvent(applied + i + 1, e))], CancellationToken.None);
            await Task.Delay(2_000, cancel).ContinueWith(_ => { });
        }
    }

    /// <summary>CPU of both processes while something goes on, as a share of one core.</summary>
    private static async Task CostAsync(string name, Neo4jServer server, Func<Task> work)
    {
        using var client = Process.GetCurrentProcess();
        using var neo4j = Process.GetProcessById(server.ProcessId);
        var (before, beforeServer, watch) = (client.TotalProcessorTime, neo4j.TotalProcessorTime, Stopwatch.StartNew());
        await work();
        var wall = watch.Elapsed;
        client.Refresh();
        neo4j.Refresh();
        Print($"{name}: {wall.TotalSeconds:F0} s wall; CPU of this process {Share(client.TotalProcessorTime - before):F1} % of a core, of Neo4j {Share(neo4j.TotalProcessorTime - beforeServer):F1} %");

        double Share(TimeSpan cpu) => 100 * cpu / wall;
    }

    private static void Print(FormattableString text) => Console.WriteLine(Measure.Text(text));
}
