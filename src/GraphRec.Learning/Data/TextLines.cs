using System.Buffers;
using GraphRec.Core;

namespace GraphRec.Learning.Data;

/// <summary>Text files of one record per line, with fields between blanks or tabs.</summary>
internal static class TextLines
{
    private static readonly SearchValues<char> Blanks = SearchValues.Create(' ', '\t');

    /// <summary>The lines with their numbers, from 1.</summary>
    /// <exception cref="InvalidInputException">There is no such file.</exception>
    public static IEnumerable<(int Number, string Line)> Of(string path)
    {
        Need(path);
        return File.ReadLines(path).Select((line, n) => (n + 1, line));
    }

    /// <summary>Where the fields of a line are; two blanks side by side have an empty one between them.</summary>
    public static MemoryExtensions.SpanSplitEnumerator<char> Fields(ReadOnlySpan<char> line) => line.SplitAny(Blanks);

    /// <summary>Refuses a file that does not exist.</summary>
    public static void Need(string path)
    {
        if (File.Exists(path)) return;
        throw new InvalidInputException(ErrorCodes.BadUserInput, $"{path} does not exist; name the file or folder of the data set.");
    }

    /// <summary>What is wrong with a file of users and their items that has no item.</summary>
    public static InvalidInputException Empty(string path) =>
        new(ErrorCodes.BadUserInput, $"{path} has no items; write a user and that user's items on each line.");

    /// <summary>What is wrong with a line.</summary>
    public static InvalidInputException Bad(string path, long number, string what) =>
        new(ErrorCodes.BadUserInput, $"{path}, line {number}: {what}; correct the line or take it out.");
}
