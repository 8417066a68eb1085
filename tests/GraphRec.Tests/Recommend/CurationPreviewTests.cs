using GraphRec.Core;
using GraphRec.Graph;
using GraphRec.Recommend;
using GraphRec.Recommend.Curation;
using GraphRec.Storage.Embedded;
using Xunit;

namespace GraphRec.Tests.Recommend;

public sealed class CurationPreviewTests
{
    private static readonly GraphExport Town = World.Random(4, 60, 120);
    private static readonly Drama Drama = Town.Dramas[3];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Changed_pages_are_those_that_differ_with_the_edit_made()
    {
        var graph = new LiveGraph(Town);
        graph.Apply([new LoggedEvent(2, new ViewerEvent("e", "newcomer", NodeRef.Drama(Drama.Id), EventKind.Watch, 1, World.Now))]);
        var edge = new CatalogEdge(EdgeType.HasGenre, Town.Dramas[0].Id, "Noir");
        var preview = await new CurationPreviewer(Recipe.Default).PreviewAsync(graph.State, EdgeChange.Add, edge, 1000, World.Now, Cancel);

        var before = Pages(graph);
        Assert.True(graph.ReplaceCatalog(edge.Apply(EdgeChange.Add, graph.State.Snapshot), 1, cancel: Cancel));
        var after = Pages(graph);
        Assert.Contains("newcomer", before.Keys);
        Assert.Equal(before.Keys.Where(u => before[u] != after[u]).Order(StringComparer.Ordinal), preview.Viewers.Select(v => v.UserId).Order(StringComparer.Ordinal));
        Assert.NotEmpty(preview.Viewers);
        Assert.Equal((before.Count, before.Count), (preview.ViewersTotal, preview.ViewersSampled));
        Assert.Equal(preview.Viewers.Select(v => v.Count).OrderDescending(), preview.Viewers.Select(v => v.Count));
    }

    [Fact]
    public async Task Connected_are_all_viewers_of_what_the_ends_touch()
    {
        Drama[] dramas = [World.Drama("a") with { Tags = ["food"] }, World.Drama("b") with { Tags = ["food"] }, World.Drama("c"), World.Drama("d")];
        var mute = new BehaviourEdge("eve", EdgeType.Muted, new NodeRef(NodeKind.Tag, "food"), 1, World.Now, World.Now, 1);
        var state = new LiveGraph(World.Export(dramas, [new Credit("d", "p", CreditRole.Writer, 1)],
            [World.Edge(EdgeType.Watched, "a", user: "ann"), World.Edge(EdgeType.Clicked, "b", user: "bob"), World.Edge(EdgeType.Watched, "c", user: "cat"), World.Edge(EdgeType.Watched, "d", user: "dan"), mute])).State;
        async Task<int> Connected(EdgeChange change, CatalogEdge edge) =>
            (await new CurationPreviewer(Recipe.Default).PreviewAsync(state, change, edge, 1, World.Now, Cancel)).ViewersConnected;
        // Ann and Bob watched what is tagged so, Eve muted it, and Cat watched the drama that would be.
        Assert.Equal(4, await Connected(EdgeChange.Add, new CatalogEdge(EdgeType.Tagged, "c", "food")));
        Assert.Equal(3, await Connected(EdgeChange.Remove, new CatalogEdge(EdgeType.Tagged, "a", "food")));
        Assert.Equal(1, await Connected(EdgeChange.Add, new CatalogEdge(EdgeType.Tagged, "c", "new")));
        Assert.Equal(2, await Connected(EdgeChange.Add, new CatalogEdge(EdgeType.ActedIn, "p", "c")));
        Assert.Equal(2, await Connected(EdgeChange.Add, new CatalogEdge(EdgeType.Follows, "c", "d")));
    }

    [Fact]
    public void A_sample_is_the_same_every_time_and_a_larger_one_holds_it()
    {
        string[] viewers = [.. Enumerable.Range(0, 2000).Select(i => $"viewer-{i:0000}")];
        var sample = CurationPreviewer.Sample(viewers, 200);
        Assert.Equal(sample, CurationPreviewer.Sample(viewers, 200));
        Assert.Equal(200, sample.Distinct().Count());
        Assert.Empty(sample.Except(CurationPreviewer.Sample(viewers, 500)));
        Assert.Equal(viewers, CurationPreviewer.Sample(viewers, 2000));
        // Of each quarter about 50, with a standard deviation of 5.8.
        Assert.All(sample.GroupBy(v => int.Parse(v[7..]) / 500), quarter => Assert.InRange(quarter.Count(), 30, 70));
        // Who joins does not make it another sample.
        Assert.InRange(sample.Except(CurationPreviewer.Sample([.. viewers, "zoe"], 200)).Count(), 0, 1);
    }

    [Fact]
    public async Task A_cancelled_preview_lets_the_next_one_in()
    {
        var (previews, state) = (new CurationPreviewer(Recipe.Default), new LiveGraph(Town).State);
        var edge = new CatalogEdge(EdgeType.Tagged, Drama.Id, "new");
        using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(5));
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => previews.PreviewAsync(state, EdgeChange.Add, edge, 1000, World.Now, now.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            while (true) await previews.PreviewAsync(state, EdgeChange.Add, edge, 1000, World.Now, soon.Token);
        });
        Assert.Equal(7, (await previews.PreviewAsync(state, EdgeChange.Add, edge, 7, World.Now, Cancel)).ViewersSampled);
    }

    [Fact]
    public async Task Nothing_is_recorded_as_shown()
    {
        var directory = Directory.CreateTempSubdirectory("graphrec-preview-").FullName;
        await using (var store = await EmbeddedStore.OpenAsync(directory, cancel: Cancel))
        {
            var recorder = new ImpressionRecorder(store.Impressions);
            var recommender = new Recommender(new LiveGraph(Town), Recipe.Default, World.Clock, recorder);
            await recommender.PreviewAsync(EdgeChange.Add, new CatalogEdge(EdgeType.Tagged, Drama.Id, "new"), 20, Cancel);
            recommender.Home(World.Viewer, 8, 12, RequestContext.None, Cancel);
            await recorder.RunAsync(e => Assert.Fail(e.Message), new CancellationToken(true));
            Assert.Equal(1, await store.Impressions.CountAsync(Cancel));
        }
        Directory.Delete(directory, true);
    }

    private static Dictionary<string, string> Pages(LiveGraph graph)
    {
        var recommender = new Recommender(graph, Recipe.Default, World.Clock);
        return graph.State.Viewers().ToDictionary(u => u, u => World.Print(
            recommender.Home(u, 8, 12, RequestContext.None, Cancel).Rows.Select(r => new { r.Id, Items = r.Items.Select(i => (i.Drama.Id, i.Reason.Text).ToString()) })));
    }
}
