using GraphRec.Core;
using Xunit;

namespace GraphRec.Contracts.Ports;

/// <summary>What every <see cref="IImpressionLog"/> does; the backend keeps <see cref="Backend.KeptPages"/> pages.</summary>
public abstract class ImpressionLogContract(Backend backend) : IAsyncLifetime
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private IImpressionLog Log => backend.Impressions;

    public async ValueTask InitializeAsync() => await backend.OpenAsync();

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await backend.DisposeAsync();
    }

    [Fact]
    public async Task A_page_comes_back_bit_for_bit_also_after_a_restart()
    {
        var page = new PageImpression("page-1", "u1 👹", Examples.Start, "c3.e14", "linear-7",
        [
            new Impression("goblin-2016", "because you watched «도깨비»", 0, 1f / 3, float.Epsilon, [0f, -0f, float.MaxValue, float.NaN, -1.5f]) { Via = EdgeType.WalksTo },
            new Impression("e", "because", 1, 0.5f, 0.25f, []) { Via = EdgeType.ActedIn },
            new Impression("d", "", 300, float.NegativeInfinity, 1, []),
        ]);
        await Log.AppendAsync([page], Cancel);
        for (var round = 0; round < 2; round++)
        {
            var found = await Log.FindAsync("page-1", Cancel);
            Assert.NotNull(found);
            Assert.Equal((page.PageId, page.UserId, page.At, page.GraphVersion, page.ModelVersion),
                (found.PageId, found.UserId, found.At, found.GraphVersion, found.ModelVersion));
            Assert.Equal(page.Items.Select(Bits), found.Items.Select(Bits));
            await backend.ReopenAsync();
        }
    }

    [Fact]
    public async Task A_page_without_items_is_kept_and_an_unknown_one_is_null()
    {
        await Log.AppendAsync([Page("p")], Cancel);
        Assert.Empty((await Log.FindAsync("p", Cancel))!.Items);
        Assert.Null(await Log.FindAsync("q", Cancel));
    }

    [Fact]
    public async Task A_known_page_is_passed_over()
    {
        await Log.AppendAsync([Page("p")], Cancel);
        await Log.AppendAsync([Page("p") with { UserId = "other" }, Page("q"), Page("q")], Cancel);
        Assert.Equal("u", (await Log.FindAsync("p", Cancel))!.UserId);
        Assert.Equal(2, await Log.CountAsync(Cancel));
    }

    [Fact]
    public async Task The_oldest_pages_go_first()
    {
        for (var i = 1; i <= 4; i++) await Log.AppendAsync([Page($"p{i}")], Cancel);
        await Log.AppendAsync([Page("p5"), Page("p6"), Page("p7")], Cancel);
        Assert.Equal(Backend.KeptPages, await Log.CountAsync(Cancel));
        Assert.Null(await Log.FindAsync("p2", Cancel));
        Assert.NotNull(await Log.FindAsync("p3", Cancel));
        await Log.AppendAsync([.. Enumerable.Range(10, 20).Select(i => Page($"p{i}"))], Cancel);
        await backend.ReopenAsync();
        Assert.Equal(Backend.KeptPages, await Log.CountAsync(Cancel));
        Assert.Null(await Log.FindAsync("p24", Cancel));
        Assert.NotNull(await Log.FindAsync("p25", Cancel));
    }

    [Fact]
    public async Task Those_that_are_kept_are_read_in_their_order()
    {
        Assert.Empty(await Log.ReadAsync(Cancel).ToListAsync(Cancel));
        for (var i = 9; i >= 1; i--) await Log.AppendAsync([Page($"p{i}") with { Items = [new Impression("d", "row", i, i, 1, [i]) { Via = EdgeType.Tagged }] }], Cancel);
        var read = await Log.ReadAsync(Cancel).ToListAsync(Cancel);
        Assert.Equal(["p5", "p4", "p3", "p2", "p1"], read.Select(page => page.PageId));
        foreach (var page in read) Assert.Equal((await Log.FindAsync(page.PageId, Cancel))!.Items.Select(Bits), page.Items.Select(Bits));
    }

    [Fact]
    public async Task Parallel_appends_keep_the_bound()
    {
        await Task.WhenAll(Enumerable.Range(0, 30).Select(i => Task.Run(() => Log.AppendAsync([Page($"p{i}")], Cancel), Cancel)));
        Assert.Equal(Backend.KeptPages, await Log.CountAsync(Cancel));
    }

    private static PageImpression Page(string id) => new(id, "u", Examples.Start, "c0.e0", "m", []);

    private static string Bits(Impression i) =>
        $"{i.DramaId}|{i.Row}|{i.Position}|{BitConverter.SingleToUInt32Bits(i.Score)}|{BitConverter.SingleToUInt32Bits(i.Propensity)}|{i.Via}|"
        + string.Join(',', i.Features.Select(BitConverter.SingleToUInt32Bits));
}
