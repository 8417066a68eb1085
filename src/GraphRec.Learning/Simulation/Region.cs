namespace GraphRec.Learning.Simulation;

/// <summary>A group of regions among whose simulated viewers a drama becomes fashionable together.</summary>
internal enum RegionGroup
{
    West,
    LatinAmerica,
    SouthAndSoutheastAsia,
    EastAsia,
}

/// <summary>
/// A place where simulated viewers live. The shares are invented; they are only to be uneven, as they are in the world.
/// </summary>
/// <param name="Code">ISO 3166-1 alpha-2.</param>
/// <param name="Group">With whom it shares fashions.</param>
/// <param name="Share">Part of all simulated viewers; the shares sum to 1.</param>
/// <param name="UtcOffsetHours">Local time, so that evenings are evenings. Daylight saving is left out.</param>
internal sealed record Region(string Code, RegionGroup Group, double Share, int UtcOffsetHours)
{
    /// <summary>All regions of the simulation.</summary>
    public static IReadOnlyList<Region> All { get; } =
    [
        new("US", RegionGroup.West, 0.18, -6),
        new("GB", RegionGroup.West, 0.06, 0),
        new("FR", RegionGroup.West, 0.05, 1),
        new("BR", RegionGroup.LatinAmerica, 0.08, -3),
        new("MX", RegionGroup.LatinAmerica, 0.07, -6),
        new("PH", RegionGroup.SouthAndSoutheastAsia, 0.12, 8),
        new("ID", RegionGroup.SouthAndSoutheastAsia, 0.10, 7),
        new("TH", RegionGroup.SouthAndSoutheastAsia, 0.07, 7),
        new("IN", RegionGroup.SouthAndSoutheastAsia, 0.08, 5),
        new("KR", RegionGroup.EastAsia, 0.07, 9),
        new("JP", RegionGroup.EastAsia, 0.06, 9),
        new("TW", RegionGroup.EastAsia, 0.04, 8),
        new("HK", RegionGroup.EastAsia, 0.02, 8),
    ];

    /// <summary>A region drawn by share.</summary>
    public static Region Draw(SimulationRandom random)
    {
        var goal = random.Unit();
        foreach (var region in All)
        {
            goal -= region.Share;
            if (goal < 0) return region;
        }
        return All[^1];
    }
}
