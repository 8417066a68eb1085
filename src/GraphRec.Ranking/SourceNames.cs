namespace GraphRec.Ranking;

/// <summary>The names of the candidate sources: in recipes, ledgers and logs. Each is one feature of the ranker.</summary>
public static class SourceNames
{
    public const string Walk = "walk";
    public const string CoWatch = "coWatch";
    public const string Actors = "actors";
    public const string Directors = "directors";
    public const string Writers = "writers";
    public const string Genres = "genres";
    public const string Tags = "tags";
    public const string NextSeason = "nextSeason";
    public const string Popularity = "popularity";
    public const string Trending = "trending";

    /// <summary>A trained model's lists; proposes nothing while none is loaded.</summary>
    public const string Collaborative = "collaborative";

    /// <summary>In feature order. Append only: logged features are read by position.</summary>
    public static IReadOnlyList<string> All { get; } =
        [Walk, CoWatch, Actors, Directors, Writers, Genres, Tags, NextSeason, Popularity, Trending, Collaborative];
}
