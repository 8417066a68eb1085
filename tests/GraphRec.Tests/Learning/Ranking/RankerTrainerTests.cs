using GraphRec.Core;
using GraphRec.Learning.Models;
using GraphRec.Learning.Ranking;
using Xunit;

namespace GraphRec.Tests.Learning.Ranking;

/// <summary>What becomes of a ranker that does not win; that one wins where there is something to learn is tested from the outside, by <c>graphrec train</c>.</summary>
public sealed class RankerTrainerTests : IDisposable
{
    private static readonly DateTimeOffset Begin = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly string _folder = Directory.CreateTempSubdirectory("graphrec-ranker-").FullName;

    private string Path => System.IO.Path.Combine(_folder, "ranker.onnx");

    public void Dispose() => Directory.Delete(_folder, true);

    [Fact]
    public void Where_there_is_nothing_to_learn_the_linear_ranker_stays_and_no_file_is_left()
    {
        var random = new Random(1);
        var events = Enumerable.Range(0, 100).SelectMany(viewer => Enumerable.Range(0, 60).OrderBy(_ => random.Next()).Take(12)
            .Select(drama => Watch($"v{viewer}", $"d{drama:00}", Begin.AddMinutes(random.Next(400_000))))).OrderBy(e => e.At).ToArray();
        var verdict = Train(events);
        Assert.False(verdict.Included);
        Assert.Contains("not better than the linear ranker", verdict.Reason, StringComparison.Ordinal);
        Assert.NotEqual("better", verdict.Comparison!.Verdict);
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public void Where_there_is_too_little_it_says_so()
    {
        var verdict = Train([Watch("v1", "d01", Begin), Watch("v1", "d02", Begin.AddDays(1))]);
        Assert.Equal((false, null), (verdict.Included, verdict.Comparison));
        Assert.StartsWith("It could not be trained: ", verdict.Reason, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public void What_led_to_a_held_out_drama_is_held_out_with_it()
    {
        // Ten dramas, a day apart; the last two are held out. The first of these was opened an hour before, and a month before.
        ViewerEvent[] events =
        [
            .. Enumerable.Range(0, 10).Select(n => Watch("v1", $"d{n:00}", Begin.AddDays(40 + n))),
            .. new[] { -1.0 / 24, -30 }.Select(days => new ViewerEvent($"click {days}", "v1", NodeRef.Drama("d08"), EventKind.Click, null, Begin.AddDays(48 + days))),
            new("click", "v1", NodeRef.Drama("d20"), EventKind.Click, null, Begin.AddDays(47.9)),
        ];
        var held = new HeldOut("test", Catalogue(), [.. events.OrderBy(e => e.At)], perViewer: true);
        Assert.Equal([8, 9], held.Split.Test.Single().Items);
        Assert.Equal(["click -30", "click"], held.Split.TrainEvents.Where(e => e.Kind == EventKind.Click).Select(e => e.Id));
    }

    private RankerVerdict Train(ViewerEvent[] events) => RankerTrainer.Run(
        new RankerData(Catalogue(), events, [], ModelRecipe.Default("itemknn")), new RankerPlan("mlp"), Path, null, TestContext.Current.CancellationToken);

    private static GraphExport Catalogue() => new(
        new GraphVersion(1, 1), [.. Enumerable.Range(0, 60).Select(n => new Drama { Id = $"d{n:00}", Title = $"Drama {n}", Year = 2020 })], [], [], []);

    private static ViewerEvent Watch(string viewer, string drama, DateTimeOffset at) => new($"{viewer} {drama}", viewer, NodeRef.Drama(drama), EventKind.Watch, 1, at);
}
