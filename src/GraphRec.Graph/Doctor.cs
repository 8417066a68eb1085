using GraphRec.Core;
using QuikGraph;
using QuikGraph.Algorithms;
using QuikGraph.Collections;

namespace GraphRec.Graph;

/// <summary>What <c>graphrec doctor</c> found.</summary>
/// <param name="Nodes">Nodes by kind.</param>
/// <param name="Edges">Edges by type, as stored.</param>
/// <param name="Issues">What is wrong, by kind.</param>
/// <param name="Components">Sizes of the connected components over catalogue and behaviour edges, largest first.</param>
public sealed record Diagnosis(
    IReadOnlyDictionary<string, long> Nodes, IReadOnlyDictionary<string, long> Edges, IReadOnlyList<GraphIssue> Issues, IReadOnlyList<int> Components);

/// <summary>Looks for what people get wrong in a graph. None of it stops serving: such edges are left out of the snapshot.</summary>
public static class Doctor
{
    public const string DanglingEdge = "dangling edge";
    public const string DuplicatePerson = "possible duplicate person";
    public const string SeasonCycle = "season cycle";
    public const string NoGenre = "drama without genre";

    public static Diagnosis Examine(GraphExport export)
    {
        var dramas = export.Dramas.Select(d => d.Id).ToHashSet(StringComparer.Ordinal);
        var people = export.People.Select(p => p.Id).ToHashSet(StringComparer.Ordinal);
        var issues = new List<GraphIssue>();
        issues.AddRange(Dangling(export, dramas, people));
        issues.AddRange(DuplicatePeople(export));
        issues.AddRange(SeasonCycles(export));
        issues.AddRange(export.Dramas.Where(d => d.Genres.Count == 0)
            .Select(d => new GraphIssue(NoGenre, d.Id, "give it a genre, or it is in no genre row and counts as unlike everything")));
        var graph = CsrGraph.Build(export);
        var nodes = Enum.GetValues<NodeKind>().ToDictionary(k => k.ToString(), k => (long)graph.Nodes(k).Count);
        var edges = export.Credits.GroupBy(c => c.Edge.Name()).ToDictionary(g => g.Key, g => g.LongCount());
        foreach (var relation in (EdgeType[])[EdgeType.HasGenre, EdgeType.Tagged, EdgeType.AiredOn]) edges[relation.Name()] = graph[relation].EdgeCount;
        edges[EdgeType.Follows.Name()] = export.Dramas.Count(d => d.Follows is not null);
        foreach (var behaviour in export.Behaviour.GroupBy(b => b.Type).OrderBy(g => g.Key)) edges[behaviour.Key.Name()] = behaviour.LongCount();
        return new Diagnosis(nodes, edges, issues, Components(graph));
    }

    private static IEnumerable<GraphIssue> Dangling(GraphExport export, HashSet<string> dramas, HashSet<string> people)
    {
        foreach (var c in export.Credits)
        {
            if (!dramas.Contains(c.DramaId)) yield return new GraphIssue(DanglingEdge, $"({c.PersonId})-[{c.Edge.Name()}]->({c.DramaId})", $"add the drama {c.DramaId}, or remove the credit");
            if (!people.Contains(c.PersonId)) yield return new GraphIssue(DanglingEdge, $"({c.PersonId})-[{c.Edge.Name()}]->({c.DramaId})", $"add the person {c.PersonId}, or remove the credit");
        }
        foreach (var d in export.Dramas)
            if (d.Follows is { } earlier && !dramas.Contains(earlier))
                yield return new GraphIssue(DanglingEdge, $"({d.Id})-[FOLLOWS]->({earlier})", $"add the drama {earlier}, or remove follows");
        foreach (var b in export.Behaviour)
            if (b.Target.Kind == NodeKind.Drama && !dramas.Contains(b.Target.Id))
                yield return new GraphIssue(DanglingEdge, $"({b.UserId})-[{b.Type.Name()}]->({b.Target.Id})", $"import the drama {b.Target.Id}; until then the event counts for nothing");
    }

    /// <summary>People whose names are equal but for case, marks and spaces. A hint, not a verdict: namesakes exist.</summary>
    private static IEnumerable<GraphIssue> DuplicatePeople(GraphExport export) =>
        export.People.GroupBy(p => (NameFold.Of(p.Name), p.NativeName ?? "")).Where(g => g.Count() > 1)
            .Select(g => new GraphIssue(DuplicatePerson, string.Join(", ", g.Select(p => p.Id).Order(StringComparer.Ordinal)),
                $"all are called {g.First().Name}; if they are one person, merge their credits"));

    private static IEnumerable<GraphIssue> SeasonCycles(GraphExport export)
    {
        var seasons = new AdjacencyGraph<string, SEquatableEdge<string>>();
        foreach (var d in export.Dramas)
            if (d.Follows is { } earlier) seasons.AddVerticesAndEdge(new SEquatableEdge<string>(d.Id, earlier));
        var component = new Dictionary<string, int>(StringComparer.Ordinal);
        seasons.StronglyConnectedComponents(component);
        foreach (var cycle in component.GroupBy(c => c.Value).Where(g => g.Count() > 1 || seasons.ContainsEdge(g.First().Key, g.First().Key)))
            yield return new GraphIssue(SeasonCycle, string.Join(" → ", cycle.Select(c => c.Key).Order(StringComparer.Ordinal)), "remove one of the follows links; until then none of them is recommended");
    }

    private static List<int> Components(CsrGraph graph)
    {
        // Dense vertices over all kinds: kind k starts where the kinds before it end.
        var starts = new int[7];
        foreach (var kind in Enum.GetValues<NodeKind>()) starts[(int)kind + 1] = starts[(int)kind] + graph.Nodes(kind).Count;
        var sets = new ForestDisjointSet<int>(starts[6]);
        for (var v = 0; v < starts[6]; v++) sets.MakeSet(v);
        foreach (var relation in graph.Relations)
            for (var from = 0; from < relation.FromCount; from++)
                foreach (var to in relation.Targets(from))
                    sets.Union(starts[(int)relation.FromKind] + from, starts[(int)relation.ToKind] + to);
        return Enumerable.Range(0, starts[6]).GroupBy(sets.FindSet).Select(g => g.Count()).OrderDescending().ToList();
    }
}
