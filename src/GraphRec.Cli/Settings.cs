using GraphRec.Core;
using GraphRec.Storage.Neo4j;
using Microsoft.Extensions.Configuration;

namespace GraphRec.Cli;

/// <summary>Where candidates come from.</summary>
public enum CandidateEngine
{
    /// <summary>The in-process snapshot of the graph.</summary>
    Snapshot,

    /// <summary>Cypher, over the derived edges in Neo4j.</summary>
    Cypher,
}

/// <summary>
/// What is set from outside: by the command line, by environment variables (<c>GraphRec__Graph__Uri</c>), and by a JSON
/// file; the first of these that names a setting counts. Secrets are taken from the last two only: command lines are
/// seen by every user of a machine and kept by shells.
/// </summary>
/// <param name="Data">The data directory.</param>
/// <param name="Graph">Where Neo4j is; null when the graph is in the data directory.</param>
/// <param name="Candidates">Where candidates come from.</param>
public sealed record Settings(string Data, Neo4jOptions? Graph, CandidateEngine Candidates)
{
    /// <summary>The file that is read when it is in the data directory and no other is named.</summary>
    public const string FileName = "settings.json";

    private const string Root = "GraphRec", Section = Root + ":Graph", Engine = Root + ":Candidates";

    /// <summary>
    /// A transaction that a killed process left open holds its locks until Neo4j ends it, after 60 s: whoever comes next waits
    /// for that and does not fail.
    /// </summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(100);

    private static readonly string[] OfGraph = ["Uri", "User", "Password", "Token", "Database", "CaFile"];

    /// <summary>Reads the settings.</summary>
    /// <param name="data">The data directory.</param>
    /// <param name="file">A JSON file; null for <see cref="FileName"/> in the data directory, where there is one.</param>
    /// <param name="graph">Neo4j's address as given on the command line; null when it was not.</param>
    /// <exception cref="InvalidInputException">A setting is wrong; the message says which and what it may be.</exception>
    public static Settings Load(string data, string? file, string? graph)
    {
        var settings = Read(file ?? Path.Combine(data, FileName), needed: file is not null);
        Known(settings.GetSection(Root), ["Graph", "Candidates"]);
        Known(settings.GetSection(Section), OfGraph);
        string? Of(string name) => settings[$"{Section}:{name}"] is { } text && !string.IsNullOrWhiteSpace(text) ? text : null;
        var candidates = Candidate(settings[Engine]);
        var address = graph ?? Of("Uri");
        if (address is null)
        {
            if (OfGraph.FirstOrDefault(name => Of(name) is not null) is { } alone)
                throw Bad($"{Section}:{alone} is set, but not {Section}:Uri, the address of Neo4j, such as http://localhost:7474.");
            if (candidates == CandidateEngine.Cypher) throw Bad($"{Engine} is Cypher, which needs Neo4j: set {Section}:Uri or --graph, or {Engine} to Snapshot.");
            return new Settings(data, null, candidates);
        }
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri))
            throw Bad($"{(graph is null ? Section + ":Uri" : "--graph")} must be the address of Neo4j, such as http://localhost:7474, but is '{address}'.");
        var options = new Neo4jOptions(uri)
        {
            User = Of("User"),
            Password = Of("Password"),
            Token = Of("Token"),
            Database = Of("Database") ?? "neo4j",
            CaFile = Of("CaFile"),
            Timeout = Patience,
        };
        options.Validate();
        return new Settings(data, options, candidates);
    }

    private static IConfigurationRoot Read(string file, bool needed)
    {
        if (needed && !File.Exists(file)) throw Bad($"--settings: there is no file {Path.GetFullPath(file)}.");
        try
        {
            return new ConfigurationBuilder().AddJsonFile(Path.GetFullPath(file), optional: true).AddEnvironmentVariables().Build();
        }
        catch (InvalidDataException e)
        {
            throw Bad($"{file} is not the JSON object expected, such as {{ \"GraphRec\": {{ \"Graph\": {{ \"Uri\": \"http://localhost:7474\" }} }} }}: {e.InnerException?.Message ?? e.Message}");
        }
    }

    /// <summary>A name that is misspelt would silently set nothing.</summary>
    private static void Known(IConfigurationSection section, string[] names)
    {
        foreach (var child in section.GetChildren())
            if (!names.Contains(child.Key, StringComparer.OrdinalIgnoreCase)) throw Bad($"There is no setting {child.Path}; {section.Path} has {string.Join(", ", names)}.");
    }

    private static CandidateEngine Candidate(string? text) =>
        text is null ? CandidateEngine.Snapshot
        : Enum.GetNames<CandidateEngine>().FirstOrDefault(name => name.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } known ? Enum.Parse<CandidateEngine>(known)
        : throw Bad($"{Engine} must be Snapshot or Cypher, but is '{text}'.");

    private static InvalidInputException Bad(string message) => new(ErrorCodes.BadUserInput, message);
}
