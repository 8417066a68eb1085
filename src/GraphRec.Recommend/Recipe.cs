using System.Text.Json;
using GraphRec.Core;
using GraphRec.Ranking;
using GraphRec.Ranking.ReRanking;

namespace GraphRec.Recommend;

/// <summary>
/// Everything about recommending that is tuned and not built: a JSON file (<c>recipes/default.json</c>), validated when
/// it is read.
/// </summary>
public sealed record Recipe
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        WriteIndented = true,
        RespectNullableAnnotations = true,
        UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow,
        Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>A name that answers carry, so that a page says what it was made by.</summary>
    public string Name { get; init; } = "default";

    /// <summary>Weights of the re-ranking objectives.</summary>
    public ObjectiveWeights Objectives { get; init; } = new();

    /// <summary>Weight of each candidate source in the linear ranker, by name; must sum to 1.</summary>
    public IReadOnlyDictionary<string, float> Sources { get; init; } = DefaultSources;

    /// <summary>After this many days behaviour counts half (with a floor, see <see cref="Taste.Decay"/>).</summary>
    public double TasteHalfLifeDays { get; init; } = 240;

    /// <summary>After this many days a release is half as fresh.</summary>
    public double FreshnessHalfLifeDays { get; init; } = 730;

    /// <summary>The window of "trending", in days; a watch counts half after half of it.</summary>
    public double TrendingDays { get; init; } = 7;

    /// <summary>A drama skipped on purpose is not shown for this many days.</summary>
    public double SkipRestDays { get; init; } = 30;

    /// <summary>At most this many dramas of a history are seeds: those that, after decay, say most of the taste.</summary>
    public int MaxSeeds { get; init; } = 60;

    /// <summary>How similar dramas above lower a drama's diversity.</summary>
    public DiversityMeasure DiversityBy { get; init; } = DiversityMeasure.Mmr;

    /// <summary>How many dramas, the linear ranker's best, a learned ranker orders anew.</summary>
    public int Candidates { get; init; } = 500;

    /// <summary>How many of the best dramas are re-ranked for diversity.</summary>
    public int Window { get; init; } = 400;

    /// <summary>A co-watch reason is shown only when at least this many viewers stand behind it.</summary>
    public int MinCoWatchers { get; init; } = 5;

    /// <summary>At most this many paths per reason.</summary>
    public int MaxPaths { get; init; } = 6;

    /// <summary>
    /// Found by <c>page-quality --data SEED,MOVIELENS --model slim --tune 1500</c> on viewers' last engagements inside training
    /// (docs/benchmarks.md): NDCG@20 as served, on later test cuts, rose from .1126 to .1161 and from .1854 to .1883. Weights
    /// found on the simulated viewers alone lower MovieLens, where actors say less and other viewers more.
    /// </summary>
    public static IReadOnlyDictionary<string, float> DefaultSources { get; } = new Dictionary<string, float>
    {
        [SourceNames.Walk] = 0.112f,
        [SourceNames.CoWatch] = 0.055f,
        [SourceNames.Actors] = 0.137f,
        [SourceNames.Directors] = 0.065f,
        [SourceNames.Writers] = 0.087f,
        [SourceNames.Genres] = 0.07f,
        [SourceNames.Tags] = 0.125f,
        [SourceNames.NextSeason] = 0.17f,
        [SourceNames.Popularity] = 0.075f,
        [SourceNames.Trending] = 0.039f,
        [SourceNames.Collaborative] = 0.065f,
    };

    public static Recipe Default { get; } = new();

    /// <summary>Reads a recipe file; parts that are left out are as in the default.</summary>
    /// <exception cref="InvalidInputException">The file is missing or wrong; the message says what to change.</exception>
    public static Recipe Load(string path)
    {
        Recipe? recipe;
        try
        {
            recipe = JsonSerializer.Deserialize<Recipe>(File.ReadAllText(path), Json);
        }
        catch (Exception e) when (e is IOException or JsonException or UnauthorizedAccessException)
        {
            throw new InvalidInputException(ErrorCodes.BadUserInput, $"The recipe {path} cannot be read: {e.Message}");
        }
        if (recipe is null) throw new InvalidInputException(ErrorCodes.BadUserInput, $"The recipe {path} is empty; it must be a JSON object.");
        return recipe.Problem() is { } problem
            ? throw new InvalidInputException(ErrorCodes.BadUserInput, $"The recipe {path} is wrong: {problem}")
            : recipe;
    }

    /// <summary>The recipe as JSON, with every part written out.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <summary>What is wrong, as a sentence that says what to change; null when the recipe is good.</summary>
    public string? Problem()
    {
        if (string.IsNullOrWhiteSpace(Name)) return "name must not be empty.";
        if (Objectives.Problem() is { } objectives) return objectives;
        if (Sources.Keys.FirstOrDefault(k => !SourceNames.All.Contains(k)) is { } unknown)
            return $"there is no source '{unknown}'; the sources are {string.Join(", ", SourceNames.All)}.";
        if (Sources.Values.Any(w => !(w is >= 0 and <= 1))) return "every source weight must be from 0 to 1.";
        if (Math.Abs(Sources.Values.Sum() - 1) > 1e-5) return $"the source weights must sum to 1, but sum to {Sources.Values.Sum()}.";
        if (!(TasteHalfLifeDays > 0) || !(FreshnessHalfLifeDays > 0) || !(TrendingDays > 0) || !(SkipRestDays >= 0))
            return "half-lives and windows must be more than 0 days.";
        if (MaxSeeds is < 1 or > 10_000) return "maxSeeds must be from 1 to 10000.";
        if (Candidates is < 50 or > 5_000) return "candidates must be from 50 to 5000.";
        if (Window is < 50 or > 5_000) return "window must be from 50 to 5000.";
        if (MinCoWatchers < 2) return "minCoWatchers must be at least 2: below that a reason would tell what one other viewer watched.";
        return MaxPaths is < 1 or > 20 ? "maxPaths must be from 1 to 20." : null;
    }
}
