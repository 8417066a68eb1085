using System.Globalization;
using GraphRec.Core;
using GraphRec.Graph;
using GraphRec.Learning.Training;
using GraphRec.Recommend;
using GraphRec.Recommend.Sources;
using GraphRec.Storage.Embedded;

namespace GraphRec.Benchmarks;

/// <summary><c>faithfulness --data DIR [--recipe FILE] [--at TIME]</c>: the deletion test on 500 recommendations, with the model that was trained in DIR, if one was.</summary>
public static class FaithfulnessCommand
{
    public static int Run(string[] args)
    {
        var recipe = Value(args, "--recipe") is { } file ? Recipe.Load(file) : Recipe.Default;
        var data = Value(args, "--data") ?? "data";
        using var store = new Disposer(EmbeddedStore.OpenAsync(data, new EmbeddedOptions { ReadOnly = true }).GetAwaiter().GetResult());
        var export = store.Store.Export.ReadAsync().GetAwaiter().GetResult();
        var now = Value(args, "--at") is { } at ? DateTimeOffset.Parse(at, CultureInfo.InvariantCulture) : export.Behaviour.Max(b => b.LastAt);
        var graph = new LiveGraph(export);
        var users = graph.State.Snapshot.Graph.Nodes(NodeKind.User);
        var viewers = Enumerable.Range(0, 400).Select(i => users[(int)((long)i * users.Count / 400)]);
        var trained = new ModelFolder(data).Current() is { } served ? new TrainedLists(served.Manifest.Version, served.Dramas, served.Lists) : null;
        Console.WriteLine(new Faithfulness(graph, recipe, now, trained).Run(viewers, 500, CancellationToken.None));
        return 0;
    }

    private static string? Value(string[] args, string name) => Array.IndexOf(args, name) is >= 0 and var i && i + 1 < args.Length ? args[i + 1] : null;

    private sealed class Disposer(EmbeddedStore store) : IDisposable
    {
        public EmbeddedStore Store => store;

        public void Dispose() => store.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }
}
