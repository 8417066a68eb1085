using System.Globalization;
using CsvHelper;
using GraphRec.Core;

namespace GraphRec.Learning.Data;

/// <summary>
/// Reads the ratings of MovieLens (Harper and Konstan, TiiS 2015): <c>ratings.csv</c> of the newer sets, <c>u.data</c> of
/// the 100K and <c>ratings.dat</c> of the 1M and 10M set. Fields stand between commas, bars, tabs or double colons,
/// whichever the first line has; a header line names the columns, without one they are user, item, rating and seconds
/// since 1970. Values are ratings as written. A user who rates an item twice is an error: which one counts is not known.
/// </summary>
public static class MovieLensRatings
{
    private static readonly string[] Files = ["ratings.csv", "u.data", "ratings.dat"];
    private static readonly string[][] Names = [["userId", "user", "user_id"], ["movieId", "item", "item_id"], ["rating"], ["timestamp"]];
    private const long MaxSeconds = 253_402_300_799;

    /// <summary>Reads a file, or the file of ratings in a folder; the folder's name is the name of the data set.</summary>
    /// <exception cref="InvalidInputException">There is no such file, or a line is no rating.</exception>
    public static Interactions Read(string path)
    {
        var inFolder = Files.Select(name => Path.Combine(path, name)).ToArray();
        var file = Directory.Exists(path) ? inFolder.FirstOrDefault(File.Exists) ?? inFolder[0] : path;
        TextLines.Need(file);
        return new Reading(file).Run();
    }

    private sealed class Reading(string path)
    {
        private readonly IdNumbers _users = new(), _items = new();
        private readonly List<int> _userNumbers = [], _itemNumbers = [];
        private readonly List<float> _ratings = [];
        private readonly List<long> _times = [];
        private readonly List<long> _lines = [];
        private int[] _columns = [0, 1, 2, 3];
        private int _width;

        public Interactions Run()
        {
            var (separator, step) = Separator(File.ReadLines(path).FirstOrDefault() ?? "");
            long malformed = 0;
            using var csv = CsvReader.FromFile(path, new CsvReaderOptions
            {
                Separator = separator,
                HasHeader = false,
                AllowLineBreaksInQuotes = false,
                TrackLineNumbers = true,
                PoolStrings = true,
                OnMalformedRecord = record => malformed = record.LineNumber,
            });
            while (csv.Read())
            {
                if (malformed > 0) throw TextLines.Bad(path, malformed, "a quotation mark is out of place");
                if (_width == 0 && Header(csv, step)) continue;
                Add(csv);
            }
            if (_ratings.Count == 0)
                throw new InvalidInputException(ErrorCodes.BadUserInput, $"{path} has no ratings; write one on each line.");
            var name = Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(path))) ?? path;
            var read = Interactions.Of(
                name, _users.Ids, _items.Ids, [.. _userNumbers], [.. _itemNumbers], [.. _ratings],
                _columns[3] < 0 ? null : [.. _times], _columns[3] < 0 ? InteractionTimes.Unknown : InteractionTimes.Milliseconds);
            return read.Count == _ratings.Count ? read : throw Twice();
        }

        /// <summary>The separator; with a double colon every second field is the empty one inside it.</summary>
        private static (char Separator, int Step) Separator(string line) =>
            line.Contains("::", StringComparison.Ordinal) ? (':', 2)
            : line.Contains('|') ? ('|', 1)
            : line.Contains('\t') ? ('\t', 1)
            : (',', 1);

        /// <summary>Whether the first record is a header; also sets where the columns are.</summary>
        private bool Header(CsvReader csv, int step)
        {
            _width = csv.FieldCount;
            _columns = [0, step, 2 * step, 3 * step];
            var rating = csv.GetString(2 * step < _width ? 2 * step : 0);
            if (float.TryParse(rating, NumberStyles.Float, CultureInfo.InvariantCulture, out _))
            {
                if (_width <= 3 * step) _columns[3] = -1;
                return false;
            }
            var header = Enumerable.Range(0, _width).Select(n => csv.GetString(n).Trim()).ToList();
            _columns = [.. Names.Select(names => header.FindIndex(names.Contains))];
            var missing = Names.Where((_, n) => n < 3 && _columns[n] < 0).Select(names => names[0]).ToArray();
            return missing.Length == 0 ? true : throw TextLines.Bad(path, csv.LineNumber, $"the header lacks {string.Join(", ", missing)}");
        }

        private void Add(CsvReader csv)
        {
            var line = csv.LineNumber;
            if (csv.FieldCount != _width)
                throw TextLines.Bad(path, line, $"there are {csv.FieldCount} fields, but {_width} on the first line");
            string user = csv.GetString(_columns[0]).Trim(), item = csv.GetString(_columns[1]).Trim(), rating = csv.GetString(_columns[2]);
            if (user.Length == 0 || item.Length == 0) throw TextLines.Bad(path, line, "the user or the item is missing");
            if (!float.TryParse(rating, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) || !float.IsFinite(value))
                throw TextLines.Bad(path, line, $"the rating is '{rating}', which is not a number");
            _userNumbers.Add(_users.Of(user, out _));
            _itemNumbers.Add(_items.Of(item, out _));
            _ratings.Add(value);
            _lines.Add(line);
            if (_columns[3] >= 0) _times.Add(Milliseconds(csv.GetString(_columns[3]), line));
        }

        private long Milliseconds(string text, long line) =>
            long.TryParse(text.AsSpan().Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds <= MaxSeconds
                ? seconds * 1000
                : throw TextLines.Bad(path, line, $"the timestamp is '{text}', which is not in seconds since 1970");

        private InvalidInputException Twice()
        {
            var first = new Dictionary<(int, int), long>();
            var n = 0;
            while (first.TryAdd((_userNumbers[n], _itemNumbers[n]), _lines[n])) n++;
            var (user, item) = (_userNumbers[n], _itemNumbers[n]);
            var what = $"user {_users.Ids[user]} rated item {_items.Ids[item]} on line {first[(user, item)]} already";
            return TextLines.Bad(path, _lines[n], what);
        }
    }
}
