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

    public const string SecondDirector = "second director";

    public static Diagnosis Examine(GraphExport export)
    {
        var graph = CsrGraph.Build(export);
        var nodes = Enum.GetValues<NodeKind>().ToDictionary(k => k.ToString(), k => (long)graph.Nodes(k).Count);
        var edges = export.Credits.GroupBy(c => c.Edge.Name()).ToDictionary(g => g.Key, g => g.LongCount());
        foreach (var relation in (EdgeType[])[EdgeType.HasGenre, EdgeType.Tagged, EdgeType.AiredOn]) edges[relation.Name()] = graph[relation].EdgeCount;
        edges[EdgeType.Follows.Name()] = export.Dramas.Count(d => d.Follows is not null);
        foreach (var behaviour in export.Behaviour.GroupBy(b => b.Type).OrderBy(g => g.Key)) edges[behaviour.Key.Name()] = behaviour.LongCount();
        return new Diagnosis(nodes, edges, Issues(export.Catalog, graph, export.Issues), Components(graph));
    }

    /// <summary>What is wrong, by kind; what the store found itself comes last.</summary>
    /// <param name="catalog">The catalogue.</param>
    /// <param name="graph">The graph built from it and from behaviour.</param>
    /// <param name="found">What the store found.</param>
    public static IReadOnlyList<GraphIssue> Issues(CatalogBatch catalog, CsrGraph graph, IReadOnlyList<GraphIssue> found) =>
        [
            .. DanglingFacts(catalog, graph),
            .. DanglingBehaviour(graph),
            .. DuplicatePeople(catalog),
            .. SeasonCycles(catalog),
            .. SecondDirectors(catalog),
            .. catalog.Dramas.Where(d => d.Genres.Count == 0)
                .Select(d => new GraphIssue(NoGenre, d.Id, "give it a genre, or it is in no genre row and counts as unlike everything")),
            .. found,
        ];

    private static IEnumerable<GraphIssue> DanglingFacts(CatalogBatch catalog, CsrGraph graph)
    {
        var (dramas, people) = (graph.Nodes(NodeKind.Drama), graph.Nodes(NodeKind.Person));
        foreach (var c in catalog.Credits)
        {
            if (dramas.Find(c.DramaId) < 0) yield return new GraphIssue(DanglingEdge, $"({c.PersonId})-[{c.Edge.Name()}]->({c.DramaId})", $"add the drama {c.DramaId}, or remove the credit");
            if (people.Find(c.PersonId) < 0) yield return new GraphIssue(DanglingEdge, $"({c.PersonId})-[{c.Edge.Name()}]->({c.DramaId})", $"add the person {c.PersonId}, or remove the credit");
        }
        foreach (var d in catalog.Dramas)
            if (d.Follows is { } earlier && dramas.Find(earlier) < 0)
                yield return new GraphIssue(DanglingEdge, $"({d.Id})-[FOLLOWS]->({earlier})", $"add the drama {earlier}, or remove follows");
    }

    private static IEnumerable<GraphIssue> DanglingBehaviour(CsrGraph graph) =>
        from edge in graph.Dangling
        let user = graph.Nodes(NodeKind.User)[edge.User]
        let target = edge.Target
        orderby edge.User, edge.Type, target.Kind, target.Id
        select new GraphIssue(DanglingEdge, $"({user})-[{edge.Type.Name()}]->({target.Id})", target.Kind switch
        {
            NodeKind.Drama => $"import the drama {target.Id}; until then the event counts for nothing",
            NodeKind.Person => $"add the person {target.Id}; until then the mute counts for nothing",
            _ => $"no drama has the {target.Kind.ToString().ToLowerInvariant()} {target.Id}; until one does the mute counts for nothing",
        });

    /// <summary>People whose names are equal but for case, marks and spaces. A hint, not a verdict: namesakes exist.</summary>
    private static IEnumerable<GraphIssue> DuplicatePeople(CatalogBatch catalog) =>
        catalog.People.GroupBy(p => (NameFold.Of(p.Name), p.NativeName ?? "")).Where(g => g.Count() > 1)
            .Select(g => new GraphIssue(DuplicatePerson, string.Join(", ", g.Select(p => p.Id).Order(StringComparer.Ordinal)),
                $"all are called {g.First().Name}; if they are one person, merge their credits"));

    private static IEnumerable<GraphIssue> SeasonCycles(CatalogBatch catalog)
    {
        var seasons = new AdjacencyGraph<string, SEquatableEdge<string>>();
        foreach (var d in catalog.Dramas)
            if (d.Follows is { } earlier) seasons.AddVerticesAndEdge(new SEquatableEdge<string>(d.Id, earlier));
        var component = new Dictionary<string, int>(StringComparer.Ordinal);
        seasons.StronglyConnectedComponents(component);
        foreach (var cycle in component.GroupBy(c => c.Value, c => c.Key))
        {
            string[] dramas = [.. cycle.Order(StringComparer.Ordinal)];
            if (dramas.Length > 1)
            {
                yield return new GraphIssue(SeasonCycle, string.Join(" → ", dramas),
                    "remove one of the follows links; until then each waits for another, and who has seen none of them is recommended none");
            }
            else if (seasons.ContainsEdge(dramas[0], dramas[0]))
            {
                yield return new GraphIssue(SeasonCycle, dramas[0], "a drama cannot follow itself: remove the link, or let it follow the season before; until then the link counts for nothing");
            }
        }
    }

    /// <summary>Two directors at one place: one of them is probably a correction that left the wrong one standing.</summary>
    private static IEnumerable<GraphIssue> SecondDirectors(CatalogBatch catalog) =>
        from credit in catalog.Credits
        where credit.Role == CreditRole.Director
        group credit.PersonId by (credit.DramaId, credit.Order) into place
        let people = place.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray()
        where people.Length > 1
        let order = place.Key.Order == Credit.NoOrder ? "without an order" : $"at order {place.Key.Order}"
        select new GraphIssue(SecondDirector, place.Key.DramaId,
            $"{string.Join(" and ", people)} direct it {order}; remove the one who does not, or give each an order of their own; until then both count");

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
