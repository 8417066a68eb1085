using GraphRec.Core;

namespace GraphRec.Learning.Simulation;

/// <summary>
/// The dramas as the simulated viewers meet them: the facts of the catalogue, numbered, and what is invented about each:
/// its quality, its fame and the hidden communities it belongs to, which no fact of the catalogue tells.
/// Dramas are numbered in ordinal order of their ids.
/// </summary>
internal sealed class DramaWorld
{
    /// <summary>In <see cref="Follows"/>: the drama is nobody's next season.</summary>
    public const int FollowsNothing = -1;

    /// <summary>In <see cref="Follows"/>: the earlier season is not in the catalogue, so the drama cannot be watched.</summary>
    public const int FollowsUnknown = -2;

    /// <summary>Taste drifts and releases age in steps of this many days.</summary>
    public const int DaysPerEpoch = 30;

    private const double NewFactor = 4;
    private const double NewForDays = 75;
    private const double FameSpread = 1.75;

    /// <summary>How many years an era spans.</summary>
    private const int YearsPerEra = 5;

    private readonly double[][] _communitySums;
    private readonly int[][] _communityMembers;
    private readonly double[] _fameSums;
    private readonly double[][] _buzz;

    private DramaWorld(IReadOnlyList<Drama> dramas, CatalogBatch catalogue, SimulationOptions options)
    {
        Dramas = dramas;
        From = options.From;
        Days = (int)Math.Ceiling((options.Until - From).TotalDays);
        var index = new Dictionary<string, int>(dramas.Count, StringComparer.Ordinal);
        for (var i = 0; i < dramas.Count; i++) index.Add(dramas[i].Id, i);
        Genres = SparseRows.Of(Count, i => dramas[i].Genres);
        // Tags come most characteristic first; past the eighth they say little about a drama.
        Tags = SparseRows.Of(Count, i => dramas[i].Tags, most: 8);
        People = SparseRows.Of(Count, PeopleOf(catalogue, index));
        Countries = SparseRows.Of(Count, i => [dramas[i].Country ?? "?"]);
        Eras = SparseRows.Of(Count, i => [((dramas[i].Year ?? 0) / YearsPerEra).ToString("D", null)]);
        Follows = [.. dramas.Select(d => d.Follows is null ? FollowsNothing : index.GetValueOrDefault(d.Follows, FollowsUnknown))];
        NextSeasons = new int[Count];
        Array.Fill(NextSeasons, -1);
        for (var i = Count - 1; i >= 0; i--)
        {
            if (Follows[i] >= 0) NextSeasons[Follows[i]] = i;
        }
        var random = new SimulationRandom(options.Seed, stream: -1);
        AvailableDay = [.. dramas.Select(d => FirstDay(d, random))];
        _buzz = [.. Enumerable.Range(0, (Days / DaysPerEpoch) + 1).Select(BuzzOf)];
        Quality = [.. dramas.Select(_ => random.Normal())];
        CommunityCount = Math.Clamp(Count / 60, 2, 96);
        Community = [.. dramas.Select(_ => random.Below(CommunityCount))];
        SecondCommunity = [.. dramas.Select(_ => random.Below(CommunityCount))];
        Fame = FameOf(random, catalogue);
        (_communityMembers, _communitySums) = Communities();
        _fameSums = RunningSum(Enumerable.Range(0, Count), Count);
    }

    public IReadOnlyList<Drama> Dramas { get; }
    public int Count => Dramas.Count;

    /// <summary>Start of the simulated period, and its length in days.</summary>
    public DateTimeOffset From { get; }
    public int Days { get; }
    public SparseRows Genres { get; }
    public SparseRows Tags { get; }
    public SparseRows People { get; }
    public SparseRows Countries { get; }
    public SparseRows Eras { get; }

    /// <summary>The drama each one is the next season of, or <see cref="FollowsNothing"/> or <see cref="FollowsUnknown"/>.</summary>
    public int[] Follows { get; }

    /// <summary>The next season of each drama; −1 where there is none.</summary>
    public int[] NextSeasons { get; }

    /// <summary>
    /// The first whole day of the period (may be negative) on which a simulated viewer may meet the drama;
    /// <see cref="int.MaxValue"/> where the release is unknown.
    /// </summary>
    public int[] AvailableDay { get; }

    /// <summary>Invented quality, standard normal.</summary>
    public double[] Quality { get; }

    /// <summary>Invented log-popularity before any viewer's taste.</summary>
    public double[] Fame { get; }
    public int CommunityCount { get; }

    /// <summary>The hidden community each drama belongs to, and a second one it half belongs to.</summary>
    public int[] Community { get; }
    public int[] SecondCommunity { get; }

