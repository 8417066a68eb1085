namespace GraphRec.Learning.Simulation;

/// <summary>
/// What one simulated viewer likes: latent weights over genres, countries, eras and tags, a handful of favourite people,
/// and the hidden communities of dramas they move in. Nothing of it is ever written out; models must find it.
/// </summary>
internal sealed class ViewerTaste
{
    // How far each part moves a viewer, in units of utility (a choice is made in proportion to e^utility). Set by
    // measurement so that no single kind of model sees everything: facts alone, co-watching alone and popularity alone
    // must each leave something to find. docs/simulation.md has the figures.
    private const double GenreScale = 1.4;
    private const double CountryScale = 1.7;
    private const double EraScale = 0.4;
    private const double TagScale = 1.8;
    private const double PersonScale = 3.2;
    private const double CommunityScale = 5.4;
    private const double QualityScale = 0.3;

    private readonly double[] _genres;
    private readonly double[] _countries;
    private readonly double[] _eras;
    private readonly Dictionary<int, double> _tags;
    private readonly Dictionary<int, double> _people;
    private readonly (int Community, double Weight)[] _communities;

    private ViewerTaste(
        double[] genres, double[] countries, double[] eras, Dictionary<int, double> tags, Dictionary<int, double> people,
        (int Community, double Weight)[] communities)
    {
        (_genres, _countries, _eras, _tags, _people, _communities) = (genres, countries, eras, tags, people, communities);
    }

    /// <summary>Draws the taste of a simulated viewer who lives in a region.</summary>
    public static ViewerTaste Draw(DramaWorld world, Region region, SimulationRandom random)
    {
        var countries = Normals(world.Countries.ColumnCount, random);
        for (var i = 0; i < world.Count; i++)
        {
            if (world.Dramas[i].Country != region.Code) continue;
            countries[world.Countries[i][0]] += 1.2;
            break;
        }
        var tags = new Dictionary<int, double>();
        for (var i = 0; i < 14; i++) Add(tags, FeatureOfFamousDrama(world, world.Tags, random), random.Between(0.6, 1.2));
        for (var i = 0; i < 5; i++) Add(tags, FeatureOfFamousDrama(world, world.Tags, random), -random.Between(0.4, 1));
        var people = new Dictionary<int, double>();
        for (var i = 0; i < 8; i++) Add(people, FeatureOfFamousDrama(world, world.People, random), random.Between(0.6, 1.2));
        var communities = new (int, double)[3];
        for (var i = 0; i < communities.Length; i++) communities[i] = (random.Below(world.CommunityCount), random.Between(0.7, 1.1));
        return new ViewerTaste(
            Normals(world.Genres.ColumnCount, random), countries, Normals(world.Eras.ColumnCount, random), tags, people, communities);
    }

    /// <summary>
    /// The taste the viewer ends the period with: the same person, but weights have moved, some favourites are new, and
    /// one hidden community was left for another.
    /// </summary>
    public ViewerTaste Drifted(DramaWorld world, SimulationRandom random)
    {
        var people = new Dictionary<int, double>();
        foreach (var (person, weight) in _people.OrderBy(p => p.Key))
        {
            if (random.Chance(0.75)) people[person] = weight;
            else Add(people, FeatureOfFamousDrama(world, world.People, random), weight);
        }
        var communities = _communities.ToArray();
        if (random.Chance(0.6)) communities[^1] = (random.Below(world.CommunityCount), communities[^1].Weight);
        return new ViewerTaste(
            Moved(_genres, random), Moved(_countries, random), Moved(_eras, random), _tags, people, communities);
    }

    /// <summary>Writes the utility of every drama to this viewer, fame left out. Length: the number of dramas.</summary>
    public void Score(DramaWorld world, Span<double> utilities)
    {
        var tagWeights = Dense(_tags, world.Tags.ColumnCount);
        var personWeights = Dense(_people, world.People.ColumnCount);
        var communityWeights = new double[world.CommunityCount];
        foreach (var (community, weight) in _communities) communityWeights[community] = Math.Max(communityWeights[community], weight);
        for (var d = 0; d < utilities.Length; d++)
        {
            utilities[d] = (GenreScale * Sum(_genres, world.Genres[d]) / Math.Sqrt(Math.Max(1, world.Genres[d].Length)))
                + (CountryScale * Sum(_countries, world.Countries[d]))
                + (EraScale * Sum(_eras, world.Eras[d]))
                + (TagScale * Sum(tagWeights, world.Tags[d]))
                + (PersonScale * Math.Min(2, Sum(personWeights, world.People[d])))
                + (CommunityScale * Math.Max(communityWeights[world.Community[d]], 0.5 * communityWeights[world.SecondCommunity[d]]))
                + (QualityScale * world.Quality[d]);
        }
    }

    private static double Sum(double[] weights, ReadOnlySpan<int> features)
    {
        var sum = 0.0;
        foreach (var feature in features) sum += weights[feature];
        return sum;
    }

    private static double[] Dense(Dictionary<int, double> weights, int length)
    {
        var dense = new double[length];
        foreach (var (feature, weight) in weights) dense[feature] = weight;
        return dense;
    }

    private static double[] Normals(int length, SimulationRandom random)
    {
        var weights = new double[length];
        for (var i = 0; i < length; i++) weights[i] = random.Normal();
        return weights;
    }

    /// <summary>Correlation 0.8 with what it was, same variance.</summary>
    private static double[] Moved(double[] weights, SimulationRandom random) =>
        [.. weights.Select(w => (0.8 * w) + (0.6 * random.Normal()))];

    private static void Add(Dictionary<int, double> weights, int feature, double weight)
    {
        if (feature >= 0) weights[feature] = weight;
    }

    /// <summary>A tag or person of a drama drawn by fame: people come to like whom they have met. −1 when there is none.</summary>
    private static int FeatureOfFamousDrama(DramaWorld world, SparseRows features, SimulationRandom random)
    {
        for (var attempt = 0; attempt < 20; attempt++)
        {
            var drama = world.DrawFamous(random);
            var candidates = drama < 0 ? [] : features[drama];
            if (candidates.Length > 0) return candidates[random.Below(candidates.Length)];
        }
        return -1;
    }
}
