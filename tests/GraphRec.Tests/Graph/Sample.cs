using CsCheck;
using GraphRec.Core;
using GraphRec.Graph;

namespace GraphRec.Tests.Graph;

/// <summary>Graphs to test on.</summary>
internal static class Sample
{
    /// <summary>
    /// Three viewers, four dramas: user 0 has {0, 1}, user 1 has {0, 1, 2}, user 2 has {2}; nobody has drama 3.
    /// </summary>
    public static Bipartite Tiny { get; } = From(4, [0, 1], [0, 1, 2], [2]);

    /// <summary>Small random relations, up to 40 × 40, so that rows span more than two vectors; often with empty rows.</summary>
    public static Gen<Bipartite> Relations { get; } =
        from users in Gen.Int[1, 40]
        from items in Gen.Int[1, 40]
        from edges in Gen.Select(Gen.Int[0, users - 1], Gen.Int[0, items - 1]).Array[0, 200]
        select Bipartite.Build(users, items, user => edges.Where(e => e.Item1 == user).Select(e => e.Item2));

    public static Bipartite From(int items, params int[][] rows) => Bipartite.Build(rows.Length, items, user => rows[user]);

    /// <summary>A relation large enough that several threads get work, with hubs, the same for the same seed.</summary>
    public static Bipartite Large(int seed)
    {
        var random = new Random(seed);
        var rows = Enumerable.Range(0, 700)
            .Select(_ => Enumerable.Range(0, 1 + random.Next(40)).Select(_ => (int)(500 * Math.Pow(random.NextDouble(), 3))).ToArray()).ToArray();
        return From(500, rows);
    }

    /// <summary>A catalogue relation person → drama (ACTED_IN) from pairs of person and drama.</summary>
    public static Adjacency ActedIn(int people, int dramas, params (int Person, int Drama)[] edges) =>
        Adjacency.Build(EdgeType.ActedIn, NodeKind.Drama, people, dramas, [.. edges.Select(e => new EdgeEntry(e.Person, e.Drama))]);

    /// <summary>The same facts as drama → genre.</summary>
    public static Adjacency HasGenre(int genres, int dramas, params (int Genre, int Drama)[] edges) =>
        Adjacency.Build(EdgeType.HasGenre, NodeKind.Genre, dramas, genres, [.. edges.Select(e => new EdgeEntry(e.Drama, e.Genre))]);

    public static DateTimeOffset Minute(int minutes) => DateTimeOffset.UnixEpoch.AddMinutes(minutes);

    public static BehaviourEdge Watched(string user, string drama, double share = 1, int minute = 0) =>
        new(user, EdgeType.Watched, NodeRef.Drama(drama), share, Minute(minute), Minute(minute), 1);

    public static BehaviourEdge Rated(string user, string drama, double rating, int minute = 0) =>
        new(user, EdgeType.Rated, NodeRef.Drama(drama), rating, Minute(minute), Minute(minute), 1);

    public static Drama Drama(string id) => new() { Id = id, Title = $"Title of {id}" };

    public static GraphExport Export(IEnumerable<Drama> dramas, IEnumerable<Credit> credits, IEnumerable<BehaviourEdge> behaviour)
    {
        var list = credits.ToArray();
        var people = list.Select(c => c.PersonId).Distinct().Order(StringComparer.Ordinal).Select(p => new Person(p, $"Name of {p}"));
        return new GraphExport(new GraphVersion(1, 1), [.. dramas], [.. people], list, [.. behaviour]);
    }
}
