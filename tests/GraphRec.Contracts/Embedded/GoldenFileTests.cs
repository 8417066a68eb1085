using GraphRec.Core;
using GraphRec.Storage;
using GraphRec.Storage.Embedded;
using Xunit;

namespace GraphRec.Contracts.Embedded;

/// <summary>
/// <c>golden/v1.db</c> was written by format 1 (<see cref="WriteAsync"/>), <c>v2.db</c> by format 2, and neither is ever
/// written again: whatever the current format is, the files must open and say what they said.
/// </summary>
public sealed class GoldenFileTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("v1.db")]
    [InlineData("v2.db")]
    public async Task A_file_of_every_format_still_opens_and_says_the_same(string file)
    {
        File.Copy(Path.Combine(AppContext.BaseDirectory, "Embedded", "golden", file), _directory.File(EmbeddedStore.FileName));
        await using var golden = await EmbeddedStore.OpenAsync(_directory.Path, cancel: Cancel);
        await using var fresh = await EmbeddedStore.OpenAsync(_directory.File("fresh"), cancel: Cancel);
        await WriteAsync(fresh);

        Assert.Empty(await golden.CheckIntegrityAsync(Cancel));
        var (expected, actual) = (await fresh.Export.ReadAsync(Cancel), await golden.Export.ReadAsync(Cancel));
        Assert.Equal(new GraphVersion(1, 40), actual.Version);
        Assert.Equivalent(expected, actual, strict: true);
        Assert.Equal(expected.Behaviour, actual.Behaviour);
        Assert.Equal("KR", actual.Regions["u1"]);
        Assert.Equal(Examples.Goblin.Tags, actual.Dramas[0].Tags);
        Assert.Equal(await Examples.ListAsync(fresh.Events.ReadAsync(0, Cancel)), await Examples.ListAsync(golden.Events.ReadAsync(0, Cancel)));
        Assert.Equivalent(await fresh.Impressions.FindAsync("page-1", Cancel), await golden.Impressions.FindAsync("page-1", Cancel), strict: true);
        Assert.NotNull(await golden.Impressions.FindAsync("page-1", Cancel));
        Assert.Equal(7, (await golden.Checkpoints.FindAsync("/data/dramas.jsonl", Cancel))!.Line);
        await golden.Events.AppendAsync([Examples.Watch("new")], Cancel);
        Assert.Equal(41, await golden.Events.LastSequenceAsync(Cancel));
    }

    [Fact]
    public void A_page_of_format_3_says_the_same_and_is_written_the_same()
    {
        const string Golden = "AwZjMS5lNDAIbGluZWFyLTEEZjAwZAILZ29ibGluLTIwMTYHZm9yIHlvdQAAAAA/AACAPgkFAQAAgD8AACDAAACAQAEBZACsAgAAgD8AAIA/AAA=";
        var page = PageBlob.Read("golden", "page-1", "u1", Examples.Start, Convert.FromBase64String(Golden));
        Assert.Equal(("c1.e40", "linear-1", "f00d"), (page.GraphVersion, page.ModelVersion, page.FeatureSet));
        Assert.Equivalent(new Impression("goblin-2016", "for you", 0, 0.5f, 0.25f, [1f, 0, -2.5f, 0, 0, 0, 0, 0, 4f]) { Via = EdgeType.ActedIn }, page.Items[0], strict: true);
        Assert.Equivalent(new Impression("d", "", 300, 1, 1, []), page.Items[1], strict: true);
        Assert.Equal(Golden, Convert.ToBase64String(PageBlob.Write(page)));
    }

    [Fact]
    public void A_page_of_format_2_says_the_same()
    {
        const string Golden = "AgZjMS5lNDAIbGluZWFyLTECC2dvYmxpbi0yMDE2B2ZvciB5b3UAAAAAPwAAgD4CAACAPwAAIMABAWQArAIAAIA/AACAPwAA";
        var page = PageBlob.Read("golden", "page-1", "u1", Examples.Start, Convert.FromBase64String(Golden));
        Assert.Equal(("c1.e40", "linear-1"), (page.GraphVersion, page.ModelVersion));
        Assert.Equivalent(new Impression("goblin-2016", "for you", 0, 0.5f, 0.25f, [1f, -2.5f]) { Via = EdgeType.ActedIn }, page.Items[0], strict: true);
        Assert.Equivalent(new Impression("d", "", 300, 1, 1, []), page.Items[1], strict: true);
        Assert.Equal((2, ""), (page.Items.Count, page.FeatureSet));
    }

    /// <summary>Fills a store with one of everything.</summary>
    internal static async Task WriteAsync(EmbeddedStore store)
    {
        await store.Catalog.UpsertAsync(new CatalogBatch(
            [Examples.Goblin, Examples.Plain("plain")], [new Person("gong-yoo", "Gong Yoo", "공유")],
            [new Credit("goblin-2016", "gong-yoo", CreditRole.Actor, 1, "Kim Shin", "main")]));
        var events = Examples.Mixed(39, seed: 1);
        events.Add(Examples.Watch("last") with { AttributionId = "page-1-0", Context = new EventContext("tv", "KR") });
        await store.Graph.ApplyAsync(await store.Events.AppendAsync(events));
        await store.Impressions.AppendAsync([new PageImpression("page-1", "u1", Examples.Start, "c1.e40", "linear-1",
            [new Impression("goblin-2016", "for you", 0, 0.5f, 0.25f, [1f, -2.5f])])]);
        await store.Checkpoints.SaveAsync(new Storage.Files.ImportCheckpoint("/data/dramas.jsonl", "f00d", 7, false, 6, 1));
    }
}
