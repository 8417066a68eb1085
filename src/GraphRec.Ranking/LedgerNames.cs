namespace GraphRec.Ranking;

/// <summary>The terms of a ledger that are not sources.</summary>
public static class LedgerNames
{
    public const string Diversity = "diversity";
    public const string Calibration = "calibration";
    public const string Freshness = "freshness";
    public const string Completion = "completion";
    public const string Priority = "priority";

    /// <summary>How lately the viewer watched what they have not finished.</summary>
    public const string Unfinished = "unfinished";

    /// <summary>What every candidate of the viewer has before its own features count: the ranker's mean, on the list's scale.</summary>
    public const string Baseline = "baseline";

    /// <summary>How it fits what the viewer usually watches: length, year, country, network.</summary>
    public const string Habits = "habits";

    /// <summary>How viewers rated it.</summary>
    public const string Ratings = "ratings";

    /// <summary>What the viewer did with it already: opened it, put it on the watchlist, passed it over.</summary>
    public const string Interest = "interest";

    /// <summary>How often it was shown to the viewer without effect.</summary>
    public const string Exposure = "exposure";

    /// <summary>Time of day, device, and how much the viewer has watched.</summary>
    public const string Context = "context";
}
