using GraphRec.Core;
using GraphRec.Learning.Simulation;
using Xunit;

namespace GraphRec.Tests.Learning;

/// <summary>What the default set of simulated events on the repository's catalogue looks like.</summary>
public sealed class DefaultSimulationTests
{
    private static readonly SimulationOptions Options = new();
    private static readonly IReadOnlyList<ViewerEvent> Events = SeedCatalogue.DefaultEvents;
    private static readonly Dictionary<string, Drama> Dramas = SeedCatalogue.All.Dramas.ToDictionary(d => d.Id);

    [Fact]
    public void There_are_as_many_events_as_asked_for_in_order_of_time()
    {
        Assert.InRange(Events.Count, 0.9 * Options.TargetEvents, 1.1 * Options.TargetEvents);
        Assert.Equal(Enumerable.Range(1, Events.Count).Select(n => $"sim-1-{n}"), Events.Select(e => e.Id));
        Assert.True(Events.Zip(Events.Skip(1)).All(pair => pair.First.At <= pair.Second.At));
        Assert.DoesNotContain(Events, e => e.At.UtcTicks % TimeSpan.TicksPerSecond != 0 || e.At.Offset != TimeSpan.Zero);
    }

    [Fact]
    public void Every_event_is_one_the_product_accepts()
    {
        Assert.DoesNotContain(Events, e => EventRules.Problem(e, Options.Until) is not null);
        Assert.DoesNotContain(Events, e => e.Target.Kind != NodeKind.Drama || !Dramas.ContainsKey(e.Target.Id));
        Assert.DoesNotContain(Events, e => e.Context is not { Device: not null, Region.Length: 2 });
        Assert.Matches("^simulated-[0-9]{4}$", Events[0].UserId);
    }

    [Fact]
    public void Nothing_happens_before_a_release_nor_outside_the_period()
    {
        Assert.DoesNotContain(Events, e => e.At < Options.From || e.At >= Options.Until);
        Assert.DoesNotContain(Events, e => Dramas[e.Target.Id].Released is not { } day || DateOnly.FromDateTime(e.At.UtcDateTime) < day);
        Assert.Contains(Events, e => DateOnly.FromDateTime(Options.From.UtcDateTime) < Dramas[e.Target.Id].Released);
        Assert.True(Options.Until - Events[^1].At < TimeSpan.FromDays(3), "the period is used to its end");
    }

    [Fact]
    public void Nobody_starts_a_season_before_finishing_the_one_before_it()
    {
        var finished = new HashSet<(string, string)>();
        var laterSeasons = 0;
        foreach (var e in Events.Where(e => e.Kind == EventKind.Watch))
        {
            if (Dramas[e.Target.Id].Follows is { } earlier)
            {
                laterSeasons++;
                Assert.Contains((e.UserId, earlier), finished);
            }
            if (e.Value == 1) finished.Add((e.UserId, e.Target.Id));
        }
        Assert.True(laterSeasons > 500);
    }

    [Fact]
    public void The_cold_share_has_none_to_three_events()
    {
        var counts = Events.CountBy(e => e.UserId).ToDictionary();
        var silent = Options.Viewers - counts.Count;
        Assert.True(silent > 0);
        Assert.Equal(Options.ColdViewers, silent + counts.Values.Count(c => c <= 3));
    }

    [Fact]
    public void Activity_has_a_heavy_tail()
    {
        var counts = Events.CountBy(e => e.UserId).Select(c => c.Value).OrderDescending().ToArray();
        Assert.True(counts.Take(counts.Length / 10).Sum() > 0.3 * Events.Count);
        Assert.InRange(counts[0], 5 * counts[counts.Length / 2], 0.01 * Events.Count);
    }

    [Fact]
    public void A_few_dramas_have_most_of_the_attention()
    {
        var report = SimulationReport.Of(SeedCatalogue.All, Events);
        Assert.InRange(report.Gini, 0.5, 0.8);
        Assert.InRange(report.TopShare, 0.1, 0.35);
        Assert.True(report.EngagedDramas > SeedCatalogue.All.Dramas.Count / 2, "the tail is alive");
    }

