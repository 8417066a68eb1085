using GraphRec.Core;
using GraphRec.Learning.Data;
using GraphRec.Learning.Training;
using GraphRec.Learning.Tuning;
using Xunit;

namespace GraphRec.Tests.Learning.Training;

/// <summary>What a need leads to. That the needs stated are those measured is tested with the process.</summary>
public sealed class TrainingMemoryTests
{
    private static readonly TrainingMemory Need = new(100_000_000, new Dictionary<string, long> { ["slim"] = 50_000_000, ["ease"] = 400_000_000, ["itemknn"] = 10_000_000 });

    [Fact]
    public void The_models_are_fitted_one_after_the_other() => Assert.Equal(500_000_000, Need.Bytes);

    [Fact]
    public void What_fits_stays_and_a_baseline_that_does_not_is_left_out()
    {
        var plan = new TrainingPlan(ModelItems.Parse("slim")) { Baselines = ["itemknn", "ease"] };
        var (all, none) = Need.Fit(plan, 500_000_000);
        Assert.Equal(["itemknn", "ease"], all.Baselines);
        Assert.Empty(none);
        var (fitting, leftOut) = Need.Fit(plan, 499_999_999);
        Assert.Equal(["itemknn"], fitting.Baselines);
        Assert.Equal(["ease"], leftOut);
    }

    [Theory]
    [InlineData("slim,ease", 300, "needs about 500 MB of memory for ease, and there are 300 MB. Leave it out (--models slim), bound it (ease:maxItems=N")]
    [InlineData("ease", 300, "Train another model (--models slim needs little), bound it (ease:maxItems=N")]
    [InlineData("slim", 120, "needs about 150 MB of memory for slim, and there are 120 MB. Train another model")]
    [InlineData("slim", 90, "The events alone do not fit")]
    public void A_model_that_was_asked_for_and_does_not_fit_is_refused_with_the_way_out(string models, int megabytes, string says) =>
        Assert.Contains(says, Assert.Throws<InvalidInputException>(() => Need.Fit(new TrainingPlan(ModelItems.Parse(models)) { Baselines = [] }, megabytes * 1_000_000L)).Message, StringComparison.Ordinal);

    [Fact]
    public void The_need_grows_with_events_dramas_and_what_the_model_says()
    {
        var plan = new TrainingPlan(ModelItems.Parse("slim,ease"));
        var (few, many) = (Of(plan, items: 1000, events: 1000), Of(plan, items: 4000, events: 100_000));
        Assert.Equal(["slim", "ease", "popularity", "itemknn", "rp3beta"], few.ByModel.Keys);
        // EASE holds the square of the items in float32.
        Assert.InRange(many.ByModel["ease"] - few.ByModel["ease"], 4L * ((4000 * 4000) - (1000 * 1000)), 6L * 4000 * 4000);
        Assert.InRange(many.Log - few.Log, 99_000 * 100, 99_000 * 2000);
    }

    private static TrainingMemory Of(TrainingPlan plan, int items, int events)
    {
        string[] users = [.. Enumerable.Range(0, 6000).Select(n => $"u{n:0000}")], ids = [.. Enumerable.Range(0, items).Select(n => $"i{n:0000}")];
        return TrainingMemory.Of(plan, Interactions.Of("made up", users, ids, [.. Enumerable.Range(0, 6000)], [.. Enumerable.Range(0, 6000).Select(n => n % items)]), events);
    }
}
