using Xunit;

namespace GraphRec.Contracts.Neo4j.Explore;

/// <summary>The queries of <c>cypher/explore</c> about what viewers do, and what they were shown.</summary>
[Collection(SharedNeo4j.Tests)]
public sealed class BehaviourQueriesTests(SharedNeo4j shared)
{
    private const long Hour = 3_600_000, Day = 24 * Hour;

    [Fact, Trait("explore", "season-drop-off")]
    public async Task Seasons_lose_viewers_from_one_to_the_next()
    {
        var graph = await ExploreGraph.WithAsync(shared,
            """
            UNWIND ['s', 't', 'u'] AS s CREATE (:Drama {id: s + 2, title: s + 2})-[:FOLLOWS]->(:Drama {id: s + 1, title: s + 1})
            """);
        await graph.WatchedAsync("s1", 0.9, 1, 6);
        await graph.WatchedAsync("s1", 0.5, 7, 10);
        await graph.WatchedAsync("s2", 1, 1, 5);
        await graph.WatchedAsync("s2", 1, 11, 11); // Never began the first.
        await graph.WatchedAsync("t1", 1, 1, 10);
        await graph.WatchedAsync("t2", 1, 1, 4);
        await graph.WatchedAsync("u1", 1, 1, 8);
        await graph.WatchedAsync("u2", 1, 1, 4);
        await graph.WatchedAsync("u2", 0.1, 5, 6);

        // Four went on with t, which is not shown; and four finished both of u, which is not shown either.
        await graph.ExpectAsync("season-drop-off", new { minViewers = 8, first = 5 },
            ["s1", "s2", 10, 6, 5, 0.5, 5], ["u1", "u2", 8, 8, 6, 0.75, null]);
    }

    [Fact, Trait("explore", "rating-completion-gap")]
    public async Task The_gap_compares_ratings_and_finishing_in_standard_scores()
    {
        var graph = await ExploreGraph.WithAsync(shared, "UNWIND ['a', 'b', 'c'] AS id CREATE (:Drama {id: id, title: id})");
        await graph.RatedAsync("a", 10, 1, 1);
        await graph.RatedAsync("a", 8, 2, 2);
        await graph.WatchedAsync("a", 0.9, 1, 1);
        await graph.WatchedAsync("a", 0.89, 2, 4);
        await graph.RatedAsync("b", 5, 1, 2);
        await graph.WatchedAsync("b", 1, 1, 3);
        await graph.WatchedAsync("b", 0, 4, 4);
        await graph.RatedAsync("c", 1, 1, 1);

        // Means 9 and 5: one spread of 2 above and below 7. Shares 1/4 and 3/4: one spread of 1/4 below and above 1/2. c has one rating.
        await graph.ExpectAsync("rating-completion-gap", new { minRatings = 2, first = 5 }, ["a", 2, 9, 4, 0.25, 2], ["b", 2, 5, 4, 0.75, -2]);
    }

    [Fact, Trait("explore", "trending")]
    public async Task Trending_halves_the_weight_of_a_watch_every_half_life()
    {
        var graph = await ExploreGraph.WithAsync(shared,
            """
            UNWIND ['a', 'b', 'c', 'd'] AS id CREATE (:Drama {id: id, title: id})
            WITH count(*) AS made UNWIND range(1, 5) AS i CREATE (:User {id: 'v' + i, region: CASE WHEN i <= 3 THEN 'KR' ELSE 'BR' END})
            """);
        await graph.WatchedAsync("a", 0.1, 0, 100 * Day, 2, 1, 5);
        await graph.WatchedAsync("b", 1, 97 * Day, 97 * Day, 1, 1, 6);
        await graph.WatchedAsync("c", 1, 100 * Day, 100 * Day, 1, 1, 4);
        await graph.WatchedAsync("d", 1, 85 * Day, 85 * Day, 1, 1, 5);

        // v6's region is not known. c has four viewers, d none in the last two weeks.
        await graph.ExpectAsync("trending", new { now = 100 * Day, days = 14, halfLifeDays = 3, first = 5 },
            ["a", 5, 5, (string[])["KR", "BR"]], ["b", 6, 3, (string[])["KR", "BR"]]);
    }

