using System.Text.Json;
using System.Text.RegularExpressions;
using GraphRec.Storage.Neo4j;

namespace GraphRec.Contracts.Neo4j.Explore;

/// <summary>A query of <c>cypher/explore</c> and what its first three lines say.</summary>
/// <param name="Name">The file's name without its ending.</param>
/// <param name="Purpose">What it is for.</param>
/// <param name="Parameters">Its parameters with example values.</param>
/// <param name="Returns">Its columns.</param>
/// <param name="Text">The whole file, as it runs.</param>
internal sealed partial record ExploreFile(string Name, string Purpose, JsonElement Parameters, string Returns, string Text)
{
    private const string Folder = "explore/";

    /// <summary>All of them, by name.</summary>
    public static IReadOnlyList<ExploreFile> All { get; } =
    [
        .. typeof(Neo4jStore).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith("cypher/" + Folder, StringComparison.Ordinal))
            .Select(name => Named(Path.GetFileNameWithoutExtension(name))).OrderBy(file => file.Name, StringComparer.Ordinal),
    ];

    public static ExploreFile Named(string name)
    {
        var text = Cypher.File(Folder + name).Text;
        var header = Header().Match(text);
        if (!header.Success) throw new FormatException($"cypher/explore/{name}.cypher must begin with the lines // purpose:, // params: and // returns:.");
        return new ExploreFile(name, header.Groups["purpose"].Value, JsonDocument.Parse(header.Groups["params"].Value).RootElement, header.Groups["returns"].Value, text);
    }

    /// <summary>The names of the columns of its answer, in their order.</summary>
    public IReadOnlyList<string> Columns
    {
        get
        {
            // A comma inside a call, list or map separates no columns: what stands in brackets goes first, from the inside out.
            var clause = Clause().Matches(Text)[^1].Groups[1].Value;
            for (var before = ""; before != clause;) (before, clause) = (clause, Bracketed().Replace(clause, ""));
            return [.. clause.Split(',').Select(column => column.Split(" AS ")[^1].Trim())];
        }
    }

    [GeneratedRegex(@"\nRETURN ((?s:.*?))(?=\nORDER|\nLIMIT|\nUNION|\s*\z)")]
    private static partial Regex Clause();

    [GeneratedRegex(@"[(\[{][^()\[\]{}]*[)\]}]")]
    private static partial Regex Bracketed();

    [GeneratedRegex(@"\A// purpose: (?<purpose>.+)\n// params:  (?<params>\{.*\})\n// returns: (?<returns>.+)\n")]
    private static partial Regex Header();
}
