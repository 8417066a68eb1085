using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace GraphRec.Storage.Files;

/// <summary>Reads files with one JSON object per line, or one record per line of any kind.</summary>
internal static class JsonLines
{
    /// <summary>
    /// The records of a JSON lines file. <paramref name="convert"/> turns what was read into a record, or throws
    /// <see cref="FormatException"/> with what is wrong as a sentence.
    /// </summary>
    public static IEnumerable<Parsed<T>> Read<TLine, T>(string path, JsonTypeInfo<TLine> type, Func<TLine, long, T> convert)
        where TLine : class where T : class =>
        Lines(path, (text, line) => convert(
            JsonSerializer.Deserialize(text, type) ?? throw new FormatException("the line is null; write an object."), line));

    /// <summary>The records of a text file, a line each; blank lines are left out.</summary>
    public static IEnumerable<Parsed<T>> Lines<T>(string path, Func<string, long, T> convert) where T : class
    {
        var line = 0L;
        foreach (var text in File.ReadLines(path))
        {
            line++;
            if (!string.IsNullOrWhiteSpace(text)) yield return Convert(text, line, convert);
        }
    }

    private static Parsed<T> Convert<T>(string text, long line, Func<string, long, T> convert) where T : class
    {
        if (text.Contains('\uFFFD')) return new(line, null, "the line is not UTF-8.");
        try
        {
            return new(line, convert(text, line), null);
        }
        catch (JsonException e)
        {
            var where = string.IsNullOrEmpty(e.Path) || e.Path == "$" ? $"at byte {e.BytePositionInLine}" : $"at {e.Path}";
            return new(line, null, $"not the JSON object expected, {where}: {Sentence(e.Message)}");
        }
        catch (FormatException e)
        {
            return new(line, null, e.Message);
        }
    }

    private static string Sentence(string message)
    {
        var end = message.IndexOf(" Path:", StringComparison.Ordinal);
        return end < 0 ? message : message[..end];
    }
}