    [Fact, Trait("explore", "binges")]
    public async Task A_binge_ends_soon_after_it_began()
    {
        var graph = await ExploreGraph.WithAsync(shared,
            "CREATE (:Drama {id: 'long', title: 'Long', episodes: 10}), (:Drama {id: 'short', title: 'Short', episodes: 4}), (:Drama {id: 'unknown', title: 'Unknown'})");
        await graph.WatchedAsync("long", 1, 0, 2 * Hour, 2, 1, 3);
        await graph.WatchedAsync("long", 0.9, 0, 100 * Hour, 3, 4, 5);
        await graph.WatchedAsync("long", 1, 0, 0, 1, 6, 6);        // One report says nothing about the pace.
        await graph.WatchedAsync("long", 0.8, 0, 1 * Hour, 2, 7, 7); // Not finished.
        await graph.WatchedAsync("short", 1, 0, 2 * Hour, 2, 1, 5);
        await graph.WatchedAsync("unknown", 1, 0, 2 * Hour, 2, 1, 5);

        await graph.ExpectAsync("binges", new { hours = 48, minEpisodes = 8, minViewers = 5, first = 5 }, ["Long", 10, 5, 3, 0.6, 2]);
    }

    [Fact, Trait("explore", "watchlist-waiting")]
    public async Task What_is_listed_and_not_started_waits()
    {
        var graph = await ExploreGraph.WithAsync(shared,
            """
            UNWIND ['a', 'b'] AS id CREATE (d:Drama {id: id, title: id})
            WITH d UNWIND range(1, 6) AS i MERGE (u:User {id: 'v' + i}) CREATE (u)-[:WATCHLISTED {firstAt: i * 86400000, lastAt: i * 86400000, times: 1}]->(d)
            """);
        await graph.WatchedAsync("a", 0.1, 6, 6);
        await graph.WatchedAsync("b", 0.1, 5, 6);

        // v1 to v5 wait for a since days 1 to 5, on day 10: 9, 8, 7, 6 and 5 days. Four wait for b.
        await graph.ExpectAsync("watchlist-waiting", new { now = 10 * Day, minViewers = 6, first = 5 }, ["a", 6, 5, 5 / 6.0, 7]);
    }

    [Fact, Trait("explore", "mute-effects")]
    public async Task A_mute_hides_what_no_other_mute_hides_and_what_others_hide_too()
    {
        var graph = await ExploreGraph.WithAsync(shared,
            """
            CREATE (v:User {id: 'v1'}), (w:User {id: 'v2'}), (a:Drama {id: 'a', title: 'A'}), (b:Drama {id: 'b', title: 'B'}), (c:Drama {id: 'c', title: 'C'}),
              (pat:Person:Actor {id: 'pat', name: 'Pat'}), (g:Genre {name: 'Gore'}), (t:Tag {name: 'twins'}), (stub:Drama {id: 'stub'}),
              (pat)-[:ACTED_IN]->(a), (pat)-[:DIRECTED]->(a), (pat)-[:WROTE]->(b), (b)-[:HAS_GENRE]->(g), (c)-[:HAS_GENRE]->(g), (stub)-[:HAS_GENRE]->(g), (c)-[:TAGGED]->(t),
              (v)-[:MUTED]->(a), (v)-[:MUTED]->(pat), (v)-[:MUTED]->(g), (w)-[:MUTED]->(t), (v)-[:WATCHLISTED]->(c), (w)-[:WATCHLISTED]->(b)
            """);

        // Pat is in a and b: a is muted itself, b by its genre. The genre is in b and c: c by nothing else (the tag is another viewer's mute).
        await graph.ExpectAsync("mute-effects", new { user = "v1", examples = 2 },
            ["Genre Gore", 2, 1, 1, (string[])["C"]], ["Person Pat", 2, 0, 0, (string[])[]], ["Drama A", 1, 0, 0, (string[])[]]);
    }

