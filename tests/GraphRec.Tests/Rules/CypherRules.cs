using System.Text.RegularExpressions;

namespace GraphRec.Tests.Rules;

/// <summary>The house rules about Cypher files. Each takes a file's path and text and names what breaks the rule.</summary>
internal static partial class CypherRules
{
    private static readonly string[] Head = ["// purpose: ", "// params:  ", "// returns: "];

    /// <summary>Every file begins with what it is for, what it takes and what it answers, in that order; more lines of comment may follow each.</summary>
    public static IEnumerable<string> Heads(string path, string text)
    {
        var comments = text.Split('\n').TakeWhile(line => line.StartsWith("//", StringComparison.Ordinal)).ToArray();
        var places = Head.Select(start => Array.FindIndex(comments, line => line.StartsWith(start, StringComparison.Ordinal) && line.Length > start.Length)).ToArray();
        if (places[0] != 0 || places[1] < places[0] || places[2] < places[1]) yield return $"{path} does not begin with '{string.Join("…', '", Head)}…'";
    }

    /// <summary>Every parameter that is used stands in the head.</summary>
    public static IEnumerable<string> UntoldParameters(string path, string text)
    {
        var told = Told(text);
        return Parameter().Matches(Code(text)).Select(m => m.Groups[1].Value).Distinct()
            .Where(name => !Regex.IsMatch(told, $@"\b{name}\b")).Select(name => $"{path} uses ${name}, of which its params say nothing");
    }

    /// <summary>What is not understood by every Neo4j from 3.1 on, and what takes parameters apart from <c>$name</c>.</summary>
    public static IEnumerable<string> Dialects(string path, string text) =>
        from banned in Banned().Matches(Code(text))
        select $"{path} has '{banned.Value}'";

    private static string Told(string text)
    {
        var start = text.IndexOf(Head[1], StringComparison.Ordinal);
        return start < 0 ? "" : text[start..Math.Max(start, text.IndexOf(Head[2], StringComparison.Ordinal))];
    }

    private static string Code(string text) => Texts().Replace(string.Join('\n', text.Split('\n').Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal))), "''");

    [GeneratedRegex(@"\$(\w+)")]
    private static partial Regex Parameter();

    [GeneratedRegex(@"'[^']*'")]
    private static partial Regex Texts();

    /// <summary>
    /// <c>{name}</c> (parameters of 2.x), subqueries in braces, <c>exists()</c>, <c>size()</c> of a pattern, <c>rels()</c>, <c>toInt()</c>,
    /// <c>elementId()</c>, the walrus and label expressions of 5.
    /// </summary>
    [GeneratedRegex(@"\{\s*\w+\s*\}|\b(CALL|EXISTS|COUNT|COLLECT)\s*\{|\bexists\s*\(|\bsize\s*\(\s*\(|\brels\s*\(|\btoInt\s*\(|\belementId\s*\(|\(\w*:\w+[|&!]", RegexOptions.IgnoreCase)]
    private static partial Regex Banned();
}