    [Fact]
    public void Events_come_in_evenings_of_several()
    {
        var report = SimulationReport.Of(SeedCatalogue.All, Events);
        Assert.InRange((double)report.Events / report.Sessions, 3, 9);
        var korea = Events.Where(e => e.Context!.Region == "KR").Select(e => (e.At.Hour + 9) % 24).ToArray();
        Assert.True(korea.Count(hour => hour is >= 16 or <= 3) > 0.95 * korea.Length, "evenings of the viewer's own region");
        var devices = Events.GroupBy(e => e.UserId).Where(g => g.Count() > 50)
            .Select(g => (double)g.CountBy(e => e.Context!.Device!).Max(c => c.Value) / g.Count());
        Assert.InRange(devices.Average(), 0.6, 0.95);
    }

    [Fact]
    public void Dramas_are_watched_in_parts_and_not_all_are_finished()
    {
        var pairs = Events.Where(e => e.Kind == EventKind.Watch).GroupBy(e => (e.UserId, e.Target)).Select(g => g.ToArray()).ToArray();
        Assert.All(pairs, watches => Assert.True(watches.Zip(watches.Skip(1)).All(p => p.First.Value < p.Second.Value)));
        Assert.All(pairs, watches => Assert.True(watches[0].Value > 0));
        // One report per evening, so parts lie on different evenings.
        Assert.All(pairs, watches => Assert.True(watches.Zip(watches.Skip(1)).All(p => p.Second.At - p.First.At > TimeSpan.FromHours(4))));
        Assert.InRange(pairs.Count(w => w[^1].Value == 1) / (double)pairs.Length, 0.35, 0.75);
        Assert.InRange(pairs.Count(w => w[^1].Value < 0.4) / (double)pairs.Length, 0.1, 0.5);
        Assert.True(pairs.Count(w => w.Length > 1) > pairs.Length / 3);
    }

    [Fact]
    public void Ratings_are_half_steps_and_say_what_the_viewer_thought()
    {
        var rated = Events.Where(e => e.Kind == EventKind.Rate).ToArray();
        Assert.All(rated, e => Assert.True(e.Value is >= 1 and <= 10 && e.Value * 2 % 1 == 0));
        Assert.InRange(rated.Average(e => e.Value!.Value), 6.5, 8.2);
        var finished = Events.Where(e => e is { Kind: EventKind.Watch, Value: 1 }).Select(e => (e.UserId, e.Target)).ToHashSet();
        var (kept, dropped) = (rated.Where(e => finished.Contains((e.UserId, e.Target))), rated.Where(e => !finished.Contains((e.UserId, e.Target))));
        Assert.True(kept.Average(e => e.Value) > dropped.Average(e => e.Value) + 1);
        Assert.True(rated.Length > 5000);
    }

    [Fact]
    public void Every_kind_of_act_is_there_and_watchlists_are_used()
    {
        var kinds = Events.CountBy(e => e.Kind).ToDictionary();
        EventKind[] expected = [EventKind.Click, EventKind.Watch, EventKind.Rate, EventKind.Review, EventKind.WatchlistAdd, EventKind.WatchlistRemove, EventKind.Skip];
        Assert.Equal(expected, kinds.Keys.Order());
        var listed = new HashSet<(string, NodeRef)>();
        var watchedLater = new HashSet<(string, NodeRef)>();
        foreach (var e in Events)
        {
            if (e.Kind == EventKind.WatchlistAdd) Assert.True(listed.Add((e.UserId, e.Target)), "listed twice");
            if (e.Kind == EventKind.Watch && listed.Contains((e.UserId, e.Target))) watchedLater.Add((e.UserId, e.Target));
        }
        Assert.InRange((double)watchedLater.Count / listed.Count, 0.15, 0.9);
    }

    [Fact]
    public void Some_dramas_surge_in_the_last_weeks_in_some_regions()
    {
        var since = Options.Until.AddDays(-21);
        var starts = Events.Where(e => e.Kind == EventKind.Watch)
            .GroupBy(e => (e.UserId, e.Target.Id)).Select(g => g.First())
            .Where(e => Dramas[e.Target.Id].Released < new DateOnly(2023, 1, 1))
            .GroupBy(e => (e.Target.Id, e.Context!.Region))
            .Select(g => (g.Key, Now: g.Count(e => e.At >= since), Before: g.Count(e => e.At < since && e.At >= since.AddDays(-210))))
            .ToArray();
        // Ten times the pace of the seven months before, on a drama that is not new.
        var surging = starts.Where(s => s.Now >= 4 && s.Now >= s.Before).ToArray();
        Assert.True(surging.Select(s => s.Key.Id).Distinct().Count() >= 3, $"{surging.Length} surge");
    }
}
