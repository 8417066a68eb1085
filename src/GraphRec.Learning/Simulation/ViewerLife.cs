using GraphRec.Core;

namespace GraphRec.Learning.Simulation;

/// <summary>An event of a simulated viewer before it has its place among all events, and so its id.</summary>
internal readonly record struct EventDraft(int Drama, EventKind Kind, double? Value, DateTimeOffset At, EventContext Context);

/// <summary>
/// What one simulated viewer does from the first evening to the last: goes on with what they are watching, turns to
/// something new, skips, lists, starts, drops, finishes and rates.
/// </summary>
internal sealed class ViewerLife
{
    private const double ContinueChance = 0.72;
    private const double TravelChance = 0.02;
    private const double OtherDeviceChance = 0.22;

    /// <summary>After this long an evening is hurried to its end.</summary>
    private static readonly TimeSpan Unhurried = TimeSpan.FromHours(5);

    private readonly DramaWorld _world;
    private readonly ViewerProfile _viewer;
    private readonly SimulationRandom _random;
    private readonly DramaPicker _picker;
    private readonly List<EventDraft> _events = [];
    private readonly List<Running> _running = [];
    private Session _session;
    private EventContext _context = new();
    private DateTimeOffset _clock;
    private int _left;

    private ViewerLife(DramaWorld world, ViewerProfile viewer, SimulationRandom random, DramaPicker picker) =>
        (_world, _viewer, _random, _picker) = (world, viewer, random, picker);

    /// <summary>A drama being watched: how far, to what end (1 = all of it), and in how many more reports.</summary>
    private sealed class Running(int drama, double end, double affinity, int reports)
    {
        public int Drama => drama;
        public double End => end;
        public double Affinity => affinity;
        public int Reports { get; set; } = reports;
        public double Progress { get; set; }
        public DateTimeOffset Evening { get; set; }
    }

    /// <summary>All events of one simulated viewer, in order of time.</summary>
    public static List<EventDraft> Live(
        DramaWorld world, SurgeCalendar surges, ViewerProfile viewer, SimulationRandom random, ViewerWorkspace space)
    {
        if (viewer.EventBudget == 0) return [];
        var life = new ViewerLife(world, viewer, random, new DramaPicker(world, surges, viewer, random, space));
        foreach (var session in SessionPlan.Draw(viewer, world, random)) life.Spend(session);
        return life._events;
    }

    private void Spend(Session session)
    {
        (_session, _clock) = (session, session.Start);
        // What an evening does not use is left to the next one, so that the budget is spent.
        _left += session.Events;
        var region = _random.Chance(TravelChance) ? Region.Draw(_random) : _viewer.Region;
        _context = new EventContext(_random.Chance(OtherDeviceChance) ? _viewer.Devices.Other : _viewer.Devices.Main, region.Code);
        for (var failures = 0; _left > 0 && failures < 5;)
        {
            if (!Act()) failures++;
        }
    }

    private bool Act()
    {
        var waiting = _running.Where(r => r.Evening != _session.Start).ToArray();
        if (waiting.Length > 0 && _random.Chance(ContinueChance))
        {
            Watch(waiting[_random.Below(waiting.Length)]);
            return true;
        }
        var (drama, listed) = _picker.Pick(_session.Day);
        if (drama < 0) return false;
        Consider(drama, listed);
        return true;
    }

    private void Consider(int drama, bool listed)
    {
        var mood = _picker.Affinity(drama, _session.Day) + (0.6 * _random.Normal());
        if (listed)
        {
            if (_random.Chance(Logistic(0.8 + mood))) Begin(drama, listed);
            else if (_random.Chance(0.3) && Emit(EventKind.WatchlistRemove, drama, null, 20, 60)) _picker.Leave(drama);
            else Emit(EventKind.Click, drama, null, 20, 120);
            return;
        }
        if (_random.Chance(Logistic(-1.6 - mood)))
        {
            if (Emit(EventKind.Skip, drama, null, 5, 30)) _picker.Leave(drama);
            return;
        }
        if (_random.Chance(0.7) && !Emit(EventKind.Click, drama, null, 20, 180)) return;
        if (_random.Chance(0.12))
        {
            if (Emit(EventKind.WatchlistAdd, drama, null, 5, 60)) _picker.List(drama);
        }
        else if (!_random.Chance(0.15))
        {
            Begin(drama, listed);
        }
    }

