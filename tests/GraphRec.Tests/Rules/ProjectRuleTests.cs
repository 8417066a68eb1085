using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Xunit;

namespace GraphRec.Tests.Rules;

/// <summary>What projects may refer to, and that the analyzer of banned symbols stands in every one of them.</summary>
public sealed partial class ProjectRuleTests
{
    private const string Allowed =
        "Core ← Graph; Core, Graph ← Ranking; Core, Graph, Ranking ← Recommend; Core, Graph ← Storage; "
        + "Core, Graph, Ranking, Recommend ← Learning; everything but Learning ← Api; everything ← Cli.";

    [Theory]
    [InlineData("Core")]
    [InlineData("Graph")]
    [InlineData("Ranking")]
    [InlineData("Recommend")]
    [InlineData("Storage")]
    [InlineData("Learning")]
    [InlineData("Api")]
    [InlineData("Cli")]
    public void A_room_refers_to_exactly_what_the_architecture_says(string room) =>
        Assert.Equal(Rules(Allowed)[room].Order(), References(Repository.Project(room)).Order());

    [Fact]
    public void The_architecture_says_the_same_and_no_room_is_forgotten()
    {
        Assert.Contains(Allowed, Spaces().Replace(Repository.Read("docs/architecture.md"), " "));
        var projects = Repository.Files("src", "*.csproj").Select(f => Path.GetFileNameWithoutExtension(f).Replace("GraphRec.", "", StringComparison.Ordinal));
        Assert.Equal(Repository.RoomNames.Order(), projects.Order());
    }

    [Fact]
    public void The_sentence_is_read_as_it_is_meant()
    {
        var rules = Rules(Allowed);
        Assert.Empty(rules["Core"]);
        Assert.Equal(["Core", "Graph"], rules["Storage"]);
        Assert.Equal(["Core", "Graph", "Ranking", "Recommend", "Storage"], rules["Api"]);
        Assert.Equal(7, rules["Cli"].Length);
        var more = XDocument.Parse("""<Project><ItemGroup><ProjectReference Include="..\GraphRec.Storage\GraphRec.Storage.csproj" /></ItemGroup></Project>""");
        Assert.Equal(["Storage"], References(more));
        Assert.NotEqual(rules["Graph"], References(more));
    }

    [Fact]
    public void Core_refers_to_no_package()
    {
        Assert.Equal(["QuikGraph"], Packages(Repository.Project("Graph")));
        Assert.Empty(Packages(Repository.Project("Core")));
        Assert.Equal(["Microsoft.CodeAnalysis.BannedApiAnalyzers"], Packages(XDocument.Parse(Repository.Read("Directory.Build.props"))));
        // What the compiler really used: the framework and nothing else.
        Assert.All(typeof(Core.NodeRef).Assembly.GetReferencedAssemblies(), a => Assert.StartsWith("System", a.Name));
    }

    [Fact]
    public void Every_banned_symbol_exists()
    {
        var banned = Repository.Read("BannedSymbols.txt").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.True(banned.Length >= 7);
        Assert.All(banned, line => Assert.True(Exists(line), line));
        Assert.All(banned, line => Assert.Contains(';', line));
        Assert.False(Exists("P:System.DateTime.Nov;misspelt"));
        Assert.False(Exists("M:System.Random.#ctor(System.String);no such constructor"));
    }

    [Fact]
    public void Banned_symbols_are_errors_in_every_project()
    {
        var (props, config) = (Repository.Read("Directory.Build.props"), Repository.Read(".editorconfig"));
        var projects = Repository.Files("src", "*.csproj").Concat(Repository.Files("tests", "*.csproj")).Select(Repository.Read).ToArray();
        Assert.True(projects.Length >= 12);
        Assert.Empty(BanProblems(props, config, projects));
        // Nothing nearer to a source file may say otherwise.
        string[] nearer = [".editorconfig", ".globalconfig", "Directory.Build.props", "Directory.Build.targets"];
        Assert.DoesNotContain(Repository.Files("src", "*").Concat(Repository.Files("tests", "*")), f => nearer.Contains(Path.GetFileName(f)));
    }

