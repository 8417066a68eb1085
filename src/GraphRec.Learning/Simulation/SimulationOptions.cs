using GraphRec.Core;

namespace GraphRec.Learning.Simulation;

/// <summary>
/// What to simulate. The viewers are simulated; no person stands behind any of them. The same options and the same
/// catalogue give the same events, byte for byte, whatever <see cref="Threads"/> is.
/// </summary>
public sealed record SimulationOptions
{
    /// <summary>The most events one simulated viewer may have on average; beyond it a viewer would never sleep.</summary>
    public const int MaxEventsPerViewer = 1000;

    /// <summary>The fewest events of a simulated viewer who is not cold; cold viewers have 0 to 3.</summary>
    public const int MinEventsOfActiveViewer = 4;

    /// <summary>How many simulated viewers there are, the cold ones included.</summary>
    public int Viewers { get; init; } = 2000;

    /// <summary>
    /// How many events to make in all. Exact, unless a simulated viewer runs out of dramas to watch (small catalogues).
    /// </summary>
    public int TargetEvents { get; init; } = 150_000;

    /// <summary>Length of the simulated period, which ends at <see cref="Until"/>.</summary>
    public int Months { get; init; } = 18;

    /// <summary>Every random draw of the simulated viewers comes from this number.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>
    /// Every simulated event is before this time. The default is a fixed day, so that the default set never changes; it
    /// lies after the newest drama of the catalogue, so that some dramas are new in the period.
    /// </summary>
    public DateTimeOffset Until { get; init; } = new(2024, 10, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Share of simulated viewers with 0 to 3 events, in [0, 1].</summary>
    public double ColdShare { get; init; } = 0.05;

    /// <summary>How many threads to use; 0 = as many as there are cores. It does not change the simulated events.</summary>
    public int Threads { get; init; }

    /// <summary>How many of the simulated viewers are cold.</summary>
    public int ColdViewers => (int)Math.Round(ColdShare * Viewers, MidpointRounding.AwayFromZero);

    /// <summary>The first instant of the simulated period.</summary>
    public DateTimeOffset From => Until.AddMonths(-Months);

    /// <summary>Checks the options of the simulation.</summary>
    /// <exception cref="InvalidInputException">One is out of range; the message says what to change.</exception>
    public void Validate()
    {
        Require(Viewers is >= 1 and <= 1_000_000, $"Viewers is {Viewers}; set it to 1 to 1,000,000.");
        Require(Months is >= 1 and <= 120, $"Months is {Months}; set it to 1 to 120.");
        Require(ColdShare is >= 0 and <= 1, $"ColdShare is {ColdShare}; set it to a share from 0 to 1.");
        Require(Threads is >= 0 and <= 1024, $"Threads is {Threads}; set it to 0 (all cores) to 1024.");
        Require(Until.Year is >= 1995 and <= 9000, $"Until is {Until:O}; set it to a time from 1995 on, so that the period starts after 1985.");
        var active = Viewers - ColdViewers;
        Require(active > 0, $"all {Viewers} viewers are cold; lower ColdShare, which is {ColdShare}.");
        var least = ((long)active * MinEventsOfActiveViewer) + (3L * ColdViewers);
        var most = (long)active * MaxEventsPerViewer;
        Require(
            TargetEvents >= least && TargetEvents <= most,
            $"TargetEvents is {TargetEvents}; for {active} active and {ColdViewers} cold viewers set it to {least} to {most}, or change Viewers.");
    }

    private static void Require(bool good, string problem)
    {
        if (!good) throw new InvalidInputException(ErrorCodes.BadUserInput, problem);
    }
}
