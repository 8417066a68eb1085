using GraphRec.Core;
using Xunit;

namespace GraphRec.Contracts;

/// <summary>
/// What every engine that answers <see cref="IGraphQueries"/> must answer, on literal graphs. An engine is one subclass.
/// Scores are compared to 1e-9.
/// </summary>
public abstract class GraphQueriesContract
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Four viewers of five dramas; drama ids sort as their letters.</summary>
    private static readonly GraphExport Dramas = Export(
        [
            Drama("a") with { Genres = ["Romance"], Tags = ["chef"], Networks = ["tvN"] },
            Drama("b") with { Genres = ["Romance", "Crime"], Tags = ["chef"], Follows = "a" },
            Drama("c") with { Genres = ["Crime"], Networks = ["tvN"] },
            Drama("d") with { Follows = "b" },
            Drama("e"),
        ],
        [
            new("a", "gong", CreditRole.Actor, 1), new("b", "gong", CreditRole.Actor, 1), new("b", "gong", CreditRole.Writer, 1),
            new("a", "lee", CreditRole.Director, 1), new("c", "lee", CreditRole.Actor, 1), new("b", "lee", CreditRole.Actor, 2),
            new("e", "solo", CreditRole.Actor, 1), new("e", "solo", CreditRole.Director, 1),
        ],
        [
            // Engaged: u1 {a, b}; u2 {a, b, c}; u3 {a, c, d}; u4 {b}.
            Watched("u1", "a", 1, 0), Watched("u1", "b", .4, 60), Watched("u1", "c", .399, 0),
            Watched("u2", "a", .1, 120), Rated("u2", "a", 6), Rated("u2", "b", 10), Watched("u2", "c", 1, 24 * 60),
            Watched("u3", "a", 1, 48 * 60), Watched("u3", "c", .5, 72 * 60), Rated("u3", "d", 7), Watched("u3", "b", 1, 96 * 60), Rated("u3", "b", 5.999),
            Watched("u4", "b", .9, -5),
        ]);

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>The engine, holding exactly this graph.</summary>
    protected abstract Task<IGraphQueries> OpenAsync(GraphExport export);

    [Fact]
    public async Task Co_watched_counts_engaged_viewers_and_ties_go_by_id()
    {
        var q = await OpenAsync(Dramas);
        // n(a) = 3, n(b) = 3, n(c) = 2, n(d) = 1.
        Same(
            [("c", 2, 2 / Math.Sqrt(6) * 2 / 12), ("b", 2, 2 / 3.0 * 2 / 12), ("d", 1, 1 / Math.Sqrt(3) / 11)],
            await q.CoWatchedAsync("a", 1, 10, Cancel));
        Same([("c", 2, 2 / Math.Sqrt(6) * 2 / 12), ("b", 2, 2 / 3.0 * 2 / 12)], await q.CoWatchedAsync("a", 2, 10, Cancel));
        Same([("c", 2, 2 / Math.Sqrt(6) * 2 / 12)], await q.CoWatchedAsync("a", 1, 1, Cancel));
        Assert.Empty(await q.CoWatchedAsync("a", 3, 10, Cancel));
        Assert.Empty(await q.CoWatchedAsync("e", 1, 10, Cancel));
        Assert.Empty(await q.CoWatchedAsync("unknown", 1, 10, Cancel));
        Assert.Empty(await q.CoWatchedAsync("a", 1, 0, Cancel));
    }

    [Fact]
    public async Task Equal_scores_are_ordered_by_id_ordinal()
    {
        string[] ids = ["b", "a", "B", "é", "a-"];
        var q = await OpenAsync(Export([Drama("seed"), .. ids.Select(Drama)], [], [Watched("u", "seed", 1, 0), .. ids.Select(id => Watched("u", id, 1, 0))]));
        string[] order = ["B", "a", "a-", "b", "é"];
        Assert.Equal(order, (await q.CoWatchedAsync("seed", 1, 9, Cancel)).Select(d => d.DramaId));
        Assert.Equal(order, (await q.WalkedToAsync(["seed"], 9, Cancel)).Select(d => d.DramaId));
        Assert.Equal([.. order[..4], "seed", order[4]], (await q.TrendingAsync(Noon, Noon, TimeSpan.FromDays(1), 9, Cancel)).Select(d => d.DramaId));
    }

    [Fact]
    public async Task Walked_to_is_the_three_hop_walk_from_all_seeds()
    {
        var q = await OpenAsync(Dramas);
        // From a: a third to each of u1 (2 dramas), u2 (3) and u3 (3).
        Same([("b", (1 / 2.0 + 1 / 3.0) / 3), ("c", 2 / 9.0), ("d", 1 / 9.0)], await q.WalkedToAsync(["a"], 10, Cancel));
        // From a and c, half of each: b = ½(5/18) + ½·½·⅓; d = ½(1/9) + ½·½·⅓.
        Same([("b", 5 / 36.0 + 1 / 12.0), ("d", 1 / 18.0 + 1 / 12.0)], await q.WalkedToAsync(["c", "a"], 10, Cancel));
        Same([("b", 5 / 36.0 + 1 / 12.0)], await q.WalkedToAsync(["a", "c"], 1, Cancel));
    }

    [Fact]
    public async Task A_repeated_seed_is_one_seed_and_an_unknown_one_keeps_its_weight()
    {
        var q = await OpenAsync(Dramas);
        Same([("a", 1 / 3.0), ("c", 1 / 3.0)], await q.WalkedToAsync(["d"], 10, Cancel));
        Same([("a", 1 / 3.0), ("c", 1 / 3.0)], await q.WalkedToAsync(["d", "d"], 10, Cancel));
        Same([("a", 1 / 6.0), ("c", 1 / 6.0)], await q.WalkedToAsync(["d", "unknown"], 10, Cancel));
        Assert.Empty(await q.WalkedToAsync(["unknown"], 10, Cancel));
        Assert.Empty(await q.WalkedToAsync([], 10, Cancel));
        Assert.Empty(await q.WalkedToAsync(["e"], 10, Cancel));
    }

    [Fact]
    public async Task Sharing_people_counts_people_and_not_credits()
    {
        var q = await OpenAsync(Dramas);
        var shared = await q.SharingPeopleAsync("a", 10, Cancel);
        Assert.Equal([("b", 2), ("c", 1)], shared.Select(s => (s.DramaId, s.Shared)));
        Assert.Equal(["gong", "lee"], shared[0].PersonIds);
        Assert.Equal(["lee"], shared[1].PersonIds);
        Assert.Equal([("a", 1), ("b", 1)], (await q.SharingPeopleAsync("c", 10, Cancel)).Select(s => (s.DramaId, s.Shared)));
        Assert.Single(await q.SharingPeopleAsync("c", 1, Cancel));
        Assert.Empty(await q.SharingPeopleAsync("e", 10, Cancel));
        Assert.Empty(await q.SharingPeopleAsync("unknown", 10, Cancel));
    }

    [Fact]
    public async Task Trending_decays_watches_within_the_window()
    {
        var q = await OpenAsync(Dramas);
        var day = TimeSpan.FromDays(1);
        // In hours before `now` = noon + 96: b 0 (u3) and 95 (u1); a 48 (u3), 94 (u2), 96 (u1); c 24, 72 and 96.
        Same(
            [
                ("b", 1 + Decay(95)), ("c", Decay(24) + Decay(72) + Decay(96)), ("a", Decay(48) + Decay(94) + Decay(96)),
            ],
            await q.TrendingAsync(Noon, Noon + 4 * day, day, 10, Cancel));
        Same([("c", 1)], await q.TrendingAsync(Noon + 3 * day, Noon + 3 * day, day, 10, Cancel));
        Same([("b", 1)], await q.TrendingAsync(Noon + day * 3.5, Noon + 4 * day, day, 1, Cancel));
        Assert.Empty(await q.TrendingAsync(Noon + 5 * day, Noon + 6 * day, day, 10, Cancel));
    }

    [Fact]
    public async Task History_is_every_edge_exactly_newest_first()
    {
        BehaviourEdge[] edges =
        [
            new("u", EdgeType.Watched, NodeRef.Drama("b"), .123, Noon.AddSeconds(-1.5), Noon.AddMilliseconds(1), 3),
            new("u", EdgeType.Watched, NodeRef.Drama("a"), 1, Noon.AddDays(-9), Noon, 2),
            new("u", EdgeType.Rated, NodeRef.Drama("a"), 7.5, Noon, Noon, 1),
            new("u", EdgeType.Reviewed, NodeRef.Drama("a"), 0, Noon, Noon, 1),
            new("u", EdgeType.Muted, new NodeRef(NodeKind.Person, "gong"), 1, Noon, Noon, 1),
            new("u", EdgeType.Muted, new NodeRef(NodeKind.Genre, "Crime"), 1, Noon, Noon, 1),
            new("u", EdgeType.Skipped, NodeRef.Drama("c"), 1, Noon.AddHours(-1), Noon.AddHours(-1), 1),
        ];
        var q = await OpenAsync(Dramas with { Behaviour = [.. edges.Reverse(), Watched("other", "a", 1, 0)] });
        // Of the same time: by type, then by target id.
        BehaviourEdge[] expected = [edges[0], edges[1], edges[2], edges[3], edges[5], edges[4], edges[6]];
        Assert.Equal(expected, await q.HistoryAsync("u", Cancel));
        Assert.Empty(await q.HistoryAsync("unknown", Cancel));
    }

    [Fact]
    public async Task Paths_are_all_the_simple_ones_shortest_first_then_by_ids()
    {
        var q = await OpenAsync(Dramas);
        Assert.Equal(
            [
                "u4 -Watched-> b <-Follows- d",
            ],
            await Paths(q, "u4", "d", 2, 10));
        Assert.Equal(
            [
                "u4 -Watched-> b -Follows-> a",
                "u4 -Watched-> b -HasGenre-> Romance <-HasGenre- a",
                "u4 -Watched-> b -Tagged-> chef <-Tagged- a",
                "u4 -Watched-> b <-ActedIn- gong -ActedIn-> a",
                "u4 -Watched-> b <-Wrote- gong -ActedIn-> a",
                "u4 -Watched-> b <-ActedIn- lee -Directed-> a",
            ],
            await Paths(q, "u4", "a", 4, 20));
        Assert.Equal(
            [
                "u4 -Watched-> b -HasGenre-> Crime <-HasGenre- c",
                "u4 -Watched-> b <-ActedIn- lee -ActedIn-> c",
                "u4 -Watched-> b -Follows-> a <-Directed- lee -ActedIn-> c",
                "u4 -Watched-> b -Follows-> a -AiredOn-> tvN <-AiredOn- c",
            ],
            await Paths(q, "u4", "c", 4, 20));
        Assert.Equal(["u4 -Watched-> b -Follows-> a", "u4 -Watched-> b -HasGenre-> Romance <-HasGenre- a"], await Paths(q, "u4", "a", 4, 2));
    }

    [Fact]
    public async Task Paths_start_over_every_edge_that_says_interest_and_no_other()
    {
        EdgeType[] all = [.. Enumerable.Range((int)EdgeType.Watched, 7).Select(t => (EdgeType)t)];
        var q = await OpenAsync(Dramas with { Behaviour = [.. all.Select(t => new BehaviourEdge("u", t, NodeRef.Drama("a"), 1, Noon, Noon, 1))] });
        Assert.Equal(["u -Watched-> a", "u -Rated-> a", "u -Watchlisted-> a"], await Paths(q, "u", "a", 2, 10));
        Assert.Equal(
            ["u -Watched-> a <-Follows- b", "u -Rated-> a <-Follows- b", "u -Watchlisted-> a <-Follows- b"], await Paths(q, "u", "b", 2, 10));
    }

    [Fact]
    public async Task A_path_names_its_nodes_and_gives_edges_in_their_own_direction()
    {
        var q = await OpenAsync(Dramas);
        var path = (await q.PathsAsync("u4", "a", 3, 10, Cancel)).Single(p => p.Edges[1].Type == EdgeType.Wrote);
        Assert.Equal(0, path.Share);
        Assert.Equal(["u4", "Title of b", "Name of gong", "Title of a"], path.Nodes.Select(n => n.Label));
        Assert.Equal(new PathEdge(EdgeType.Wrote, new NodeRef(NodeKind.Person, "gong"), NodeRef.Drama("b"), null), path.Edges[1]);
        Assert.Equal(new PathEdge(EdgeType.ActedIn, new NodeRef(NodeKind.Person, "gong"), NodeRef.Drama("a"), null), path.Edges[2]);
    }

    [Fact]
    public async Task No_path_is_an_empty_answer()
    {
        var q = await OpenAsync(Dramas);
        Assert.Empty(await q.PathsAsync("u4", "e", 4, 10, Cancel));
        Assert.Empty(await q.PathsAsync("u4", "unknown", 4, 10, Cancel));
        Assert.Empty(await q.PathsAsync("unknown", "a", 4, 10, Cancel));
        Assert.Empty(await q.PathsAsync("u4", "a", 4, 0, Cancel));
    }

    [Fact]
    public async Task Arguments_out_of_range_are_refused()
    {
        var q = await OpenAsync(Dramas);
        await Assert.ThrowsAnyAsync<ArgumentException>(() => q.PathsAsync("u4", "a", 1, 10, Cancel));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => q.PathsAsync("u4", "a", 5, 10, Cancel));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => q.PathsAsync("u4", "a", 2, -1, Cancel));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => q.CoWatchedAsync("a", 0, 10, Cancel));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => q.CoWatchedAsync("a", 1, -1, Cancel));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => q.WalkedToAsync(["a"], -1, Cancel));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => q.SharingPeopleAsync("a", -1, Cancel));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => q.TrendingAsync(Noon, Noon, TimeSpan.Zero, 10, Cancel));
    }

    private static double Decay(double hours) => Math.Pow(2, -hours / 24);

    private static async Task<string[]> Paths(IGraphQueries q, string user, string drama, int maxHops, int first) =>
        [.. (await q.PathsAsync(user, drama, maxHops, first, Cancel)).Select(Text)];

    private static string Text(GraphPath path)
    {
        var text = path.Nodes[0].Node.Id;
        for (var i = 0; i < path.Edges.Count; i++)
        {
            var (edge, next) = (path.Edges[i], path.Nodes[i + 1].Node);
            text += edge.To == next ? $" -{edge.Type}-> {next.Id}" : $" <-{edge.Type}- {next.Id}";
        }
        return text;
    }

    private static void Same((string Id, double Score)[] expected, IReadOnlyList<ScoredDrama> actual)
    {
        Assert.Equal(expected.Select(e => e.Id), actual.Select(a => a.DramaId));
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i].Score, actual[i].Score, 1e-9);
    }

    private static void Same((string Id, int Count, double Score)[] expected, IReadOnlyList<CoWatchedDrama> actual)
    {
        Assert.Equal(expected.Select(e => (e.Id, e.Count)), actual.Select(a => (a.DramaId, a.Count)));
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i].Score, actual[i].Score, 1e-9);
    }

    private static Drama Drama(string id) => new() { Id = id, Title = $"Title of {id}" };

    private static BehaviourEdge Watched(string user, string drama, double share, int minutes) =>
        new(user, EdgeType.Watched, NodeRef.Drama(drama), share, Noon.AddMinutes(minutes), Noon.AddMinutes(minutes), 1);

    private static BehaviourEdge Rated(string user, string drama, double rating) =>
        new(user, EdgeType.Rated, NodeRef.Drama(drama), rating, Noon, Noon, 1);

    private static GraphExport Export(Drama[] dramas, Credit[] credits, BehaviourEdge[] behaviour) => new(
        new GraphVersion(1, 1), [.. dramas.OrderBy(d => d.Id, StringComparer.Ordinal)],
        [.. credits.Select(c => c.PersonId).Distinct().Order(StringComparer.Ordinal).Select(p => new Person(p, $"Name of {p}"))], credits, behaviour);
}
