using Xunit;

namespace GraphRec.Tests.Rules;

/// <summary>Each rule on every Cypher file, and on a text that breaks it. (That no Cypher stands in C# is in <see cref="SourceRuleTests"/>.)</summary>
public sealed class CypherRuleTests
{
    private const string Good = "// purpose: one drama\n// params:  id: the drama's\n// returns: the drama\nMATCH (d:Drama {id: $id})\nRETURN d\n";

    private static IEnumerable<(string Path, string Text)> Files => Repository.Files("cypher", "*").Select(path => (path, Repository.Read(path)));

    [Fact]
    public void There_is_nothing_but_cypher_and_every_file_says_what_it_is()
    {
        Assert.Empty(CypherRules.Heads("good", Good));
        Assert.Single(CypherRules.Heads("bad", "MATCH (d) RETURN d"));
        Assert.Single(CypherRules.Heads("bad", Good.Replace("// returns: the drama\n", "", StringComparison.Ordinal)));
        Assert.Single(CypherRules.Heads("bad", Good.Replace("one drama", "", StringComparison.Ordinal)));
        Assert.True(Files.Count() > 5);
        Assert.All(Files, f => Assert.EndsWith(".cypher", f.Path));
        Assert.Empty(Files.SelectMany(f => CypherRules.Heads(f.Path, f.Text)));
    }

    [Fact]
    public void Every_parameter_stands_in_the_head()
    {
        Assert.Empty(CypherRules.UntoldParameters("good", Good));
        Assert.Equal(["bad uses $key, of which its params say nothing"], CypherRules.UntoldParameters("bad", Good.Replace("$id", "$key", StringComparison.Ordinal)));
        Assert.Empty(Files.SelectMany(f => CypherRules.UntoldParameters(f.Path, f.Text)));
    }

    [Theory]
    [InlineData("MATCH (d:Drama {id: {id}}) RETURN d")]
    [InlineData("CALL { MATCH (d) RETURN d } RETURN d")]
    [InlineData("MATCH (d) WHERE exists(d.title) RETURN d")]
    [InlineData("MATCH (d) WHERE EXISTS { (d)-->() } RETURN d")]
    [InlineData("MATCH (d) RETURN size((d)-->())")]
    [InlineData("MATCH (d:Drama|Person) RETURN d")]
    [InlineData("MATCH p = (d)-->() RETURN rels(p)")]
    public void Cypher_that_some_version_does_not_know_is_found(string text) => Assert.NotEmpty(CypherRules.Dialects("bad", text));

    [Fact]
    public void Every_version_knows_the_cypher_of_every_file()
    {
        Assert.Empty(CypherRules.Dialects("good", Good + "WITH [1] AS x WHERE size(x) = 1 AND x = '{id}' RETURN {id: $id}"));
        Assert.Empty(Files.Where(f => !f.Path.StartsWith("cypher/schema/", StringComparison.Ordinal)).SelectMany(f => CypherRules.Dialects(f.Path, f.Text)));
    }
}
