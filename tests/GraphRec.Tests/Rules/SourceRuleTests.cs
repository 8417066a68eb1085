using Microsoft.CodeAnalysis;
using Xunit;

namespace GraphRec.Tests.Rules;

/// <summary>Each rule on the whole repository, and on a snippet that breaks it: a rule that finds nothing there finds nothing anywhere.</summary>
public sealed class SourceRuleTests
{
    [Fact]
    public void Files_have_at_most_400_lines()
    {
        Assert.NotEmpty(SourceRules.LongFile(Repository.Parse(string.Concat(Enumerable.Repeat("//\n", 401)))));
        Assert.Empty(SourceRules.LongFile(Repository.Parse(string.Concat(Enumerable.Repeat("//\n", 400)))));
        Holds(SourceRules.LongFile, "src", "tests");
    }

    [Fact]
    public void Methods_have_at_most_60_lines()
    {
        Assert.Single(Broken(SourceRules.LongMethods, $"class C\n{{\n/// <summary>Not counted.</summary>\nvoid M()\n{{\n{Lines(58)}}}\n}}"));
        Assert.Empty(Broken(SourceRules.LongMethods, $"class C\n{{\n/// <summary>Not counted.</summary>\nvoid M()\n{{\n{Lines(57)}}}\n}}"));
        Assert.Single(Broken(SourceRules.LongMethods, $"class C\n{{\nint P => 1 +\n{Lines(60)}2;\n}}"));
        Holds(SourceRules.LongMethods, "src", "tests");
    }

    [Fact]
    public void Only_Api_and_Cli_know_the_service_provider()
    {
        Assert.Single(Broken(SourceRules.ServiceLocators, "class C(System.IServiceProvider services);"));
        var rooms = Repository.RoomNames.Except(["Api", "Cli"]).Select(r => $"src/GraphRec.{r}").ToArray();
        var found = Repository.Sources(rooms).Where(t => !t.FilePath.EndsWith("ServiceCollectionExtensions.cs", StringComparison.Ordinal)).SelectMany(SourceRules.ServiceLocators);
        Assert.Empty(found);
    }

    [Theory]
    [InlineData("var t = DateTime.Now;")]
    [InlineData("var t = System.DateTime.UtcNow;")]
    [InlineData("var t = DateTime.Today.Year;")]
    [InlineData("var t = DateTimeOffset.Now;")]
    [InlineData("var t = DateTimeOffset.UtcNow.Ticks;")]
    [InlineData("var t = Random.Shared.Next();")]
    [InlineData("var t = new Random();")]
    public void The_wall_clock_is_found_by_its_name(string line) =>
        Assert.Single(Broken(SourceRules.WallClocks, $"class C {{ void M() {{ {line} }} }}"));

    [Fact]
    public void No_source_reads_the_wall_clock_or_unseeded_randomness()
    {
        Assert.Empty(Broken(SourceRules.WallClocks, "class C { object M(TimeProvider clock) => (clock.GetUtcNow(), new Random(7)); }"));
        Holds(SourceRules.WallClocks, "src", "tests/GraphRec.Tests", "tests/GraphRec.Contracts", "tests/GraphRec.EndToEnd");
    }

    [Fact]
    public void Nobody_silences_the_banned_symbols()
    {
        Assert.Single(Broken(SourceRules.SilencedBans, "class C\n{\n#pragma warning disable RS0030\n}"));
        Holds(SourceRules.SilencedBans, "src", "tests");
    }

    [Theory]
    [InlineData("\"MATCH (d:Drama) RETURN d\"")]
    [InlineData("\"match p = (a)-->(b) return p\"")]
    [InlineData("$\"MERGE ({x}:Drama)\"")]
    [InlineData("@\"UNWIND $rows AS row\"")]
    [InlineData("\"\"\"\nOPTIONAL MATCH\n(n)\n\"\"\"")]
    [InlineData("\"MATCH p = shortestPath((a)-[*]-(b))\"")]
    [InlineData("\"CREATE (n:User {id: 1})\"")]
    public void Cypher_is_found_in_every_kind_of_string(string literal) =>
        Assert.NotEmpty(Broken(SourceRules.CypherLiterals, $"class C {{ string Q(int x) => {literal}; }}"));

    [Fact]
    public void Cypher_stands_in_its_own_files()
    {
        Assert.Empty(Broken(SourceRules.CypherLiterals, "class C { string S = \"CREATE TABLE drama (id TEXT)\"; string T = \"the best match of all\"; }"));
        Holds(SourceRules.CypherLiterals, "src");
    }

    [Fact]
    public void Every_public_type_says_what_it_is()
    {
        Assert.Equal(["snippet.cs:4 A.C`0", "snippet.cs:6 A.F"], Undocumented(
            """
            namespace A;
            /// <summary>It is.</summary>
            public class B { internal class Hidden; private class Own; }
            public class C;
            class D;
            public enum F { One }
            """));
        Assert.Equal(["snippet.cs:2 C`0"], Undocumented("/// <remarks>No summary.</remarks>\npublic record C;"));
        Assert.Equal(["snippet.cs:2 B`0.I`1"], Undocumented("/// <summary>It is.</summary>\npublic class B { public interface I<T>; }"));
        Assert.Empty(Undocumented("/// <summary>It is.</summary>\npublic partial class B;\npublic partial class B;"));
        Assert.Empty(SourceRules.Undocumented(Repository.Sources("src")));
    }

    [Fact]
    public void The_product_does_not_speak_of_the_workshop()
    {
        const string Workshop = "../shared";
        var files = Repository.Files("src", "*").Concat(Repository.Files("docs", "*")).Concat(Repository.Files(".", "README*")).ToArray();
        Assert.True(files.Length > 100);
        Assert.DoesNotContain(files, f => Repository.Read(f).Contains(Workshop, StringComparison.Ordinal));
    }

    private static IEnumerable<string> Undocumented(string text) => SourceRules.Undocumented([Repository.Parse(text)]);

    private static string[] Broken(Func<SyntaxTree, IEnumerable<string>> rule, string text) => rule(Repository.Parse(text)).ToArray();

    private static void Holds(Func<SyntaxTree, IEnumerable<string>> rule, params string[] folders)
    {
        var trees = Repository.Sources(folders).ToArray();
        Assert.True(trees.Length > 20, $"only {trees.Length} files found");
        Assert.Empty(trees.SelectMany(rule));
    }

    private static string Lines(int count) => string.Concat(Enumerable.Repeat("//\n", count));
}
