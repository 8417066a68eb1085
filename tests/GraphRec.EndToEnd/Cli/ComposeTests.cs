using System.Text.RegularExpressions;
using GraphRec.Contracts.Neo4j;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace GraphRec.EndToEnd.Cli;

/// <summary>What docker-compose.yml tells the program in commands and variables, told to it here, with a real Neo4j.</summary>
public sealed partial class ComposeTests
{
    private const string Password = "a password of this test";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_program_takes_the_commands_and_the_variables_that_compose_gives_it()
    {
        SharedNeo4j.SkipWithoutNeo4j();
        await using var neo4j = await Neo4jServer.OpenAsync(Password, Cancel);
        var services = Services();
        var schema = Variables(services["schema"], neo4j.Uri);
        string[] command = [.. ((List<object>)services["schema"]["command"]).Cast<string>()];

        Assert.Equal((0, ""), await RunAsync(schema, command));
        var constraints = (await neo4j.RowsAsync("CALL db.constraints()", cancel: Cancel)).Count;
        Assert.True(constraints > 0);
        Assert.Equal((0, ""), await RunAsync(schema, command));
        Assert.Equal(constraints, (await neo4j.RowsAsync("CALL db.constraints()", cancel: Cancel)).Count);

        // The server's variables, which a command that ends reads in the same way. A wrong one is noticed, so it was read.
        var serve = Variables(services["graphrec"], neo4j.Uri);
        Assert.Equal((0, ""), await RunAsync(serve, "schema", "show"));
        foreach (var name in new[] { "GraphRec__Graph__Uri", "GraphRec__Graph__User", "GraphRec__Graph__Password", "GraphRec__Candidates" })
        {
            Assert.True(serve.ContainsKey(name), name);
            var (exit, error) = await RunAsync(new Dictionary<string, string>(serve) { [name] = "wrong" }, "schema", "show");
            Assert.True(exit != 0 && error.Length > 0, $"{name} is not read");
        }
    }

    private static Dictionary<string, Dictionary<string, object>> Services()
    {
        var parser = new MergingParser(new Parser(new StringReader(File.ReadAllText(Path.Combine(Server.Root, "docker-compose.yml")))));
        var services = (Dictionary<object, object>)new DeserializerBuilder().Build().Deserialize<Dictionary<string, object>>(parser)["services"];
        return services.ToDictionary(s => (string)s.Key, s => ((Dictionary<object, object>)s.Value).ToDictionary(p => (string)p.Key, p => p.Value));
    }

    /// <summary>A service's variables as Compose fills them in, with this Neo4j in the place of the container.</summary>
    private static Dictionary<string, string> Variables(Dictionary<string, object> service, Uri neo4j)
    {
        var variables = ((Dictionary<object, object>)service["environment"]).ToDictionary(v => (string)v.Key,
            v => Variable().Replace((string)v.Value, m => m.Groups[1].Value == "NEO4J_PASSWORD" ? Password : m.Groups[2].Value));
        Assert.Equal("http://neo4j:7474", variables["GraphRec__Graph__Uri"]);
        variables["GraphRec__Graph__Uri"] = neo4j.ToString();
        return variables;
    }

    private static async Task<(int Exit, string Error)> RunAsync(Dictionary<string, string> variables, params string[] args)
    {
        var ran = await GraphRecProgram.RunWithAsync(variables, args);
        return (ran.Exit, ran.Error);
    }

    [GeneratedRegex(@"\$\{(\w+):[-?]([^}]*)\}")]
    private static partial Regex Variable();
}
