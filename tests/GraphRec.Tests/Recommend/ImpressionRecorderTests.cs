using GraphRec.Core;
using GraphRec.Graph;
using GraphRec.Ranking;
using GraphRec.Ranking.Features;
using GraphRec.Recommend;
using GraphRec.Storage.Embedded;
using Xunit;

namespace GraphRec.Tests.Recommend;

public sealed class ImpressionRecorderTests : IAsyncLifetime
{
    private const int Capacity = 4096;
    private static readonly GraphExport Town = Enumerable.Range(0, 100).Select(seed => World.Random(seed, 60, 120)).First(e => e.Dramas.Count > 50);
    private readonly string _directory = Directory.CreateTempSubdirectory("graphrec-impressions-").FullName;
    private EmbeddedStore _store = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _store = await EmbeddedStore.OpenAsync(_directory, cancel: Cancel);

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        Directory.Delete(_directory, true);
    }

    [Fact]
    public async Task A_full_queue_drops_and_counts_and_what_is_in_it_is_written_on_stop()
    {
        var recorder = new ImpressionRecorder(_store.Impressions);
        Show(recorder, Capacity + 10);
        Assert.Equal((10L, 0L), (recorder.Dropped, recorder.Written));

        await recorder.RunAsync(e => Assert.Fail(e.Message), new CancellationToken(true));

        Assert.Equal((10L, (long)Capacity), (recorder.Dropped, recorder.Written));
        Assert.Equal(Capacity, await _store.Impressions.CountAsync(Cancel));
        // Nobody will come for what is shown after the stop.
        Show(recorder, 1, "late");
        Assert.Equal(11, recorder.Dropped);
    }

    [Fact]
    public async Task Everything_shown_while_it_runs_is_written_on_stop()
    {
        using var stop = new CancellationTokenSource();
        var recorder = new ImpressionRecorder(_store.Impressions);
        var running = recorder.RunAsync(e => Assert.Fail(e.Message), stop.Token);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(t => Task.Run(() => Show(recorder, 200, $"t{t}-"), Cancel)));
        await stop.CancelAsync();
        await running.WaitAsync(TimeSpan.FromSeconds(30), Cancel);
        Assert.Equal((800L, 0L), (recorder.Written, recorder.Dropped));
        Assert.Equal(800, await _store.Impressions.CountAsync(Cancel));
    }

    [Fact]
    public async Task What_was_shown_before_a_restart_is_counted_again()
    {
        PageImpression Page(string id, double daysAgo) => new(id, "ann", World.Now.AddDays(-daysAgo), "c1.e1", "m", [new Impression("d01", "top", 0, 0.5f, 1, [1])]);
        await _store.Impressions.AppendAsync([Page("old", 31), Page("week", 7), Page("day", 1)], Cancel);
        var recorder = new ImpressionRecorder(_store.Impressions, clock: World.Clock);
        Assert.Null(recorder.Shown.Of("ann"));
        await recorder.RememberAsync(Cancel);
        Assert.Equal(new Exposed(2, World.Now.AddDays(-1)), recorder.Shown.Of("ann")!["d01"]);
    }

    [Fact]
    public async Task A_page_is_kept_as_it_was_shown_and_found_by_its_attribution()
    {
        var clock = World.Clock;
        var recorder = new ImpressionRecorder(_store.Impressions, clock: clock);
        var recommender = Recommender(recorder);
        var home = recommender.Home(World.Viewer, 8, 4, RequestContext.None, Cancel);
        var list = recommender.Recommend(World.Viewer, 5, 2, [], new DramaFilter(), RequestContext.None, Cancel);
        await recorder.RunAsync(e => Assert.Fail(e.Message), new CancellationToken(true));
        Assert.Equal(2, recorder.Written);

        var shown = home.Rows.SelectMany(r => r.Items.Select((item, i) => (Row: r.Id, Position: i, Item: item))).ToArray();
        Assert.True(shown.Length > 10);
        var page = (await _store.Impressions.FindAsync(AttributionId.PageOf(shown[0].Item.AttributionId), Cancel))!;
        Assert.Equal((World.Viewer, World.Now, home.GraphVersion, home.ModelVersion), (page.UserId, page.At, page.GraphVersion, page.ModelVersion));
        Assert.Equal(shown.Select(s => (s.Item.Drama.Id, s.Row, s.Position, (float)s.Item.Score, 1f)), page.Items.Select(i => (i.DramaId, i.Row, i.Position, i.Score, i.Propensity)));
        Assert.All(page.Items, i => Assert.Equal(new FeatureSet(SourceNames.All).Count, i.Features.Length));
        Assert.Equal(new FeatureSet(SourceNames.All).Fingerprint, page.FeatureSet);
        for (var i = 0; i < shown.Length; i++) Assert.Equal(AttributionId.Of(page.PageId, i), shown[i].Item.AttributionId);

        var second = (await _store.Impressions.FindAsync(AttributionId.PageOf(list.Items[0].AttributionId), Cancel))!;
        Assert.Equal(list.Items.Select(i => i.Drama.Id), second.Items.Select(i => i.DramaId));
        Assert.All(second.Items, i => Assert.Equal("LIST", i.Row));
        // Shown within the same tenth of a second: the one before has features, and this one need not.
        Assert.All(second.Items, i => Assert.Empty(i.Features));
        Assert.Equal("", second.FeatureSet);
    }

    [Fact]
    public async Task A_failing_store_is_counted_and_told_and_writing_goes_on()
    {
        var recorder = new ImpressionRecorder(new FailsOnce(_store.Impressions));
        Show(recorder, 100);
        var told = new List<Exception>();
        await recorder.RunAsync(told.Add, new CancellationToken(true));
        Assert.Single(told);
        Assert.Equal((64L, 36L), (recorder.Dropped, recorder.Written));
        Assert.Equal(36, await _store.Impressions.CountAsync(Cancel));
    }

    private static Recommender Recommender(ImpressionRecorder recorder) => new(new LiveGraph(Town), Recipe.Default, World.Clock, recorder);

    private static void Show(ImpressionRecorder recorder, int pages, string prefix = "u")
    {
        var recommender = new Recommender(new LiveGraph(World.Export([World.Drama("a")])), Recipe.Default, World.Clock, recorder);
        for (var i = 0; i < pages; i++) recommender.Recommend($"{prefix}{i}", 1, 0, [], new DramaFilter(), RequestContext.None, Cancel);
    }

    private sealed class FailsOnce(IImpressionLog inner) : IImpressionLog
    {
        public IAsyncEnumerable<PageImpression> ReadAsync(CancellationToken cancel = default) => inner.ReadAsync(cancel);

        private bool _failed;

        public Task AppendAsync(IReadOnlyList<PageImpression> pages, CancellationToken cancel = default)
        {
            if (_failed) return inner.AppendAsync(pages, cancel);
            _failed = true;
            throw new StorageException("test", "append impressions", true, "not now");
        }

        public Task<PageImpression?> FindAsync(string pageId, CancellationToken cancel = default) => inner.FindAsync(pageId, cancel);

        public Task<long> CountAsync(CancellationToken cancel = default) => inner.CountAsync(cancel);
    }
}
