using System.Diagnostics;
using GraphRec.Benchmarks.Explore;
using GraphRec.Contracts.Neo4j;
using GraphRec.Contracts.Neo4j.Explore;
using GraphRec.Storage.Neo4j;

namespace GraphRec.Benchmarks;

/// <summary>
/// <c>explore [--graph URL] [--catalog DIR] [--doc FILE]</c>: runs every query of <c>cypher/explore</c> with the parameters that it names, and
/// writes what came into docs/exploring.md. Without --graph on a Neo4j of its own, which it starts and fills
/// (<see cref="ExploredGraph"/>) and throws away; with it on one that is only read.
/// </summary>
internal static class ExploreCommand
{
    public static int Run(string[] args) => RunAsync(args).GetAwaiter().GetResult();

    private static async Task<int> RunAsync(string[] args)
    {
        if (args.Length % 2 != 0) return Usage();
        var (graph, folder, doc) = ((Uri?)null, Path.Combine("seed", "catalog"), Path.Combine("docs", "exploring.md"));
        for (var i = 0; i < args.Length; i += 2)
        {
            switch (args[i])
            {
                case "--graph": graph = new Uri(args[i + 1]); break;
                case "--catalog": folder = args[i + 1]; break;
                case "--doc": doc = args[i + 1]; break;
                default: return Usage();
            }
        }
        if (graph is not null)
        {
            await WriteAsync(graph, doc);
            return 0;
        }
        await using var server = await Neo4jServer.OpenAsync();
        await using (var store = await Neo4jStore.OpenAsync(Options(server.Uri))) await ExploredGraph.FillAsync(store, folder);
        await WriteAsync(server.Uri, doc);
        return 0;
    }

    private static async Task WriteAsync(Uri graph, string doc)
    {
        using var client = await Neo4jClient.ConnectAsync(Options(graph));
        var sections = new List<string>();
        foreach (var file in ExploreFile.All)
        {
            var watch = Stopwatch.StartNew();
            var rows = await client.QueryAsync(
                "explore", Cypher.File($"explore/{file.Name}").With(file.Parameters), row => file.Columns.Select((_, column) => row[column].Clone()).ToList(), CancellationToken.None);
            Console.Error.WriteLine($"{file.Name,-28} {rows.Count,4} rows {watch.ElapsedMilliseconds,6} ms");
            sections.Add(ExploringPage.Section(file, rows));
        }
        await File.WriteAllTextAsync(doc, ExploringPage.With(await File.ReadAllTextAsync(doc), sections));
    }

    /// <summary>With patience for machines that have other work.</summary>
    private static Neo4jOptions Options(Uri graph) => new(graph) { Timeout = TimeSpan.FromMinutes(10) };

    private static int Usage()
    {
        Console.Error.WriteLine("usage: explore [--graph URL] [--catalog DIR] [--doc FILE]");
        return 2;
    }
}
