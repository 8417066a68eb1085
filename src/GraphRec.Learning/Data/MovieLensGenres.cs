using System.Globalization;
using CsvHelper;
using GraphRec.Core;

namespace GraphRec.Learning.Data;

/// <summary>
/// Reads the genres of MovieLens' items: <c>movies.csv</c> of the newer sets (between bars in the column <c>genres</c>),
/// <c>movies.dat</c> of the 1M and 10M set (between bars in the third field), and <c>u.item</c> of the 100K (one column each
/// at the end, 0 or 1, 19 of them where no header names them).
/// </summary>
public static class MovieLensGenres
{
    private const int FlagsOf100K = 19;
    private const string None = "(no genres listed)";

    /// <summary>The genres of the data set's items from the folder of its ratings; null when no file there tells them.</summary>
    /// <exception cref="InvalidInputException">A file has no column of items or genres.</exception>
    public static ItemGenres? Find(string path, IReadOnlyList<string> items)
    {
        var folder = Directory.Exists(path) ? path : Path.GetDirectoryName(Path.GetFullPath(path))!;
        (string File, Func<string, IEnumerable<(string Item, string[] Genres)>> Read)[] forms =
            [("movies.csv", OfCsv), ("movies.dat", OfDat), ("u.item", OfItems)];
        foreach (var (file, read) in forms)
        {
            if (Path.Combine(folder, file) is var found && File.Exists(found)) return Of(items, read(found));
        }
        return null;
    }

    private static ItemGenres Of(IReadOnlyList<string> items, IEnumerable<(string Item, string[] Genres)> read)
    {
        var genres = new Dictionary<string, string[]>(StringComparer.Ordinal);
        foreach (var (item, names) in read) genres[item] = names;
        return new ItemGenres([.. items.Select(item => genres.TryGetValue(item, out var names) ? names : [])]);
    }

    private static IEnumerable<(string, string[])> OfCsv(string path)
    {
        using var csv = CsvReader.FromFile(path, new CsvReaderOptions { Separator = ',', HasHeader = false });
        int item = -1, genres = -1;
        while (csv.Read())
        {
            if (item < 0)
            {
                var header = Enumerable.Range(0, csv.FieldCount).Select(n => csv.GetString(n).Trim()).ToList();
                (item, genres) = (header.IndexOf("movieId"), header.IndexOf("genres"));
                if (item < 0 || genres < 0) throw TextLines.Bad(path, 1, "the header lacks movieId or genres");
                continue;
            }
            if (csv.FieldCount > Math.Max(item, genres)) yield return (csv.GetString(item).Trim(), Names(csv.GetString(genres)));
        }
    }

    private static IEnumerable<(string, string[])> OfDat(string path) =>
        from line in File.ReadLines(path)
        let fields = line.Split("::")
        where fields.Length >= 3
        select (fields[0].Trim(), Names(fields[^1]));

    private static IEnumerable<(string, string[])> OfItems(string path)
    {
        string[]? header = null;
        foreach (var line in File.ReadLines(path))
        {
            var fields = line.Split('|');
            if (fields.Length <= FlagsOf100K) continue;
            if (header is null)
            {
                var isHeader = fields[^1] is not ("0" or "1");
                header = isHeader ? fields : [.. fields.Select((_, n) => string.Create(CultureInfo.InvariantCulture, $"genre {n - fields.Length + FlagsOf100K}"))];
                if (isHeader) continue;
            }
            var first = fields.Length - FlagsOf100K;
            yield return (fields[0].Trim(), [.. Enumerable.Range(first, FlagsOf100K).Where(n => fields[n] == "1").Select(n => header[n])]);
        }
    }

    private static string[] Names(string field) =>
        [.. field.Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Where(name => name != None)];
}
