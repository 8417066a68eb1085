using GraphRec.Core;
using GraphRec.Learning.Training;
using GraphRec.Tests.Learning.Data;
using Xunit;

namespace GraphRec.Tests.Learning.Training;

public sealed class PromotionsTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly TempFolder _folder = new();
    private readonly Promotions _promotions;

    public PromotionsTests() => _promotions = new Promotions(_folder.Path);

    private string File => Path.Combine(_folder.Path, "current");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Going_back_goes_back_one_and_again_further()
    {
        foreach (var (version, hour) in new[] { ("a", 0), ("b", 1), ("c", 2) }) _promotions.Promote(version, Promotions.Passed, Noon.AddHours(hour));
        Assert.Equal(["c", "b", "a"], _promotions.Served);
        Assert.Equal("b", Back());
        Assert.Equal("a", Back());
        Assert.Equal(("a", "a"), (_promotions.Current, Assert.Single(_promotions.Served)));
        Assert.Contains("There is no version to go back to", Assert.Throws<InvalidInputException>(Back).Message, StringComparison.Ordinal);

        _promotions.Promote("d", Promotions.ByHand, Noon.AddHours(5));
        Assert.Equal(["d", "a"], _promotions.Served);
        Assert.Equal(
            """
            d
            2026-11-01T12:00:00Z passed a
            2026-11-01T13:00:00Z passed b
            2026-11-01T14:00:00Z passed c
            2026-11-01T15:00:00Z rolled-back b
            2026-11-01T15:00:00Z rolled-back a
            2026-11-01T17:00:00Z by-hand d

            """,
            System.IO.File.ReadAllText(File));
    }

    [Fact]
    public void Going_back_passes_over_what_cannot_be_served()
    {
        foreach (var version in new[] { "a", "b", "c" }) _promotions.Promote(version, Promotions.Passed, Noon);
        var (version1, passedOver) = _promotions.Rollback(version => { if (version == "b") throw new InvalidInputException(ErrorCodes.BadUserInput, "b is damaged."); }, Noon);
        Assert.Equal(("a", "b was passed over: b is damaged."), (version1, Assert.Single(passedOver)));
        Assert.Equal(["a"], _promotions.Served);
    }

    [Fact]
    public void A_version_that_was_served_twice_is_gone_back_to_twice()
    {
        foreach (var version in new[] { "a", "b", "a" }) _promotions.Promote(version, Promotions.Passed, Noon);
        Assert.Equal(["a", "b", "a"], _promotions.Served);
        Assert.Equal("b", Back());
        Assert.Equal("a", Back());
    }

    [Fact]
    public void What_somebody_wrote_by_hand_counts_and_without_the_file_nothing_is_served()
    {
        Assert.Null(_promotions.Current);
        System.IO.File.WriteAllText(File, "a");
        Assert.Equal(("a", "a"), (_promotions.Current, Assert.Single(_promotions.Served)));
        _promotions.Promote("b", Promotions.Passed, Noon);
        System.IO.File.WriteAllText(File, "z\n" + string.Join('\n', System.IO.File.ReadAllLines(File).Skip(1)));
        Assert.Equal(["z", "b"], _promotions.Served);
        Assert.Equal("b", Back());
        System.IO.File.Delete(File);
        Assert.Null(_promotions.Current);
        Assert.Empty(_promotions.Served);
    }

    [Fact]
    public void A_history_that_nobody_can_read_is_told_and_the_current_version_known_all_the_same()
    {
        System.IO.File.WriteAllText(File, "a\nyesterday a\n");
        Assert.Equal("a", _promotions.Current);
        Assert.Contains("'yesterday a'", Assert.Throws<InvalidInputException>(() => _promotions.Served).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Changes_at_the_same_time_lose_none()
    {
        await Parallel.ForAsync(0, 20, TestContext.Current.CancellationToken, (n, _) =>
        {
            new Promotions(_folder.Path).Promote($"v{n}", Promotions.Passed, Noon);
            return ValueTask.CompletedTask;
        });
        Assert.Equal(20, _promotions.History.Select(change => change.Version).Distinct().Count());
        Assert.Equal(_promotions.History[^1].Version, _promotions.Current);
    }

    private string Back() => _promotions.Rollback(_ => { }, Noon.AddHours(3)).Version;
}
