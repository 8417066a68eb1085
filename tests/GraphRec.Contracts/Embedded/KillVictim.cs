using GraphRec.Contracts.Neo4j;
using GraphRec.Core;
using GraphRec.Storage.Embedded;
using GraphRec.Storage.Files;

namespace GraphRec.Contracts.Embedded;

/// <summary>
/// The process that is killed. Its order, in an environment variable, is <c>append|directory|round</c> (until killed),
/// <c>import|directory|path</c>, <c>neo4j</c> (until killed).
/// </summary>
internal static class KillVictim
{
    public const string Variable = "GRAPHREC_KILL_VICTIM";

    public static async Task<int> RunAsync(string order)
    {
        var parts = order.Split('|');
        if (parts[0] == "neo4j") return await OpenNeo4jAsync();
        await using var store = await EmbeddedStore.OpenAsync(parts[1]);
        if (parts[0] == "append") await AppendAsync(store, parts[2]);
        else if (parts[0] == "golden") await GoldenFileTests.WriteAsync(store);
        else await ImportAsync(store, parts[2]);
        return 0;
    }

    /// <summary>Four callers at once; an id is printed only after the store has acknowledged it.</summary>
    private static async Task AppendAsync(EmbeddedStore store, string round)
    {
        await store.CatchUpAsync();
        Console.Out.WriteLine("ready");
        await Task.WhenAll(Enumerable.Range(0, 4).Select(caller => Task.Run(async () =>
        {
            for (var i = 0; ; i++)
            {
                var e = Examples.Watch($"r{round}-c{caller}-{i}", $"u{i % 7}", $"d{i % 11}", (i % 10) / 10.0, i);
                var appended = await store.Events.AppendAsync([e]);
                Console.Out.WriteLine(e.Id);
                await store.Graph.ApplyAsync(appended);
            }
        })));
    }

    private static async Task<int> OpenNeo4jAsync()
    {
        await using var server = await Neo4jServer.OpenAsync();
        Console.Out.WriteLine($"{server.ProcessId} {server.Directory}");
        await Task.Delay(Timeout.Infinite);
        return 0;
    }

    private static async Task ImportAsync(EmbeddedStore store, string path)
    {
        var stores = new ImportStores(store.Catalog, store.Events, store.Graph, store.Checkpoints);
        Console.Out.WriteLine("ready");
        await new Importer(TimeProvider.System).RunAsync(new ImportRequest(path) { BatchSize = 50 }, stores);
        Console.Out.WriteLine("done");
    }
}
