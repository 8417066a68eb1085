using System.Globalization;
using System.Text;
using System.Text.Json;
using GraphRec.Contracts.Neo4j.Explore;

namespace GraphRec.Benchmarks.Explore;

/// <summary>The part of docs/exploring.md that is written by the command: a section per query.</summary>
internal static class ExploringPage
{
    private const string Begin = "<!-- explore: begin -->", End = "<!-- explore: end -->";
    private const int Rows = 5, Items = 4;

    /// <summary>The page with these sections between its two marks.</summary>
    /// <exception cref="FormatException">It has not both marks.</exception>
    public static string With(string page, IEnumerable<string> sections)
    {
        var (begin, end) = (page.IndexOf(Begin, StringComparison.Ordinal), page.IndexOf(End, StringComparison.Ordinal));
        if (begin < 0 || end < begin) throw new FormatException($"The page must have the lines {Begin} and {End}.");
        return $"{page[..begin]}{Begin}\n\n{string.Join('\n', sections)}\n{page[end..]}";
    }

    /// <summary>What a query is for, what it was asked, and the first rows of its answer, as Markdown.</summary>
    public static string Section(ExploreFile file, IReadOnlyList<List<JsonElement>> rows)
    {
        var text = new StringBuilder();
        text.Append($"### {file.Name}\n\n");
        text.Append($"{char.ToUpperInvariant(file.Purpose[0])}{file.Purpose[1..]}.\n");
        text.Append($"[`cypher/explore/{file.Name}.cypher`](../cypher/explore/{file.Name}.cypher) with `{file.Parameters.GetRawText()}`");
        text.Append(rows.Count > Rows ? $", the first {Rows} rows:\n\n" : ":\n\n");
        if (rows.Count == 0) return text.Append("No row.\n").ToString();
        text.Append($"| {string.Join(" | ", file.Columns)} |\n|{string.Concat(rows[0].Select(value => value.ValueKind == JsonValueKind.Number ? "---:|" : "---|"))}\n");
        foreach (var row in rows.Take(Rows)) text.Append($"| {string.Join(" | ", row.Select(Cell))} |\n");
        return text.ToString();
    }

    private static string Cell(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => "–",
        JsonValueKind.Number => value.GetDouble().ToString("0.###", CultureInfo.InvariantCulture),
        JsonValueKind.Array when value.GetArrayLength() > Items => $"{string.Join(", ", value.EnumerateArray().Take(Items).Select(Cell))} … ({value.GetArrayLength()})",
        JsonValueKind.Array => string.Join(", ", value.EnumerateArray().Select(Cell)),
        _ => value.ToString().Replace("|", "\\|", StringComparison.Ordinal),
    };
}