    /// <summary>The world of one simulation.</summary>
    /// <exception cref="InvalidInputException">No drama of the catalogue can be watched in the period.</exception>
    public static DramaWorld Create(CatalogBatch catalogue, SimulationOptions options)
    {
        var dramas = catalogue.Dramas.DistinctBy(d => d.Id, StringComparer.Ordinal).OrderBy(d => d.Id, StringComparer.Ordinal).ToArray();
        var last = DateOnly.FromDateTime(options.Until.UtcDateTime);
        if (!dramas.Any(d => d.Released < last))
        {
            throw new InvalidInputException(
                ErrorCodes.BadUserInput,
                $"no drama of the catalogue ({dramas.Length} dramas) was released before Until ({options.Until:O}); import a catalogue or set Until later.");
        }
        return new DramaWorld(dramas, catalogue, options);
    }

    /// <summary>A drama drawn by fame alone.</summary>
    public int DrawFamous(SimulationRandom random) => random.FromRunningSum(_fameSums);

    /// <summary>A drama of a hidden community, drawn by fame; −1 when the community is empty.</summary>
    public int DrawFromCommunity(int community, SimulationRandom random)
    {
        var member = random.FromRunningSum(_communitySums[community]);
        return member < 0 ? -1 : _communityMembers[community][member];
    }

    /// <summary>
    /// By how much each drama is sought more because it is new, in a month of the period (<see cref="DaysPerEpoch"/> days);
    /// 0 when it is not out by the end of that month.
    /// </summary>
    public ReadOnlySpan<double> Buzz(int epoch) => _buzz[epoch];

    private double[] BuzzOf(int epoch)
    {
        var last = (epoch * DaysPerEpoch) + DaysPerEpoch - 1;
        return [.. AvailableDay.Select(opens => opens > last ? 0 : 1 + (NewFactor * Math.Exp((opens - last) / NewForDays)))];
    }

    private int FirstDay(Drama drama, SimulationRandom random)
    {
        if (drama.Released is not { } released) return int.MaxValue;
        // Where only the year is known, the release counts as 1 July: spread over the second half-year, or else most new
        // dramas of the period would arrive on one day.
        var lag = drama.AiredFrom is null ? random.Below(150) : 0;
        var opens = new DateTimeOffset(released.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
        return (int)Math.Ceiling((opens - From).TotalDays) + lag;
    }

    private double[] FameOf(SimulationRandom random, CatalogBatch catalogue)
    {
        var credits = People.ColumnCounts();
        var endYear = From.Year + 1;
        var fame = new double[Count];
        for (var i = 0; i < Count; i++)
        {
            var drama = Dramas[i];
            var stars = 0;
            foreach (var person in People[i]) stars = Math.Max(stars, credits[person]);
            var country = drama.Country switch { "KR" => 0.5, "CN" => 0.2, "TH" => 0.1, "JP" => 0, _ => -0.4 };
            var age = Math.Max(0, endYear - (drama.Year ?? endYear));
            // Lognormal, like the audiences of real catalogues; the facts explain a minor part of it.
            fame[i] = (FameSpread * random.Normal()) + (0.45 * Quality[i]) + country - Math.Min(1.6, 0.07 * age)
                + (0.25 * Math.Log(1 + stars)) + (0.05 * Math.Min(10, drama.Tags.Count)) - (Follows[i] >= 0 ? 0.8 : 0);
        }
        return fame;
    }

    private (int[][] Members, double[][] Sums) Communities()
    {
        var members = Enumerable.Range(0, Count).ToLookup(i => Community[i]);
        var lists = Enumerable.Range(0, CommunityCount).Select(c => members[c].ToArray()).ToArray();
        return (lists, [.. lists.Select(list => RunningSum(list, list.Length))]);
    }

    private double[] RunningSum(IEnumerable<int> dramas, int count)
    {
        var sums = new double[count];
        var (sum, at) = (0.0, 0);
        foreach (var drama in dramas) sums[at++] = sum += AvailableDay[drama] < Days ? Math.Exp(Fame[drama]) : 0;
        return sums;
    }

    private static Func<int, IReadOnlyList<string>> PeopleOf(CatalogBatch catalogue, Dictionary<string, int> index)
    {
        var known = catalogue.People.Select(p => p.Id).ToHashSet(StringComparer.Ordinal);
        var byDrama = catalogue.Credits
            .Where(c => known.Contains(c.PersonId) && index.ContainsKey(c.DramaId))
            .OrderBy(c => c.Role).ThenBy(c => c.Order).ThenBy(c => c.PersonId, StringComparer.Ordinal)
            .ToLookup(c => index[c.DramaId], c => c.PersonId);
        return drama => [.. byDrama[drama]];
    }
}
