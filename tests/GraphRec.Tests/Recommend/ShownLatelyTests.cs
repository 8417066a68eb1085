using GraphRec.Recommend;
using Xunit;

namespace GraphRec.Tests.Recommend;

public sealed class ShownLatelyTests
{
    [Fact]
    public void Counts_what_was_shown_and_forgets_what_was_shown_long_ago()
    {
        var shown = new ShownLately();
        Assert.Null(shown.Of("ann"));
        shown.Note("ann", ["a", "b"], World.Now);
        shown.Note("ann", ["a"], World.Now.AddDays(2));
        var then = shown.Of("ann")!;
        Assert.Equal((2, World.Now.AddDays(2)), (then["a"].Times, then["a"].LastAt));
        Assert.Equal((1, World.Now), (then["b"].Times, then["b"].LastAt));
        shown.Note("ann", ["c"], World.Now.AddDays(31));
        Assert.Equal(["a", "c"], shown.Of("ann")!.Keys.Order());
        // What was given out does not change.
        Assert.Equal(["a", "b"], then.Keys.Order());
    }

    [Fact]
    public void Is_bounded_in_dramas_and_in_viewers()
    {
        var shown = new ShownLately();
        for (var n = 0; n < 10; n++) shown.Note("ann", Enumerable.Range(n * 96, 96).Select(d => $"d{d}"), World.Now.AddMinutes(n));
        Assert.Equal(400, shown.Of("ann")!.Count);
        Assert.Contains("d959", shown.Of("ann")!.Keys);
        for (var n = 0; n < 25_000; n++) shown.Note($"v{n}", ["a"], World.Now.AddHours(1).AddSeconds(n));
        Assert.InRange(shown.Count, 17_000, 20_000);
        Assert.Null(shown.Of("ann"));
        Assert.NotNull(shown.Of("v24999"));
    }
}
