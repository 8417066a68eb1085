namespace GraphRec.Learning.Simulation;

/// <summary>
/// Which drama a simulated viewer turns to: by taste and fame, by what is in fashion, by what they watched last, by a
/// watchlist, or for no reason. It keeps the rule that seasons are taken in order.
/// </summary>
internal sealed class DramaPicker
{
    // How often a viewer turns to each occasion, when there is one. Invented; set so that taste stays the main cause.
    private const double NextSeasonChance = 0.5;
    private const double WatchlistChance = 0.18;
    private const double FashionChance = 0.14;
    private const double SameCommunityChance = 0.12;

    /// <summary>A pick may fail (seen already, not out yet); a viewer gives an occasion up after this many tries.</summary>
    private const int Tries = 25;

    private readonly DramaWorld _world;
    private readonly SurgeCalendar _surges;
    private readonly ViewerProfile _viewer;
    private readonly SimulationRandom _random;
    private readonly ViewerWorkspace _space;
    private readonly List<int> _watchlist = [];
    private readonly List<int> _nextSeasons = [];
    private int _epoch = -1;
    private int _lastLiked = -1;

    /// <summary>Prepares the weights of all dramas for one viewer; clears what the last viewer left in the workspace.</summary>
    public DramaPicker(DramaWorld world, SurgeCalendar surges, ViewerProfile viewer, SimulationRandom random, ViewerWorkspace space)
    {
        (_world, _surges, _viewer, _random, _space) = (world, surges, viewer, random, space);
        Array.Clear(space.Status);
        var taste = ViewerTaste.Draw(world, viewer.Region, random);
        taste.Score(world, space.EarlyUtility);
        taste.Drifted(world, random).Score(world, space.LateUtility);
        for (var d = 0; d < world.Count; d++)
        {
            var open = Allowed(d);
            space.EarlyWeight[d] = open ? Math.Exp(space.EarlyUtility[d] + (viewer.Conformity * world.Fame[d])) : 0;
            space.LateWeight[d] = open ? Math.Exp(space.LateUtility[d] + (viewer.Conformity * world.Fame[d])) : 0;
        }
        space.Standardise();
    }

    /// <summary>How much the viewer likes a drama on a day, in standard deviations over all dramas.</summary>
    public double Affinity(int drama, int day)
    {
        var late = Late(day);
        return ((1 - late) * _space.EarlyUtility[drama]) + (late * _space.LateUtility[drama]);
    }

    /// <summary>The drama the viewer turns to, and whether it was on their watchlist; −1 when nothing came to mind.</summary>
    public (int Drama, bool Listed) Pick(int day)
    {
        PrepareEpoch(day);
        if (_nextSeasons.Count > 0 && _random.Chance(NextSeasonChance))
        {
            var season = _nextSeasons[_random.Below(_nextSeasons.Count)];
            if (Pickable(season, day)) return (season, Status(season) == DramaStatus.Listed);
        }
        if (_watchlist.Count > 0 && _random.Chance(WatchlistChance)) return (_watchlist[_random.Below(_watchlist.Count)], true);
        for (var attempt = 0; attempt < Tries; attempt++)
        {
            var drama = EarliestUnseenSeason(DrawOnce(day));
            if (drama >= 0 && Pickable(drama, day)) return (drama, Status(drama) == DramaStatus.Listed);
        }
        return (-1, false);
    }

    /// <summary>The viewer put the drama on the watchlist.</summary>
    public void List(int drama)
    {
        _space.Status[drama] = DramaStatus.Listed;
        _watchlist.Add(drama);
    }

    /// <summary>The viewer started it.</summary>
    public void Start(int drama) => Close(drama, DramaStatus.Watching);

    /// <summary>The viewer skipped it or gave it up.</summary>
    public void Leave(int drama) => Close(drama, DramaStatus.Left);

    /// <summary>The viewer finished it, and its next season may follow.</summary>
    public void Finish(int drama, bool liked)
    {
        Close(drama, DramaStatus.Finished);
        if (liked) _lastLiked = drama;
        var next = _world.NextSeasons[drama];
        if (next >= 0 && Allowed(next)) _nextSeasons.Add(next);
    }

    private DramaStatus Status(int drama) => _space.Status[drama];

    private double Late(int day) => Math.Clamp((double)day / _world.Days, 0, 1);

    private bool Allowed(int drama)
    {
        var regions = _world.Dramas[drama].Regions;
        return regions.Count == 0 || regions.Contains(_viewer.Region.Code);
    }

    private bool Pickable(int drama, int day) =>
        Status(drama) is DramaStatus.Untouched or DramaStatus.Listed && _world.AvailableDay[drama] <= day && Allowed(drama);

    private int DrawOnce(int day)
    {
        var roll = _random.Unit();
        if ((roll -= FashionChance * _viewer.Conformity) < 0)
        {
            var fashionable = _surges.Draw(_viewer.Region.Group, day, _random);
            // A fashion does not win over those whom it does not suit at all.
            if (fashionable >= 0 && Affinity(fashionable, day) + _random.Normal() > -0.5) return fashionable;
        }
        else if ((roll -= SameCommunityChance) < 0 && _lastLiked >= 0)
        {
            return _world.DrawFromCommunity(_world.Community[_lastLiked], _random);
        }
        else if (roll < _viewer.Exploration && roll >= 0)
        {
            return _world.DrawFamous(_random);
        }
        return _random.FromRunningSum(_space.PickSums);
    }

    /// <summary>Goes back to the first season the viewer has not finished; −1 when that one is lost to them.</summary>
    private int EarliestUnseenSeason(int drama)
    {
        for (var steps = 0; drama >= 0 && steps < 100; steps++)
        {
            var earlier = _world.Follows[drama];
            if (earlier == DramaWorld.FollowsNothing) return drama;
            if (earlier == DramaWorld.FollowsUnknown) return -1;
            if (Status(earlier) == DramaStatus.Finished) return drama;
            drama = earlier;
        }
        return -1;
    }

    private void Close(int drama, DramaStatus status)
    {
        if (Status(drama) == DramaStatus.Listed) _watchlist.Remove(drama);
        _nextSeasons.Remove(drama);
        _space.Status[drama] = status;
        _space.EarlyWeight[drama] = _space.LateWeight[drama] = 0;
    }

    /// <summary>
    /// Taste drifts and releases age by the month: weights are renewed then, not per pick. Mixing the weights of two
    /// tastes is exact for a viewer who acts on the later one with a growing chance, and needs no exponential per month.
    /// </summary>
    private void PrepareEpoch(int day)
    {
        var epoch = day / DramaWorld.DaysPerEpoch;
        if (epoch == _epoch) return;
        _epoch = epoch;
        var late = Late(day);
        var buzz = _world.Buzz(epoch);
        var sum = 0.0;
        for (var d = 0; d < _world.Count; d++)
        {
            var weight = ((1 - late) * _space.EarlyWeight[d]) + (late * _space.LateWeight[d]);
            _space.PickSums[d] = sum += weight * buzz[d];
        }
    }
}
