using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace GraphRec.Storage.Neo4j;

/// <summary>A Cypher text of the folder <c>cypher/</c>, which is built into the program.</summary>
internal sealed partial record Cypher(string Name, string Text)
{
    private static readonly ConcurrentDictionary<string, Cypher> Known = new(StringComparer.Ordinal);
    private static readonly ConcurrentDictionary<string, bool> Reads = new(StringComparer.Ordinal);

    /// <summary>The file <c>cypher/{name}.cypher</c>, such as <c>read/co-watched</c>.</summary>
    /// <exception cref="InvalidOperationException">There is none: a defect.</exception>
    public static Cypher File(string name) => Known.GetOrAdd(name, static n =>
    {
        using var stream = typeof(Cypher).Assembly.GetManifestResourceStream($"cypher/{n}.cypher")
            ?? throw new InvalidOperationException($"There is no cypher/{n}.cypher.");
        using var text = new StreamReader(stream);
        return new Cypher(n, text.ReadToEnd());
    });

    public Statement With(object? parameters = null) => new(this, parameters);

    /// <summary>Whether it surely changes nothing: none of the words that can is in it. In doubt, false.</summary>
    public bool OnlyReads => Reads.GetOrAdd(Text, static text => !Changes().IsMatch(Comments().Replace(text, "")));

    /// <summary>The statements of a file that holds several, each ended by a semicolon at the end of its line.</summary>
    public IEnumerable<Statement> Statements() =>
        string.Join('\n', Text.Split('\n').Where(line => !line.StartsWith("//", StringComparison.Ordinal)))
            .Split(";\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(text => new Statement(this with { Text = text.TrimEnd(';') }, null));

    // What dbms.queryJmx is asked for here are figures.
    [GeneratedRegex(@"\b(CREATE|MERGE|SET|DELETE|REMOVE|FOREACH|DROP|CALL(?!\s+dbms\.queryJmx\b)|LOAD)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Changes();

    [GeneratedRegex("^\\s*//.*$", RegexOptions.Multiline)]
    private static partial Regex Comments();
}

/// <summary>
/// A Cypher text and its parameters: an object whose properties (camel case) they are, or a dictionary. They are read while
/// they are sent, and once for every attempt: a lazy sequence in them must be able to start again.
/// </summary>
internal sealed record Statement(Cypher Query, object? Parameters);
