namespace GraphRec.Learning.Simulation;

/// <summary>One evening of a simulated viewer: it starts at <paramref name="Start"/> and leaves at most <paramref name="Events"/> events.</summary>
internal readonly record struct Session(DateTimeOffset Start, int Day, int Events);

/// <summary>Lays the evenings of a simulated viewer out over the period.</summary>
internal static class SessionPlan
{
    /// <summary>No session lasts longer, so that none reaches into the next evening.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(8);

    private const double EventsPerSession = 5.5;
    private const double WeekendFactor = 1.6;

    /// <summary>
    /// The sessions in order of time: at most one per day, more at weekends, in the evening of the viewer's region, and
    /// each over before the period ends. Their events sum to the viewer's budget.
    /// </summary>
    public static List<Session> Draw(ViewerProfile viewer, DramaWorld world, SimulationRandom random)
    {
        // Evenings count from the first whole day, an evening in America starts on the next day in UTC, and it may last
        // eight hours: the third day from the end is the last on which it is over in time everywhere.
        var lastDay = Math.Max(0, world.Days - 3);
        var first = Math.Min(viewer.FirstDay, lastDay);
        var end = Math.Clamp(viewer.EndDay, first + 1, lastDay + 1);
        if (viewer.EventBudget == 0) return [];
        var wanted = Math.Clamp((int)Math.Round(viewer.EventBudget / EventsPerSession), 1, end - first);
        // Exponential keys draw days without replacement in proportion to their weight (Efraimidis, Spirakis 2006).
        var days = Enumerable.Range(first, end - first)
            .Select(day => (Day: day, Key: -Math.Log(1 - random.Unit()) / WeightOf(world.From.AddDays(day))))
            .OrderBy(d => d.Key).ThenBy(d => d.Day).Take(wanted).Select(d => d.Day).Order().ToArray();
        var events = Quotas(viewer.EventBudget, days.Length, random);
        var midnight = new DateTimeOffset(world.From.UtcDateTime.Date, TimeSpan.Zero).AddDays(1);
        var sessions = new List<Session>(days.Length);
        for (var i = 0; i < days.Length; i++)
        {
            var hour = Math.Clamp(20 + (1.4 * random.Normal()), 16, 23.5) - viewer.Region.UtcOffsetHours;
            var start = midnight.AddDays(days[i]).AddSeconds(Math.Floor(hour * 3600));
            sessions.Add(new Session(start, (int)Math.Floor((start - world.From).TotalDays), events[i]));
        }
        return sessions;
    }

    private static double WeightOf(DateTimeOffset day) =>
        day.DayOfWeek is DayOfWeek.Friday or DayOfWeek.Saturday or DayOfWeek.Sunday ? WeekendFactor : 1;

    /// <summary>Deals the budget over the sessions: at least one each, the rest by chance, so that some evenings are long.</summary>
    private static int[] Quotas(int budget, int sessions, SimulationRandom random)
    {
        var quotas = new int[sessions];
        Array.Fill(quotas, 1);
        var sums = new double[sessions];
        var sum = 0.0;
        for (var i = 0; i < sessions; i++) sums[i] = sum += random.Between(0.3, 1.7);
        for (var left = budget - sessions; left > 0; left--) quotas[random.FromRunningSum(sums)]++;
        return quotas;
    }
}