    private void Begin(int drama, bool listed)
    {
        if (listed && _random.Chance(0.25) && !Emit(EventKind.WatchlistRemove, drama, null, 5, 30)) return;
        if (_left == 0) return;
        var affinity = _picker.Affinity(drama, _session.Day) + (0.35 * _world.Quality[drama]) + (0.5 * _random.Normal());
        var finishes = _random.Chance(Logistic(_viewer.Tolerance - 0.9 + (0.75 * affinity)));
        var dropsAt = Math.Round(0.03 + (0.7 * Math.Pow(_random.Unit(), 1.5)), 2);
        // A report stands for several episodes, so longer dramas take more evenings.
        var episodes = _world.Dramas[drama].Episodes ?? 14;
        var reports = 1 + _random.Below(episodes switch { <= 4 => 1, <= 12 => 3, <= 24 => 4, _ => 6 });
        if (!finishes) reports = Math.Max(1, (reports + 1) / 2);
        _picker.Start(drama);
        var running = new Running(drama, finishes ? 1 : dropsAt, affinity, reports);
        _running.Add(running);
        Watch(running);
    }

    private void Watch(Running running)
    {
        var step = (running.End - running.Progress) / running.Reports * _random.Between(0.6, 1.4);
        var progress = running.Reports == 1 ? running.End : Math.Round(Math.Min(running.Progress + Math.Max(0.01, step), running.End), 2);
        if (!Emit(EventKind.Watch, running.Drama, progress, 25 * 60, 110 * 60)) return;
        running.Evening = _session.Start;
        running.Progress = progress;
        running.Reports--;
        if (progress < running.End) return;
        _running.Remove(running);
        if (running.End < 1) _picker.Leave(running.Drama);
        Judge(running);
    }

    /// <summary>The drama was finished or dropped: the viewer may rate it, and a few write a review.</summary>
    private void Judge(Running running)
    {
        var finished = running.End >= 1;
        var points = 6.0 + _viewer.RatingBias + (0.75 * running.Affinity) + (0.7 * _random.Normal()) - (finished ? 0 : 2.2);
        var rating = Math.Clamp(Math.Round(points * 2, MidpointRounding.AwayFromZero) / 2, 1, 10);
        if (finished) _picker.Finish(running.Drama, liked: rating >= 6);
        if (_random.Chance(_viewer.RatingHabit * (finished ? 0.8 : 0.3)) && !Emit(EventKind.Rate, running.Drama, rating, 20, 90)) return;
        if (finished && _random.Chance(0.03)) Emit(EventKind.Review, running.Drama, _random.Chance(0.8) ? rating : null, 120, 900);
    }

    /// <summary>
    /// Leaves an event after some seconds; false, and no event, when the evening's events are used up. Nothing may count
    /// as done that left no event, or else a next season could start without a trace of the first.
    /// </summary>
    private bool Emit(EventKind kind, int drama, double? value, int leastSeconds, int mostSeconds)
    {
        if (_left == 0) return false;
        _left--;
        var seconds = leastSeconds + _random.Below(mostSeconds - leastSeconds);
        if (_clock - _session.Start > Unhurried) seconds = 1 + _random.Below(20);
        _clock = _clock.AddSeconds(seconds);
        var latest = _session.Start + SessionPlan.Longest;
        if (_clock > latest) _clock = latest;
        _events.Add(new EventDraft(drama, kind, value, _clock, _context));
        return true;
    }

    private static double Logistic(double x) => 1 / (1 + Math.Exp(-x));
}