    [Theory]
    [InlineData("<TreatWarningsAsErrors>true", "<TreatWarningsAsErrors>false", 0)]
    [InlineData("RS0030.severity = error", "RS0030.severity = suggestion", 1)]
    [InlineData("BannedApiAnalyzers", "OtherAnalyzers", 1)]
    [InlineData("BannedSymbols.txt", "Other.txt", 1)]
    [InlineData("'GraphRec.Benchmarks'", "'GraphRec.Core'", 1)]
    [InlineData("<Project Sdk", "<Project NoWarn='RS0030' Sdk", 1)]
    public void The_check_of_the_configuration_can_fail(string from, string to, int problems)
    {
        string Change(string text) => text.Replace(from, to, StringComparison.Ordinal);
        var found = BanProblems(Change(Repository.Read("Directory.Build.props")), Change(Repository.Read(".editorconfig")), [Change(Repository.Read("src/GraphRec.Core/GraphRec.Core.csproj"))]);
        Assert.Equal(problems, found.Count);
    }

    private static List<string> BanProblems(string props, string editorConfig, IEnumerable<string> projects)
    {
        var problems = new List<string>();
        var groups = XDocument.Parse(props).Descendants("ItemGroup")
            .Where(g => (string?)g.Attribute("Condition") is null or "'$(MSBuildProjectName)' != 'GraphRec.Benchmarks'").ToArray();
        if (!groups.Elements("PackageReference").Any(p => (string?)p.Attribute("Include") == "Microsoft.CodeAnalysis.BannedApiAnalyzers")) problems.Add("the analyzer is not referenced");
        else if (!groups.Elements("AdditionalFiles").Any(p => ((string?)p.Attribute("Include"))?.EndsWith("BannedSymbols.txt", StringComparison.Ordinal) == true)) problems.Add("the list is not passed to it");
        if (!editorConfig.Split('\n').Contains("dotnet_diagnostic.RS0030.severity = error")) problems.Add("RS0030 is no error");
        problems.AddRange(projects.Where(p => p.Contains("RS0030", StringComparison.Ordinal) || p.Contains("BannedApiAnalyzers", StringComparison.Ordinal)).Select(p => $"a project changes it: {p}"));
        return problems;
    }

    private static bool Exists(string line)
    {
        var compilation = CSharpCompilation.Create("banned", references: [MetadataReference.CreateFromFile(typeof(object).Assembly.Location)]);
        return DocumentationCommentId.GetFirstSymbolForDeclarationId(line.Split(';')[0].Trim(), compilation) is not null;
    }

    private static string[] References(XDocument project) =>
        project.Descendants("ProjectReference").Select(r => Path.GetFileNameWithoutExtension(((string)r.Attribute("Include")!).Replace('\\', '/')).Replace("GraphRec.", "", StringComparison.Ordinal)).ToArray();

    private static string[] Packages(XDocument project) => project.Descendants("PackageReference").Select(r => (string)r.Attribute("Include")!).ToArray();

    private static Dictionary<string, string[]> Rules(string sentence)
    {
        var rules = Repository.RoomNames.ToDictionary(r => r, _ => Array.Empty<string>());
        foreach (var clause in sentence.TrimEnd('.').Split(';'))
        {
            var (left, room) = (clause.Split('←')[0].Trim(), clause.Split('←')[1].Trim());
            // Not Api: everything that is not a client of it. "Everything" stands above the room in the list.
            var above = Repository.RoomNames.TakeWhile(r => r != room);
            rules[room] = left.StartsWith("everything", StringComparison.Ordinal)
                ? above.Where(r => !left.EndsWith($"but {r}", StringComparison.Ordinal)).ToArray()
                : left.Split(',', StringSplitOptions.TrimEntries);
        }
        return rules;
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
