using System.Security.Cryptography;
using System.Text.Json;
using GraphRec.Core;
using GraphRec.Learning.Simulation;
using Xunit;

namespace GraphRec.Tests.Learning;

/// <summary>What holds for simulated viewers whatever the options are.</summary>
public sealed class ViewerSimulatorTests
{
    private static readonly SimulationOptions Small = new() { Viewers = 120, TargetEvents = 5000 };

    [Fact]
    public void Same_options_give_the_same_bytes_on_any_number_of_threads()
    {
        var one = HashOfBytes(Small with { Threads = 1 });
        Assert.Equal(one, HashOfBytes(Small with { Threads = 1 }));
        Assert.Equal(one, HashOfBytes(Small with { Threads = 5 }));
        Assert.NotEqual(one, HashOfBytes(Small with { Seed = 2, Threads = 1 }));
    }

    [Fact]
    public void The_order_of_the_catalogue_does_not_matter()
    {
        var all = SeedCatalogue.All;
        var reversed = new CatalogBatch([.. all.Dramas.Reverse()], [.. all.People.Reverse()], [.. all.Credits.Reverse()]);
        Assert.Equal(Simulate(all, Small), Simulate(reversed, Small));
    }

    [Theory]
    [InlineData(1, 60, 1)]
    [InlineData(300, 3000, 3)]
    [InlineData(50, 20_000, 30)]
    public void The_target_and_the_period_are_kept_for_other_sizes(int viewers, int target, int months)
    {
        var options = new SimulationOptions
        {
            Viewers = viewers, TargetEvents = target, Months = months, Until = new DateTimeOffset(2023, 3, 15, 13, 30, 0, TimeSpan.Zero),
        };
        var events = Simulate(SeedCatalogue.All, options);
        Assert.InRange(events.Count, target * 0.9, target * 1.1);
        Assert.All(events, e => Assert.InRange(e.At, options.From, options.Until.AddTicks(-1)));
    }

    [Fact]
    public void Seasons_are_watched_in_order_and_a_season_whose_first_is_missing_never()
    {
        CatalogBatch catalogue = new(
            [Drama("one"), Drama("two", follows: "one"), Drama("three", follows: "two"), Drama("lost", follows: "not-in-the-catalogue")], [], []);
        var events = Simulate(catalogue, new SimulationOptions { Viewers = 200, TargetEvents = 3000 });
        var finished = new HashSet<(string, string)>();
        var starts = new Dictionary<string, int>();
        foreach (var e in events.Where(e => e.Kind == EventKind.Watch))
        {
            var follows = catalogue.Dramas.Single(d => d.Id == e.Target.Id).Follows;
            Assert.True(follows is null || finished.Contains((e.UserId, follows)), $"{e.UserId} watched {e.Target.Id} before finishing {follows}");
            if (e.Value == 1) finished.Add((e.UserId, e.Target.Id));
            starts[e.Target.Id] = starts.GetValueOrDefault(e.Target.Id) + 1;
        }
        Assert.Equal(["one", "three", "two"], starts.Keys.Order());
        Assert.True(starts["two"] > 10, "the check of the order must have something to check");
    }

    [Fact]
    public void A_drama_is_only_met_in_its_regions()
    {
        CatalogBatch catalogue = new([Drama("anywhere"), Drama("korea-only") with { Regions = ["KR"] }], [], []);
        var options = new SimulationOptions { Viewers = 400, TargetEvents = 4000 };
        var events = Simulate(catalogue, options);
        // Home is where most of a viewer's evenings are; a traveller may be elsewhere for one.
        var homes = events.GroupBy(e => e.UserId).ToDictionary(g => g.Key, g => g.CountBy(e => e.Context!.Region!).MaxBy(c => c.Value).Key);
        var restricted = events.Where(e => e.Target.Id == "korea-only").Select(e => homes[e.UserId]).ToArray();
        Assert.True(restricted.Length > 10);
        Assert.True(restricted.Count(home => home == "KR") >= 0.9 * restricted.Length);
    }

    [Fact]
    public void Progress_counts_every_viewer_once()
    {
        var reports = new Reports();
        new ViewerSimulator(SeedCatalogue.All, Small).Run(reports, TestContext.Current.CancellationToken);
        Assert.Equal(Enumerable.Range(1, Small.Viewers), reports.Seen.Order());
    }

    [Fact]
    public void Cancelling_stops_the_simulation()
    {
        using var cancel = new CancellationTokenSource();
        var stopper = new Reports(cancel.Cancel);
        Assert.ThrowsAny<OperationCanceledException>(() => new ViewerSimulator(SeedCatalogue.All, Small with { Threads = 1 }).Run(stopper, cancel.Token));
        Assert.True(stopper.Seen.Count < Small.Viewers);
    }

    [Fact]
    public void Options_out_of_range_are_refused_with_what_to_change()
    {
        Refused(new SimulationOptions { Viewers = 0 }, "Viewers is 0");
        Refused(new SimulationOptions { Months = 0 }, "Months is 0");
        Refused(new SimulationOptions { ColdShare = 1.5 }, "ColdShare is 1.5");
        Refused(new SimulationOptions { ColdShare = double.NaN }, "ColdShare is NaN");
        Refused(new SimulationOptions { ColdShare = 1 }, "lower ColdShare");
        Refused(new SimulationOptions { Threads = -1 }, "Threads is -1");
        Refused(new SimulationOptions { TargetEvents = 100 }, "set it to 7900 to 1900000");
        Refused(new SimulationOptions { TargetEvents = int.MaxValue }, "or change Viewers");
        Refused(new SimulationOptions { Until = new DateTimeOffset(1980, 1, 1, 0, 0, 0, TimeSpan.Zero) }, "Until is 1980");
        Refused(new SimulationOptions { Until = new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero) }, "no drama", new CatalogBatch([Drama("later")], [], []));
    }

    private static void Refused(SimulationOptions options, string says, CatalogBatch? catalogue = null)
    {
        var thrown = Assert.Throws<InvalidInputException>(() => new ViewerSimulator(catalogue ?? SeedCatalogue.All, options));
        Assert.Contains(says, thrown.Message, StringComparison.Ordinal);
        Assert.Equal(ErrorCodes.BadUserInput, thrown.Code);
    }

    private static IReadOnlyList<ViewerEvent> Simulate(CatalogBatch catalogue, SimulationOptions options) =>
        new ViewerSimulator(catalogue, options).Run(cancel: TestContext.Current.CancellationToken);

    private static string HashOfBytes(SimulationOptions options) =>
        Convert.ToHexString(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(Simulate(SeedCatalogue.All, options))));

    private static Drama Drama(string id, string? follows = null) => new() { Id = id, Title = id, Country = "KR", Year = 2019, Follows = follows };

    /// <summary>Collects reports on the thread that makes them; <see cref="Progress{T}"/> would post them elsewhere.</summary>
    private sealed class Reports(Action? then = null) : IProgress<int>
    {
        public List<int> Seen { get; } = [];

        public void Report(int value)
        {
            lock (Seen) Seen.Add(value);
            then?.Invoke();
        }
    }
}
