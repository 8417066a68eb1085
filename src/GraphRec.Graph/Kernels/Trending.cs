namespace GraphRec.Graph.Kernels;

/// <summary>A window of time and how fast a watch in it fades; all in minutes, the graph's unit of time.</summary>
/// <param name="Since">First minute counted, since the Unix epoch.</param>
/// <param name="Now">Last minute counted, at which a watch weighs 1.</param>
/// <param name="HalfLife">Minutes after which a watch weighs half; above 0, infinity for plain counts.</param>
public readonly record struct TrendingWindow(int Since, int Now, double HalfLife)
{
    /// <summary>2^(−(Now − at) / HalfLife) for a watch at that minute; 0 outside the window.</summary>
    public double Weight(int at) => at < Since || at > Now ? 0 : Math.Pow(2, -((double)Now - at) / HalfLife);
}

/// <summary>
/// What is watched now: decayed counts of WATCHED edges per drama, each edge at its latest watch. Sums run over viewers
/// ascending, so that the same graph gives the same bits.
/// </summary>
public static class Trending
{
    /// <summary>Decayed watches per drama within the window.</summary>
    /// <param name="watched">WATCHED, users × dramas, with times.</param>
    /// <param name="window">The window.</param>
    /// <param name="into">Receives one sum per drama; overwritten.</param>
    public static void Decayed(Adjacency watched, TrendingWindow window, Span<double> into)
    {
        Check(watched, window);
        into[..watched.ToCount].Clear();
        for (var user = 0; user < watched.FromCount; user++) AddUser(watched, window, user, into);
    }

    /// <summary>Decayed watches per region and drama, from the viewers of that region only.</summary>
    /// <param name="watched">WATCHED, users × dramas, with times.</param>
    /// <param name="window">The window.</param>
    /// <param name="regionOf">Region of each user, 0 … <paramref name="regions"/> − 1, or −1 where unknown: counted in none.</param>
    /// <param name="regions">How many regions there are.</param>
    /// <param name="into">Receives regions × dramas sums, region after region; overwritten.</param>
    public static void DecayedByRegion(Adjacency watched, TrendingWindow window, ReadOnlySpan<int> regionOf, int regions, Span<double> into)
    {
        Check(watched, window);
        var dramas = watched.ToCount;
        into[..(regions * dramas)].Clear();
        for (var user = 0; user < watched.FromCount; user++)
            if (regionOf[user] >= 0) AddUser(watched, window, user, into.Slice(regionOf[user] * dramas, dramas));
    }

    /// <summary>Viewers per drama whose latest watch lies within the window: popularity, without decay.</summary>
    /// <param name="watched">WATCHED, users × dramas, with times.</param>
    /// <param name="since">First minute counted.</param>
    /// <param name="now">Last minute counted.</param>
    /// <param name="into">Receives one count per drama; overwritten.</param>
    public static void Popularity(Adjacency watched, int since, int now, Span<int> into)
    {
        Check(watched, new TrendingWindow(since, now, 1));
        into[..watched.ToCount].Clear();
        for (var user = 0; user < watched.FromCount; user++)
        {
            var dramas = watched.Targets(user);
            var times = watched.Times(user);
            for (var i = 0; i < dramas.Length; i++)
                if (times[i] >= since && times[i] <= now) into[dramas[i]]++;
        }
    }

    /// <summary>Viewers per drama of all times.</summary>
    public static void Popularity(Adjacency watched, Span<int> into)
    {
        for (var drama = 0; drama < watched.ToCount; drama++) into[drama] = watched.ReverseDegree(drama);
    }

    private static void AddUser(Adjacency watched, TrendingWindow window, int user, Span<double> into)
    {
        var dramas = watched.Targets(user);
        var times = watched.Times(user);
        for (var i = 0; i < dramas.Length; i++) into[dramas[i]] += window.Weight(times[i]);
    }

    private static void Check(Adjacency watched, TrendingWindow window)
    {
        if (!(window.HalfLife > 0)) throw new ArgumentOutOfRangeException(nameof(window), window.HalfLife, "The half-life must be above 0.");
        if (watched.EdgeCount > 0 && !watched.HasTimes) throw new ArgumentException($"{watched.Type} was built without times.", nameof(watched));
    }
}
