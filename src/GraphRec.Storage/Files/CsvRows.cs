using System.Globalization;
using System.Text.Unicode;
using CsvHelper;

namespace GraphRec.Storage.Files;

/// <summary>A line of a CSV file, by column name.</summary>
internal sealed class CsvLine(CsvReader csv, Dictionary<string, int> columns)
{
    /// <summary>The field, trimmed; null when it is empty or there is no such column.</summary>
    public string? this[string column]
    {
        get
        {
            if (!columns.TryGetValue(column, out var index)) return null;
            var text = csv.GetString(index).Trim();
            return text.Length == 0 ? null : text;
        }
    }

    /// <summary>The field.</summary>
    /// <exception cref="FormatException">It is empty.</exception>
    public string Need(string column) => this[column] ?? throw new FormatException($"{column} is missing.");

    /// <summary>The field as a number with a point; null when it is empty.</summary>
    /// <exception cref="FormatException">It is not a number.</exception>
    public double? Number(string column) =>
        this[column] is not { } text ? null
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number
        : throw new FormatException($"{column} is '{text}', which is not a number.");
}

/// <summary>
/// Reads CSV files: RFC 4180, comma, a header line, UTF-8. A field does not span lines: so a forgotten quotation mark
/// costs one line, not the rest of the file.
/// </summary>
internal static class CsvRows
{
    /// <summary>The records of the file. A header without a required column is a problem on line 1, and the only one.</summary>
    public static IEnumerable<Parsed<T>> Read<T>(string path, IReadOnlyCollection<string> required, Func<CsvLine, long, T> convert)
        where T : class
    {
        var malformed = new HashSet<long>();
        using var csv = CsvReader.FromFile(path, new CsvReaderOptions
        {
            Separator = ',',
            AllowLineBreaksInQuotes = false,
            TrackLineNumbers = true,
            OnMalformedRecord = record => malformed.Add(record.LineNumber),
        });
        var columns = new Dictionary<string, int>(StringComparer.Ordinal);
        var width = 0;
        foreach (var name in csv.Headers) columns.TryAdd(name.Trim(), width++);
        var missing = required.Where(name => !columns.ContainsKey(name)).ToList();
        if (missing.Count > 0)
        {
            yield return new(1, null, $"the header lacks {string.Join(", ", missing)}.");
            yield break;
        }
        var line = new CsvLine(csv, columns);
        while (csv.Read())
        {
            yield return malformed.Contains(csv.LineNumber) ? new(csv.LineNumber, null, "a quotation mark is out of place.")
                : csv.FieldCount != width ? new(csv.LineNumber, null, $"the line has {csv.FieldCount} fields, the header {width}.")
                : Convert(line, csv, convert);
        }
    }

    private static Parsed<T> Convert<T>(CsvLine line, CsvReader csv, Func<CsvLine, long, T> convert) where T : class
    {
        if (!Utf8.IsValid(csv.RawRecord)) return new(csv.LineNumber, null, "the line is not UTF-8.");
        try
        {
            return new(csv.LineNumber, convert(line, csv.LineNumber), null);
        }
        catch (FormatException e)
        {
            return new(csv.LineNumber, null, e.Message);
        }
    }
}
