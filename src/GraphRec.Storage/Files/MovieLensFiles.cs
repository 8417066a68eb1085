using System.Globalization;
using System.Text;
using GraphRec.Core;

namespace GraphRec.Storage.Files;

/// <summary>
/// Imports MovieLens. Movies become dramas <c>ml-{movieId}</c> of type "movie", ratings become RATE events of users
/// <c>ml-{userId}</c> with twice the value (0.5 to 5 → 1 to 10). Two layouts of <c>movies.csv</c> are read: the classic
/// one (<c>movieId,title,genres</c>, the year at the title's end) and one with <c>released</c>, <c>actors</c>,
/// <c>director</c>. Persons of one name are one person.
/// </summary>
internal sealed class MovieLensFiles
{
    private readonly ImportRun _run;
    private readonly KnownIds _dramas;
    private readonly EventFiles _events;

    public MovieLensFiles(ImportRun run, TimeProvider clock)
    {
        _run = run;
        _dramas = new KnownIds(run.Stores.Catalog, NodeKind.Drama);
        _events = new EventFiles(run, clock, _dramas);
    }

    private const string MovieFile = "movies.csv", RatingFile = "ratings.csv";

    public static string[] Files { get; } = [MovieFile, RatingFile];

    /// <summary>False when a bad line stopped it.</summary>
    public async Task<bool> ImportAsync(string folder, CancellationToken cancel)
    {
        var movies = Path.Combine(folder, MovieFile);
        if (File.Exists(movies) && !await MoviesAsync(movies, cancel).ConfigureAwait(false)) return false;
        var ratings = Path.Combine(folder, RatingFile);
        return !File.Exists(ratings) || await RatingsAsync(ratings, cancel).ConfigureAwait(false);
    }

    private Task<bool> MoviesAsync(string path, CancellationToken cancel)
    {
        var lines = new Dictionary<string, long>(StringComparer.Ordinal);
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        var parsed = CsvRows.Read(path, ["movieId", "title", "genres"], (row, number) =>
        {
            var movie = Movie(row, names);
            var id = movie.Dramas[0].Id;
            if (!lines.TryAdd(id, number)) throw new FormatException($"line {lines[id]} has this movieId already.");
            _dramas.Add(id);
            return movie;
        });
        return _run.ImportAsync(new ImportPart<CatalogBatch>(
            path, FileFacts.Of(path), parsed, (_, _) => ValueTask.FromResult<string?>(null), WriteMoviesAsync), cancel);
    }

    private async Task<long> WriteMoviesAsync(IReadOnlyList<CatalogBatch> movies, CancellationToken cancel) =>
        await _run.Stores.Catalog.UpsertAsync(new CatalogBatch(
            [.. movies.SelectMany(m => m.Dramas)], [.. movies.SelectMany(m => m.People).DistinctBy(p => p.Id)],
            [.. movies.SelectMany(m => m.Credits)]), cancel).ConfigureAwait(false);

    private Task<bool> RatingsAsync(string path, CancellationToken cancel)
    {
        var parsed = CsvRows.Read(path, ["userId", "movieId", "rating", "timestamp"], (row, _) => Rating(row));
        return _run.ImportAsync(new ImportPart<ViewerEvent>(
            path, FileFacts.Of(path), parsed, _events.CheckAsync, _events.WriteAsync), cancel);
    }

    private static ViewerEvent Rating(CsvLine row)
    {
        var (user, movie, seconds) = (row.Need("userId"), row.Need("movieId"), row.Need("timestamp"));
        var rating = row.Number("rating") ?? throw new FormatException("rating is missing.");
        if (!(rating is >= 0.5 and <= 5)) throw new FormatException($"rating is 0.5 to 5, but was {rating}.");
        if (!long.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out var at) || at > 253_402_300_799)
            throw new FormatException($"timestamp is seconds since 1970, but was '{seconds}'.");
        return new ViewerEvent(
            $"ml-{user}-{movie}-{at}", $"ml-{user}", NodeRef.Drama($"ml-{movie}"), EventKind.Rate, rating * 2,
            DateTimeOffset.FromUnixTimeSeconds(at));
    }

    private static CatalogBatch Movie(CsvLine row, Dictionary<string, string> names)
    {
        var id = CatalogLines.Id($"ml-{row.Need("movieId")}", "movieId");
        var released = CatalogLines.Day(row["released"], "released");
        var (title, year) = released is null ? TitleAndYear(row.Need("title")) : (row.Need("title"), released.Value.Year);
        var drama = new Drama
        {
            Id = id,
            Title = title,
            Type = "movie",
            Year = year,
            AiredFrom = released,
            Genres = [.. Parts(row["genres"]).Where(genre => genre != "(no genres listed)")],
        };
        var people = new List<Person>();
        var credits = new List<Credit>();
        Add(CreditRole.Actor, row["actors"]);
        Add(CreditRole.Director, row["director"]);
        return new CatalogBatch([drama], people, credits);

        void Add(CreditRole role, string? cell)
        {
            var order = 0;
            foreach (var name in Parts(cell))
            {
                var slug = Slug(name);
                if (credits.Exists(c => c.PersonId == slug && c.Role == role)) continue;
                // Two spellings of one slug: the first one stays, so that the import can be repeated without a change.
                if (!names.TryGetValue(slug, out var known)) names[slug] = known = name;
                people.Add(new Person(slug, known));
                credits.Add(new Credit(id, slug, role, ++order));
            }
        }
    }

    /// <summary>"Toy Story (1995)" is Toy Story, 1995.</summary>
    private static (string Title, int? Year) TitleAndYear(string text)
    {
        if (text.Length < 8 || text[^1] != ')' || text[^6] != '(') return (text, null);
        return int.TryParse(text.AsSpan(^5..^1), NumberStyles.None, CultureInfo.InvariantCulture, out var year)
            ? (text[..^6].TrimEnd(), year)
            : (text, null);
    }

    private static IEnumerable<string> Parts(string? cell) => cell is null or "N/A"
        ? []
        : cell.Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal);

    /// <summary>The id of a person: the name in lower case, with a hyphen for whatever is neither letter nor digit.</summary>
    private static string Slug(string name)
    {
        var slug = new StringBuilder(name.Length);
        foreach (var c in name)
        {
            if (char.IsLetterOrDigit(c)) slug.Append(char.ToLowerInvariant(c));
            else if (slug.Length > 0 && slug[^1] != '-') slug.Append('-');
        }
        var text = slug.ToString().TrimEnd('-');
        return CatalogLines.Id(text, $"the name '{name}', which has no letters,");
    }
}
