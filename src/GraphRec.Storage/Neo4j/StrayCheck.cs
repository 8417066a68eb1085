using GraphRec.Core;

namespace GraphRec.Storage.Neo4j;

/// <summary>
/// Looks for what no reader reads: edges between the wrong kinds of nodes, labels and types that GraphRec does not know.
/// Neo4j's own counts say whether there is any, so that the searches, which read everything, run only when there is.
/// </summary>
internal sealed class StrayCheck
{
    private const int Told = 100;

    private static readonly HashSet<string> KnownLabels =
        [.. Enum.GetNames<NodeKind>(), "Actor", "Director", "Writer", "Event", "Page", "GraphState"];

    private static readonly HashSet<string> KnownTypes = [.. Enum.GetValues<EdgeType>().Select(type => type.Name()), "SHOWED"];

    private readonly Dictionary<string, long> _read = new(StringComparer.Ordinal);
    private readonly List<string> _labels = [];
    private readonly List<string> _types = [];
    private bool _misplaced;

    /// <summary>Notes that edges were read where they belong. Types of which nothing is noted are not looked at.</summary>
    public void Saw(EdgeType type, int count) => _read[type.Name()] = _read.GetValueOrDefault(type.Name()) + count;

    /// <summary>What to ask, after the edges were read.</summary>
    public IEnumerable<(Statement Statement, Action<Row> Add)> Counts() =>
    [
        (Cypher.File("export/edge-counts").With(), row => _misplaced |= _read.TryGetValue(row.String(0), out var read) && row.Int64(1) != read),
        (Cypher.File("export/labels").With(), row => Note(_labels, KnownLabels, row.String(0))),
        (Cypher.File("export/edge-types").With(), row => Note(_types, KnownTypes, row.String(0))),
    ];

    /// <summary>What to ask when the counts are known, and the issue that each row is.</summary>
    public IEnumerable<(Statement Statement, Func<Row, GraphIssue> Issue)> Searches()
    {
        if (_misplaced) yield return (Cypher.File("export/misplaced").With(new { first = Told }), Misplaced);
        if (_labels.Count > 0)
        {
            yield return (Cypher.File("export/strange-nodes").With(new { labels = _labels }), row => new GraphIssue(
                GraphIssues.UnknownLabel, row.String(0), $"{row.Int64(1)} nodes have it, and GraphRec reads none of them by it; correct it where it is misspelt") { Source = GraphIssueSource.Strays });
        }
        if (_types.Count > 0)
        {
            yield return (Cypher.File("export/strange-edges").With(new { types = _types }), row => new GraphIssue(
                GraphIssues.UnknownType, row.String(0), $"{row.Int64(1)} relationships have it, and GraphRec reads none of them; correct it where it is misspelt") { Source = GraphIssueSource.Strays });
        }
    }

    private static void Note(List<string> unknown, HashSet<string> known, string name)
    {
        if (!known.Contains(name)) unknown.Add(name);
    }

    private static GraphIssue Misplaced(Row row) => new(
        GraphIssues.Misplaced, $"({End(row, 1)})-[{row.String(0)}]->({End(row, 3)})", "remove it, or put it between the right nodes; until then it counts for nothing") { Source = GraphIssueSource.Strays };

    private static string End(Row row, int labels) =>
        $"{string.Concat(row[labels].EnumerateArray().Select(label => ":" + label.GetString()))} {row.Text(labels + 1) ?? "without key"}".Trim();
}
