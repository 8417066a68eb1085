using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GraphRec.Tests.Rules;

/// <summary>The house rules about C# text. Each takes one file and names what breaks the rule, with the line.</summary>
internal static partial class SourceRules
{
    public const int MaxFileLines = 400;
    public const int MaxMethodLines = 60;

    private static readonly string[] Clocks = ["DateTime.Now", "DateTime.UtcNow", "DateTime.Today", "DateTimeOffset.Now", "DateTimeOffset.UtcNow", "Random.Shared"];

    public static IEnumerable<string> LongFile(SyntaxTree tree)
    {
        var lines = tree.GetText().ToString().TrimEnd('\n').Split('\n').Length;
        return lines <= MaxFileLines ? [] : [$"{tree.FilePath} has {lines} lines"];
    }

    public static IEnumerable<string> LongMethods(SyntaxTree tree) =>
        from node in tree.GetRoot().DescendantNodes()
        where node is BaseMethodDeclarationSyntax or LocalFunctionStatementSyntax or AccessorDeclarationSyntax or BasePropertyDeclarationSyntax
        let span = tree.GetLineSpan(node.Span)
        let lines = span.EndLinePosition.Line - span.StartLinePosition.Line + 1
        where lines > MaxMethodLines
        select $"{At(tree, node)} a member of {lines} lines";

    public static IEnumerable<string> ServiceLocators(SyntaxTree tree) =>
        from name in tree.GetRoot().DescendantNodes().OfType<IdentifierNameSyntax>()
        where name.Identifier.ValueText == "IServiceProvider"
        select $"{At(tree, name)} IServiceProvider";

    /// <summary>What BannedSymbols.txt bans, found by spelling: a second pair of eyes, should the analyzer be off.</summary>
    public static IEnumerable<string> WallClocks(SyntaxTree tree)
    {
        foreach (var node in tree.GetRoot().DescendantNodes())
        {
            if (node is MemberAccessExpressionSyntax access)
            {
                var text = access.ToString();
                if (Clocks.Any(c => text == c || text == "System." + c)) yield return $"{At(tree, node)} {text}";
            }
            if (node is ObjectCreationExpressionSyntax { Type: var type, ArgumentList.Arguments.Count: 0 } && type.ToString() is "Random" or "System.Random")
                yield return $"{At(tree, node)} new Random()";
        }
    }

    public static IEnumerable<string> SilencedBans(SyntaxTree tree) =>
        from trivia in tree.GetRoot().DescendantTrivia(descendIntoTrivia: true)
        where trivia.IsKind(SyntaxKind.PragmaWarningDirectiveTrivia) && trivia.ToString().Contains("RS0030", StringComparison.Ordinal)
        select $"{tree.FilePath}: {trivia}";

    public static IEnumerable<string> CypherLiterals(SyntaxTree tree) =>
        from token in tree.GetRoot().DescendantTokens()
        where token.IsKind(SyntaxKind.StringLiteralToken) || token.IsKind(SyntaxKind.InterpolatedStringTextToken)
            || token.IsKind(SyntaxKind.SingleLineRawStringLiteralToken) || token.IsKind(SyntaxKind.MultiLineRawStringLiteralToken)
            || token.IsKind(SyntaxKind.Utf8StringLiteralToken) || token.IsKind(SyntaxKind.Utf8MultiLineRawStringLiteralToken)
        where Cypher().IsMatch(token.ValueText)
        select $"{tree.FilePath}:{tree.GetLineSpan(token.Span).StartLinePosition.Line + 1} {token.ValueText.Trim()}";

    /// <summary>Public types without a summary. A part of a partial type needs none where another part has one.</summary>
    public static IEnumerable<string> Undocumented(IEnumerable<SyntaxTree> trees)
    {
        var documented = new HashSet<string>(StringComparer.Ordinal);
        var missing = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var tree in trees)
        {
            foreach (var type in tree.GetRoot().DescendantNodes().OfType<MemberDeclarationSyntax>().Where(IsPublicType))
            {
                if (HasSummary(type)) documented.Add(FullName(type));
                else missing[FullName(type)] = At(tree, type);
            }
        }
        return missing.Where(m => !documented.Contains(m.Key)).Select(m => $"{m.Value} {m.Key}");
    }

    private static bool IsPublicType(MemberDeclarationSyntax member) =>
        member is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax
        && member.AncestorsAndSelf().Where(n => n is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax).Cast<MemberDeclarationSyntax>()
            .All(m => m.Modifiers.Any(SyntaxKind.PublicKeyword) || m.Parent is InterfaceDeclarationSyntax);

    private static string FullName(MemberDeclarationSyntax type) => string.Join('.', type.AncestorsAndSelf().Reverse().Select(n => n switch
    {
        BaseNamespaceDeclarationSyntax space => space.Name.ToString(),
        TypeDeclarationSyntax t => $"{t.Identifier.ValueText}`{t.TypeParameterList?.Parameters.Count ?? 0}",
        BaseTypeDeclarationSyntax t => t.Identifier.ValueText,
        DelegateDeclarationSyntax d => d.Identifier.ValueText,
        _ => null,
    }).Where(n => n is not null));

    private static bool HasSummary(SyntaxNode type) =>
        type.GetLeadingTrivia().Any(t => (t.IsKind(SyntaxKind.SingleLineCommentTrivia) || t.HasStructure) && t.ToFullString().Contains("<summary>", StringComparison.Ordinal));

    private static string At(SyntaxTree tree, SyntaxNode node) => $"{tree.FilePath}:{tree.GetLineSpan(node.Span).StartLinePosition.Line + 1}";

    [GeneratedRegex(@"\bMATCH\s+(\w+\s*=\s*)?\w*\s*\(|\bMERGE\s*\(|\bUNWIND\s+[$\w.]+\s+AS\b|\bDETACH\s+DELETE\b|\bCREATE\s*\(\s*\w*\s*[:{)]|\bCREATE\s+CONSTRAINT\b", RegexOptions.IgnoreCase)]
    private static partial Regex Cypher();
}
