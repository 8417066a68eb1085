using System.Globalization;
using GraphRec.Core;
using GraphRec.Graph;
using GraphRec.Recommend;
using GraphRec.Recommend.Curation;
using GraphRec.Storage.Embedded;

namespace GraphRec.Benchmarks;

/// <summary>
/// <c>catalogue-edit --data DIR [--runs N]</c>: CPU from a catalogue that was read to a graph in serving that has it, on one
/// thread; DIR holds a stored graph (<c>graphrec serve --data DIR</c> makes one).
/// </summary>
internal static class CatalogueEditCommand
{
    public static int Run(string[] args)
    {
        var (folder, runs) = ("", 20);
        for (var i = 0; i + 1 < args.Length; i += 2)
        {
            if (args[i] == "--data") folder = args[i + 1];
            else if (args[i] == "--runs") runs = int.Parse(args[i + 1], CultureInfo.InvariantCulture);
        }
        if (folder.Length == 0)
        {
            Console.Error.WriteLine("usage: catalogue-edit --data DIR [--runs N]");
            return 2;
        }
        var export = ReadAsync(folder).GetAwaiter().GetResult();
        var graph = new LiveGraph(export);
        Print($"{export.Dramas.Count:N0} dramas, {export.People.Count:N0} people, {export.Credits.Count:N0} credits, {export.Behaviour.Count:N0} behaviour edges");
        Print($"{"CPU ms, mean of " + runs + " on one thread",-54}{"CPU",8}{"wall",8}");
        Time("full build from an export", runs, () => graph.Replace(export, threads: 1));
        var catalog = export.Catalog;
        Edit("a person's name, a drama's genre", catalog with
        {
            People = [catalog.People[0] with { Name = "Renamed" }, .. catalog.People.Skip(1)],
            Dramas = [.. catalog.Dramas.Select((d, i) => i == 100 ? d with { Genres = [.. d.Genres, .. catalog.Dramas[0].Genres] } : d)],
        });
        Edit("a new genre", catalog with { Dramas = [.. catalog.Dramas.Select((d, i) => i == 100 ? d with { Genres = [.. d.Genres, "new"] } : d)] });
        Edit("a credit less", catalog with { Credits = [.. catalog.Credits.Skip(1)] });
        Edit("a drama more that nobody watched", catalog with { Dramas = [.. catalog.Dramas, new Drama { Id = "k-new", Title = "New" }] });
        var audience = graph.State.Snapshot.Derived.Audience;
        int[] byAudience = [.. Enumerable.Range(0, audience.Length).OrderBy(d => audience[d])];
        foreach (var share in (double[])[.5, .9, .99, 1])
        {
            var drama = byAudience[(int)(share * (byAudience.Length - 1))];
            Edit($"a drama less, of {audience[drama]} viewers", catalog with { Dramas = [.. catalog.Dramas.Where(d => d.Id != graph.State.Snapshot.Dramas[drama].Id)] });
        }
        Edit("what is wrong then", catalog, snapshot => _ = snapshot.Issues);
        var popular = new CatalogEdge(EdgeType.Tagged, graph.State.Snapshot.Dramas[byAudience[^1]].Id, "a new tag");
        var (previews, now) = (new CurationPreviewer(Recipe.Default), export.Behaviour.Max(b => b.LastAt));
        Time("curationPreview, 200 viewers", Math.Max(1, runs / 10), () =>
            previews.PreviewAsync(graph.State, EdgeChange.Add, popular, 200, now, CancellationToken.None).GetAwaiter().GetResult());
        return 0;

        // Always from the same snapshot, so that every run has the same to do.
        void Edit(string name, CatalogBatch edited, Action<GraphSnapshot>? then = null) => Time($"ReplaceCatalog: {name}", runs, () =>
        {
            var snapshot = graph.State.Snapshot.WithCatalog(edited, 1);
            then?.Invoke(snapshot);
        });
    }

    private static async Task<GraphExport> ReadAsync(string folder)
    {
        await using var store = await EmbeddedStore.OpenAsync(folder, new EmbeddedOptions { ReadOnly = true });
        return await store.Export.ReadAsync();
    }

    private static void Time(string name, int runs, Action edit)
    {
        for (var i = 0; i < 10; i++) edit();
        Thread.Sleep(300);
        var time = Measure.Of(() =>
        {
            for (var i = 0; i < runs; i++) edit();
        });
        Print($"{name,-54}{1000 * time.Cpu / runs,8:F1}{1000 * time.Wall / runs,8:F1}");
    }

    private static void Print(FormattableString text) => Console.WriteLine(Measure.Text(text));
}