    [Fact, Trait("explore", "row-ingredients")]
    public async Task A_row_is_told_with_what_each_drama_shares_with_the_viewer_s_own()
    {
        var graph = await ExploreGraph.WithAsync(shared,
            """
            CREATE (old:Page {id: 'old', position: 1, userId: 'v1'}), (new:Page {id: 'new', position: 2, userId: 'v1'}), (other:Page {id: 'other', position: 3, userId: 'v2'}),
              (d:Drama {id: 'd', title: 'D'}), (e:Drama {id: 'e', title: 'E'}), (x:Drama {id: 'x', title: 'X'}), (y:Drama {id: 'y', title: 'Y'}), (z:Drama {id: 'z', title: 'Z'}),
              (new)-[:SHOWED {item: 0, row: 'TopPicks', position: 0, score: 0.9, via: 'ACTED_IN'}]->(d), (new)-[:SHOWED {item: 1, row: 'TopPicks', position: 1, score: 0.5}]->(e),
              (new)-[:SHOWED {item: 2, row: 'Trending', position: 0, score: 0.4}]->(y), (old)-[:SHOWED {item: 0, row: 'TopPicks', position: 0, score: 0.9}]->(z),
              (other)-[:SHOWED {item: 0, row: 'TopPicks', position: 0, score: 0.9}]->(z),
              (pat:Person {id: 'pat', name: 'Pat'}), (g:Genre {name: 'Gore'}), (t:Tag {name: 'twins'}), (pat)-[:ACTED_IN]->(d), (d)-[:HAS_GENRE]->(g), (d)-[:TAGGED]->(t),
              (pat)-[:ACTED_IN]->(x), (pat)-[:WROTE]->(x), (x)-[:HAS_GENRE]->(g), (y)-[:HAS_GENRE]->(g), (pat)-[:WROTE]->(z), (z)-[:HAS_GENRE]->(g), (z)-[:TAGGED]->(t)
            """);
        await graph.WatchedAsync("x", 0.5, 1, 1);
        await graph.RatedAsync("y", 7, 1, 1);
        await graph.WatchedAsync("z", 0.1, 1, 1); // Shares most with d, but was not liked.

        await graph.ExpectAsync("row-ingredients", new { user = "v1", row = "TopPicks", first = 5 },
            [0, "D", "ACTED_IN", 0.9, "X", (string[])["Gore", "Pat"]], [1, "E", null, 0.5, null, (string[])[]]);
    }

    [Fact, Trait("explore", "impressions-by-edge")]
    public async Task Impressions_are_joined_with_what_their_viewer_did_about_them()
    {
        var graph = await ExploreGraph.WithAsync(shared,
            """
            CREATE (p:Page {id: 'p', position: 2, userId: 'v1', at: 1000}), (old:Page {id: 'old', position: 1, userId: 'v1', at: 10}),
              (a:Drama {id: 'a', title: 'A'}), (b:Drama {id: 'b', title: 'B'}), (c:Drama {id: 'c', title: 'C'}),
              (p)-[:SHOWED {item: 0, via: 'CO_WATCHED'}]->(a), (p)-[:SHOWED {item: 1, via: 'CO_WATCHED'}]->(b), (p)-[:SHOWED {item: 2}]->(c), (old)-[:SHOWED {item: 0, via: 'CO_WATCHED'}]->(a)
            WITH 1 AS made
            UNWIND [['v1', 'CLICK', 'a', null, 'p-0'], ['v1', 'WATCH', 'a', 0.5, 'p-0'], ['v1', 'WATCH', 'a', 0.95, 'p-0'], ['v1', 'RATE', 'a', 8.0, 'p-0'],
              ['v2', 'WATCH', 'b', null, 'p-1'], ['v1', 'WATCH', 'a', 1.0, 'p-1'], ['v1', 'CLICK', 'c', null, 'p-2'], ['v1', 'WATCH', 'a', 1.0, 'old-0'], ['v1', 'CLICK', 'b', null, null]] AS e
            CREATE (:Event {userId: e[0], kind: e[1], targetKind: 'Drama', targetId: e[2], value: e[3], attributionId: e[4]})
            """);

        // Of p-1, one event is another viewer's and one is about another drama: neither counts. The old page is before the time asked for.
        await graph.ExpectAsync("impressions-by-edge", new { since = 1000 },
            ["CO_WATCHED", 2, 1, 1, 1, 0.5, 8], ["no path", 1, 1, 0, 0, 0, null]);
    }
}
