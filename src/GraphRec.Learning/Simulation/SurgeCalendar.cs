namespace GraphRec.Learning.Simulation;

/// <summary>A drama that is in fashion among the simulated viewers of a group of regions, on days [First, End).</summary>
internal readonly record struct Surge(int Drama, RegionGroup Group, int First, int End, double Strength);

/// <summary>
/// The fashions of the simulated period: now and then one drama surges in one group of regions, and in the last three
/// weeks several do, so that "trending" has something to find.
/// </summary>
internal sealed class SurgeCalendar
{
    /// <summary>How long before the end the last fashions begin, in days.</summary>
    private const int LastWeeks = 21;

    private readonly Surge[][] _byGroup;

    public SurgeCalendar(DramaWorld world, int seed)
    {
        var random = new SimulationRandom(seed, stream: -2);
        _byGroup = [.. Enum.GetValues<RegionGroup>().Select(group => Plan(world, group, random).ToArray())];
    }

    /// <summary>All fashions, by group.</summary>
    public IEnumerable<Surge> All => _byGroup.SelectMany(surges => surges);

    /// <summary>A drama in fashion on this day in this group; −1 when there is none.</summary>
    public int Draw(RegionGroup group, int day, SimulationRandom random)
    {
        var total = 0.0;
        foreach (var surge in _byGroup[(int)group])
        {
            if (surge.First <= day && day < surge.End) total += surge.Strength;
        }
        var goal = random.Unit() * total;
        foreach (var surge in _byGroup[(int)group])
        {
            if (surge.First > day || day >= surge.End) continue;
            goal -= surge.Strength;
            if (goal < 0) return surge.Drama;
        }
        return -1;
    }

    private static IEnumerable<Surge> Plan(DramaWorld world, RegionGroup group, SimulationRandom random)
    {
        for (var day = random.Below(20); day < world.Days - LastWeeks; day += 15 + random.Below(25))
        {
            if (Candidate(world, day, random) is var drama and >= 0)
                yield return new Surge(drama, group, day, day + 10 + random.Below(14), random.Between(0.5, 1.5));
        }
        for (var i = 0; i < 3; i++)
        {
            var first = Math.Max(0, world.Days - LastWeeks + random.Below(7));
            if (Candidate(world, first, random) is var drama and >= 0)
                yield return new Surge(drama, group, first, world.Days, random.Between(0.8, 1.5));
        }
    }

    /// <summary>A first season that is out; half of the draws ignore fame, because fashions also lift the unknown.</summary>
    private static int Candidate(DramaWorld world, int day, SimulationRandom random)
    {
        for (var attempt = 0; attempt < 50; attempt++)
        {
            var drama = random.Chance(0.5) ? random.Below(world.Count) : world.DrawFamous(random);
            if (world.AvailableDay[drama] <= day && world.Follows[drama] == DramaWorld.FollowsNothing) return drama;
        }
        return -1;
    }
}
