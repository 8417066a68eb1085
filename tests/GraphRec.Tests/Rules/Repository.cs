using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace GraphRec.Tests.Rules;

/// <summary>The repository as it lies on disk: what the house rules are asked of.</summary>
internal static class Repository
{
    private static readonly string[] Rooms = ["Core", "Graph", "Ranking", "Recommend", "Storage", "Learning", "Api", "Cli"];

    public static string Root { get; } = FindRoot();

    /// <summary>Every room under src, in the order in which architecture.md lists them.</summary>
    public static IReadOnlyList<string> RoomNames => Rooms;

    public static XDocument Project(string room) => XDocument.Load(Path.Combine(Root, "src", $"GraphRec.{room}", $"GraphRec.{room}.csproj"));

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    /// <summary>Files below a folder without what a build leaves there; paths from the root, with '/'.</summary>
    public static IEnumerable<string> Files(string folder, string pattern) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), pattern, SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(Root, f).Replace('\\', '/'))
            .Where(f => !f.Contains("/obj/", StringComparison.Ordinal) && !f.Contains("/bin/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);

    /// <summary>The C# sources below folders, parsed.</summary>
    public static IEnumerable<SyntaxTree> Sources(params string[] folders) =>
        folders.SelectMany(f => Files(f, "*.cs")).Select(f => Parse(Read(f), f));

    public static SyntaxTree Parse(string text, string path = "snippet.cs") => CSharpSyntaxTree.ParseText(text, path: path);

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "GraphRec.sln"))) folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}
