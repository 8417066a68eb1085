using GraphRec.Cli;
using GraphRec.Core;

namespace GraphRec.EndToEnd.Cli;

/// <summary>What is set from outside: the command line before the environment before the file.</summary>
[Collection("cli")]
public sealed class SettingsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Without_any_setting_the_graph_is_in_the_data_directory() =>
        Assert.Equal(new Settings(_folder.Path, null, CandidateEngine.Snapshot), Settings.Load(_folder.Path, null, null));

    [Fact]
    public void A_file_in_the_data_directory_is_read_and_the_command_line_counts_more()
    {
        _folder.Write("settings.json", """{ "GraphRec": { "Graph": { "Uri": "http://one:7474", "User": "neo4j", "Password": "secret", "Database": "dramas" }, "Candidates": "cypher" } }""");
        var settings = Settings.Load(_folder.Path, null, null);
        Assert.Equal((new Uri("http://one:7474"), "neo4j", "secret", "dramas"), (settings.Graph!.Uri, settings.Graph.User, settings.Graph.Password, settings.Graph.Database));
        Assert.Equal(CandidateEngine.Cypher, settings.Candidates);
        Assert.Equal(new Uri("http://two:7474"), Settings.Load(_folder.Path, null, "http://two:7474").Graph!.Uri);
        Assert.Equal("neo4j", Settings.Load(_folder.Path, null, "http://two:7474").Graph!.User);
        var other = _folder.Write("elsewhere/other.json", """{ "GraphRec": { "Graph": { "Uri": "http://three:7474", "Token": "abc" } } }""");
        Assert.Equal(("http://three:7474/", "abc"), (Settings.Load(_folder.Path, other, null).Graph!.Uri.ToString(), Settings.Load(_folder.Path, other, null).Graph!.Token));
    }

    [Fact]
    public void Certificates_to_trust_are_a_file_that_is_there()
    {
        var file = _folder.Write("ca.pem", "");
        string Of(string name) => _folder.Write("tls.json", $$"""{ "GraphRec": { "Graph": { "Uri": "https://one:7473", "CaFile": "{{name}}" } } }""");
        Assert.Equal(file, Settings.Load(_folder.Path, Of(file), null).Graph!.CaFile);
        Assert.Contains("CaFile names no file", Assert.Throws<InvalidInputException>(() => Settings.Load(_folder.Path, Of("/nowhere.pem"), null)).Message);
    }

    [Theory]
    [InlineData("""{ "GraphRec": { "Graph": { "Url": "http://one:7474" } } }""", "GraphRec:Graph:Url", "Uri, User, Password, Token, Database")]
    [InlineData("""{ "GraphRec": { "Grahp": { "Uri": "http://one:7474" } } }""", "GraphRec:Grahp", "Graph, Candidates")]
    [InlineData("""{ "GraphRec": { "Graph": { "Password": "secret" } } }""", "GraphRec:Graph:Password is set, but not GraphRec:Graph:Uri")]
    [InlineData("""{ "GraphRec": { "Graph": { "Uri": "localhost:7474" } } }""", "http://", "'localhost://'")]
    [InlineData("""{ "GraphRec": { "Graph": { "Uri": "neo4j+s://one" } } }""", "https://one:7473")]
    [InlineData("""{ "GraphRec": { "Graph": { "Uri": "http://one:7474", "User": "neo4j" } } }""", "both user and password")]
    [InlineData("""{ "GraphRec": { "Graph": { "Uri": "http://one:7474", "User": "neo4j", "Password": "secret", "Token": "abc" } } }""", "either a token")]
    [InlineData("""{ "GraphRec": { "Candidates": "Redis" } }""", "Snapshot or Cypher", "'Redis'")]
    [InlineData("""{ "GraphRec": { "Candidates": "Cypher" } }""", "needs Neo4j")]
    [InlineData("""{ "GraphRec": """, "settings.json is not the JSON object expected")]
    public void A_setting_that_is_wrong_is_named_with_what_it_may_be(string json, params string[] says)
    {
        _folder.Write("settings.json", json);
        var e = Assert.Throws<InvalidInputException>(() => Settings.Load(_folder.Path, null, null));
        Assert.All(says, text => Assert.Contains(text, e.Message, StringComparison.Ordinal));
        Assert.DoesNotContain("secret", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GraphRec__Graph__Uri")]
    [InlineData("GraphRec:Graph:Uri")]
    public async Task The_environment_says_where_Neo4j_is_and_counts_more_than_the_file(string name)
    {
        _folder.Write("settings.json", """{ "GraphRec": { "Graph": { "Uri": "http://one:7474" } } }""");
        var ran = await GraphRecProgram.RunWithAsync(new() { [name] = "bolt://from-the-environment" }, "doctor", "--data", _folder.Path);
        Assert.Equal((1, ""), (ran.Exit, ran.Out));
        Assert.Contains("http://from-the-environment:7474", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Neo4j_that_does_not_answer_is_a_store_that_failed_and_no_secret_is_told()
    {
        // Port 1 of this machine: nothing listens there.
        var ran = await GraphRecProgram.RunWithAsync(
            new() { ["GraphRec__Graph__User"] = "neo4j", ["GraphRec__Graph__Password"] = "very-secret" }, "doctor", "--data", _folder.Path, "--graph", "http://127.0.0.1:1");
        Assert.Equal((5, ""), (ran.Exit, ran.Out));
        Assert.Contains("http://127.0.0.1:1", ran.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("very-secret", ran.Error, StringComparison.Ordinal);
    }
}
