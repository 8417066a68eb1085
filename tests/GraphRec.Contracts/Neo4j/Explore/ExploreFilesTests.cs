using System.Reflection;
using System.Text.RegularExpressions;
using Xunit;

namespace GraphRec.Contracts.Neo4j.Explore;

/// <summary>What holds for every query that analysts are given.</summary>
public sealed class ExploreFilesTests
{
    [Fact]
    public void Every_query_has_a_test_of_its_rows()
    {
        var tested = typeof(ExploreFilesTests).Assembly.GetTypes().SelectMany(type => type.GetMethods())
            .SelectMany(method => method.GetCustomAttributes<TraitAttribute>()).Where(trait => trait.Name == "explore").Select(trait => trait.Value);
        Assert.Equal(ExploreFile.All.Select(file => file.Name), tested.Order(StringComparer.Ordinal));
        Assert.InRange(ExploreFile.All.Count, 15, int.MaxValue);
    }

    [Fact]
    public void Every_query_names_exactly_the_parameters_it_uses()
    {
        Assert.All(ExploreFile.All, file => Assert.Equal(
            file.Parameters.EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal),
            Regex.Matches(file.Text, @"\$(\w+)").Select(m => m.Groups[1].Value).Distinct().Order(StringComparer.Ordinal)));
    }

    [Fact]
    public void Every_query_says_what_its_columns_are()
    {
        Assert.All(ExploreFile.All, file => Assert.All(file.Columns, column => Assert.Matches($@"\b{column}\b", file.Returns)));
    }

    /// <summary>They run in Neo4j 3.1, 4.4, 5 and later, and change nothing.</summary>
    [Theory]
    [InlineData(@"\b(CREATE|MERGE|SET|DELETE|DETACH|REMOVE|LOAD|DROP|FOREACH)\b", "changes the graph")]
    [InlineData(@"\bCALL\b", "calls a procedure, or a subquery that 3.1 has not")]
    [InlineData(@"\bexists\s*[({]", "exists() is gone in 5, exists {} is not there in 3.1")]
    [InlineData(@"\bsize\s*\(\s*\(", "size of a pattern is gone in 5")]
    [InlineData(@"\{\w+\}(?!\))", "{param} is gone in 4")]
    [InlineData(@"\b(extract|filter|rels|toInt|id)\s*\(", "a function that is gone in later versions")]
    [InlineData(@"\[\w*:\w+(\|:)", "[:A|:B] is gone in 5")]
    public void No_query(string pattern, string why)
    {
        Assert.All(ExploreFile.All, file => Assert.False(
            Regex.IsMatch(Regex.Replace(file.Text, @"(?m)^\s*//.*$", ""), pattern), $"cypher/explore/{file.Name}.cypher: {why}"));
    }

    [Fact]
    public void No_query_returns_a_viewer()
    {
        Assert.All(ExploreFile.All, file =>
        {
            foreach (var clause in Regex.Matches(file.Text, @"(?s)\nRETURN (.*?)(?=\nORDER|\nLIMIT|\nUNION|\z)").Select(m => m.Groups[1].Value))
                Assert.DoesNotMatch(@"\b(u|v|me|viewer)\b(?!s)", Regex.Replace(clause, @"\(u\)-\[:WATCHLISTED\]", ""));
        });
    }
}
