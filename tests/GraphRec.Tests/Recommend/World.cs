using System.Text.Json;
using CsCheck;
using GraphRec.Core;
using GraphRec.Graph;
using GraphRec.Recommend;
using Microsoft.Extensions.Time.Testing;

namespace GraphRec.Tests.Recommend;

/// <summary>Small graphs to recommend from, and the moment at which it is done.</summary>
internal static class World
{
    public const string Viewer = "ann";
    private const string Stranger = "stranger-";
    private static readonly string[] Genres = ["Comedy", "Crime", "Romance", "Fantasy"];
    private static readonly string[] Tags = ["slow burn", "revenge", "time travel", "chaebol", "food"];
    private static readonly string[] Countries = ["KR", "JP", "CN"];

    public static DateTimeOffset Now { get; } = new(2026, 11, 1, 12, 30, 0, TimeSpan.Zero);

    public static FakeTimeProvider Clock => new(Now);

    /// <summary>Random graphs of 4 to 16 dramas and 3 to 24 viewers; <see cref="Viewer"/> likes some and dislikes some.</summary>
    public static Gen<GraphExport> Graphs { get; } = Gen.Int[0, 1_000_000].Select(seed => Random(seed, 16, 24));

    /// <summary>Random graphs of up to 60 dramas and 120 viewers, so that pages have several rows and co-watch enough viewers.</summary>
    public static Gen<GraphExport> Towns { get; } = Gen.Int[0, 1_000_000].Select(seed => Random(seed, 60, 120));

    public static Drama Drama(string id) => new() { Id = id, Title = $"Title of {id}", Year = 2020 };

    public static BehaviourEdge Edge(EdgeType type, string drama, double value = 1, double daysAgo = 0, int times = 1, string user = Viewer) =>
        new(user, type, NodeRef.Drama(drama), value, Now.AddDays(-daysAgo), Now.AddDays(-daysAgo), times);

    public static BehaviourEdge Mute(NodeKind kind, string id) => new(Viewer, EdgeType.Muted, new NodeRef(kind, id), 1, Now, Now, 1);

    public static GraphExport Export(IEnumerable<Drama> dramas, IEnumerable<Credit>? credits = null, IEnumerable<BehaviourEdge>? behaviour = null)
    {
        var list = credits?.ToArray() ?? [];
        var people = list.Select(c => c.PersonId).Distinct().Select(p => new Person(p, $"Name of {p}"));
        return new GraphExport(new GraphVersion(1, 1), [.. dramas.OrderBy(d => d.Id, StringComparer.Ordinal)], [.. people], list, [.. behaviour ?? []]);
    }

    public static GraphSnapshot Snapshot(GraphExport export) => new(export, 1);

    /// <summary>The viewer as the graph's own behaviour edges show them.</summary>
    public static UserContext Context(GraphSnapshot snapshot, GraphExport export, Recipe? recipe = null, string? region = null) =>
        Context(snapshot, recipe, region, [.. export.Behaviour.Where(b => b.UserId == Viewer)]);

    public static UserContext Context(GraphSnapshot snapshot, Recipe? recipe, string? region, params BehaviourEdge[] edges) =>
        new(Viewer, UserHistory.Of(edges), snapshot, recipe ?? Recipe.Default, new RequestContext(Region: region), Now);

    public static int Index(this GraphSnapshot snapshot, string drama) => snapshot.Graph.Nodes(NodeKind.Drama).Find(drama);

    public static string Print(object page) => JsonSerializer.Serialize(page);

    public static GraphExport Random(int seed, int maxDramas, int maxViewers)
    {
        var random = new Random(seed);
        var dramas = Enumerable.Range(0, random.Next(4, maxDramas + 1)).Select(i => RandomDrama(random, i)).ToArray();
        var credits = dramas.SelectMany(d => Enumerable.Range(0, random.Next(4))
            .Select(i => new Credit(d.Id, $"person-{random.Next(8)}", (CreditRole)random.Next(3), i + 1, i == 0 ? "Kim Shin" : null, i == 1 ? "main" : null)))
            .DistinctBy(c => (c.DramaId, c.PersonId, c.Role)).ToArray();
        var users = Enumerable.Range(0, random.Next(3, maxViewers + 1)).Select(i => $"{Stranger}{i}").Append(Viewer).ToArray();
        var behaviour = users.SelectMany(u => Enumerable.Range(0, random.Next(1, 3 + (dramas.Length / 2))).Select(_ => RandomEdge(random, u, dramas)))
            .DistinctBy(b => (b.UserId, b.Key)).ToArray();
        return Export(dramas, credits, behaviour) with
        {
            Regions = users.Where(_ => random.Next(2) == 0).ToDictionary(u => u, _ => Countries[random.Next(2)]),
        };
    }

    /// <summary>Whether a text names a viewer who is not the one asked for.</summary>
    public static bool NamesAStranger(string text) => text.Contains(Stranger, StringComparison.Ordinal);

    private static Drama RandomDrama(Random random, int i) => new()
    {
        Id = $"d{i:00}",
        Title = $"Drama {i}",
        Year = random.Next(10) == 0 ? null : 2012 + random.Next(15),
        Country = random.Next(10) == 0 ? null : Countries[random.Next(3)],
        Genres = [.. Genres.Where(_ => random.Next(3) == 0)],
        Tags = [.. Tags.Where(_ => random.Next(3) == 0)],
        Follows = i > 0 && random.Next(6) == 0 ? $"d{random.Next(i):00}" : null,
        Regions = random.Next(8) == 0 ? ["KR"] : [],
        Priority = random.Next(8) == 0 ? 0.5 : 0,
    };

    private static BehaviourEdge RandomEdge(Random random, string user, Drama[] dramas)
    {
        var type = (EdgeType)((int)EdgeType.Watched + random.Next(6));
        var value = type switch { EdgeType.Watched => random.Next(1001) / 1000.0, EdgeType.Rated => 1 + random.Next(10), EdgeType.Reviewed => random.Next(11), _ => 1 };
        // Popular dramas first, so that some are watched by many.
        var drama = dramas[(int)(dramas.Length * Math.Pow(random.NextDouble(), 2))].Id;
        return Edge(type, drama, value, Math.Round(random.NextDouble() * 400, 2), 1 + random.Next(4), user);
    }
}
