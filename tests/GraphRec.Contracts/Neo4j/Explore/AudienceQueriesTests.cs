using Xunit;

namespace GraphRec.Contracts.Neo4j.Explore;

/// <summary>The queries of <c>cypher/explore</c> about audiences, on graphs small enough to count by hand.</summary>
[Collection(SharedNeo4j.Tests)]
public sealed class AudienceQueriesTests(SharedNeo4j shared)
{
    [Fact, Trait("explore", "co-watched-with-reasons")]
    public async Task Co_watched_dramas_come_with_what_they_share_and_not_below_five_viewers()
    {
        var graph = await ExploreGraph.WithAsync(shared,
            """
            CREATE (a:Drama {id: 'a', title: 'A'}), (b:Drama {id: 'b', title: 'B'}), (:Drama {id: 'c', title: 'C'}), (:Drama {id: 'd', title: 'D'}),
              (:Drama {id: 'stub'}), (pat:Person {id: 'pat', name: 'Pat'}), (:Person {id: 'nobody'})-[:ACTED_IN]->(a),
              (pat)-[:ACTED_IN]->(a), (pat)-[:ACTED_IN]->(b), (pat)-[:DIRECTED]->(b), (:Person {id: 'al', name: 'Al'})-[:WROTE]->(a),
              (a)-[:HAS_GENRE]->(:Genre {name: 'Romance'})<-[:HAS_GENRE]-(b), (a)-[:TAGGED]->(:Tag {name: 'office'})<-[:TAGGED]-(b)
            """);
        await graph.WatchedAsync("a", 0.4, 1, 7);
        await graph.WatchedAsync("b", 0.1, 1, 6);
        await graph.RatedAsync("b", 6, 1, 6); // A rating says more than the share: engaged.
        await graph.WatchedAsync("b", 1, 7, 7);
        await graph.RatedAsync("b", 5.9, 7, 7); // And not engaged.
        await graph.RatedAsync("b", 10, 8, 8);
        await graph.WatchedAsync("c", 1, 1, 4);
        await graph.WatchedAsync("d", 1, 1, 5);
        await graph.WatchedAsync("d", 0.39, 6, 7);
        await graph.WatchedAsync("stub", 1, 1, 7);

        // n(a) = 7, n(b) = 6 + 1 = 7, six in common; n(d) = 5, all in common; c has four.
        await graph.ExpectAsync("co-watched-with-reasons", new { drama = "a", first = 5 },
            ["B", 6, 6 / 7.0 * 6 / 16, (string[])["Pat"], (string[])["Romance"], (string[])["office"]],
            ["D", 5, 5 / Math.Sqrt(35) * 5 / 15, (string[])[], (string[])[], (string[])[]]);
    }

    [Fact, Trait("explore", "actor-genre-bridges")]
    public async Task An_actor_bridges_two_genres_when_viewers_follow_from_one_to_the_other()
    {
        var graph = await ExploreGraph.WithAsync(shared,
            """
            CREATE (thriller:Genre {name: 'Thriller'}), (romance:Genre {name: 'Romance'}), (both:Drama {id: 'both', title: 'Both'}),
              (both)-[:HAS_GENRE]->(thriller), (both)-[:HAS_GENRE]->(romance)
            FOREACH (id IN ['t1', 't2'] | CREATE (:Drama {id: id, title: id})-[:HAS_GENRE]->(thriller))
            FOREACH (id IN ['r1', 'r2', 'r3', 'r4'] | CREATE (:Drama {id: id, title: id})-[:HAS_GENRE]->(romance))
            WITH count(*) AS made
            UNWIND [['Ann', ['t1', 't2', 'r1', 'r2', 'both']], ['Bob', ['t1', 'r1']], ['Cid', ['t1', 't2', 'r3', 'r4']]] AS cast
            CREATE (p:Person {id: cast[0], name: cast[0]})
            WITH p, cast UNWIND cast[1] AS id
            MATCH (d:Drama {id: id}) CREATE (p)-[:ACTED_IN]->(d)
            """);
        await graph.WatchedAsync("t1", 1, 1, 7);
        await graph.WatchedAsync("r1", 1, 1, 5);
        await graph.WatchedAsync("both", 1, 6, 6); // Of both genres: on neither side.
        await graph.RatedAsync("r2", 3, 7, 7);     // Seen, not liked.
        await graph.WatchedAsync("r3", 1, 1, 4);

        // Bob has one drama on each side; only four cross with Cid.
        await graph.ExpectAsync("actor-genre-bridges", new { from = "Thriller", to = "Romance", minDramas = 2, first = 5 }, ["Ann", 2, 2, 5]);
    }

    [Fact, Trait("explore", "hidden-gems")]
    public async Task A_hidden_gem_has_few_viewers_who_are_mostly_fans()
    {
        var graph = await ExploreGraph.WithAsync(shared,
            """
            CREATE (:Drama {id: 'm', title: 'M'})-[:HAS_GENRE]->(:Genre {name: 'Mystery'}),
              (:Drama {id: 'gem', title: 'Gem'}), (:Drama {id: 'hit', title: 'Hit'}), (:Drama {id: 'rare', title: 'Rare'})
            """);
        await graph.WatchedAsync("m", 1, 1, 5);
        await graph.WatchedAsync("gem", 1, 1, 6);
        await graph.WatchedAsync("hit", 1, 1, 10);
        await graph.WatchedAsync("rare", 1, 1, 4);

        // Five of ten are fans; of the gem's six, five: lift (5/6) / (1/2), and with ten usual viewers (5 + 5) / (16 / 2).
        // Nobody is a fan of M but for M itself; Hit has too many viewers, Rare fewer than five fans.
        await graph.ExpectAsync("hidden-gems", new { genre = "Mystery", fanOf = 1, maxViewers = 6, first = 5 }, ["Gem", 6, 5, 5 / 3.0, 10 / 8.0]);
    }

    [Fact, Trait("explore", "taste-communities")]
    public async Task A_drama_joins_the_hub_whose_audience_it_overlaps_most()
    {
        var graph = await ExploreGraph.WithAsync(shared,
            """
            UNWIND ['h1', 'h2', 'd1', 'd2', 'd3', 'd4'] AS id CREATE (:Drama {id: id, title: id})
            WITH count(*) AS made CREATE (x:Tag {name: 'x'}), (y:Tag {name: 'y'}), (z:Tag {name: 'z'})
            WITH x, y, z MATCH (d:Drama)
            FOREACH (t IN CASE WHEN d.id IN ['h1', 'd1', 'd4'] THEN [x, z] WHEN d.id = 'd3' THEN [z] ELSE [y, z] END | CREATE (d)-[:TAGGED]->(t))
            """);
        await graph.WatchedAsync("h1", 1, 1, 13);
        await graph.WatchedAsync("h2", 1, 14, 25);
        await graph.WatchedAsync("d1", 1, 1, 6);
        await graph.WatchedAsync("d2", 1, 1, 5);
        await graph.WatchedAsync("d2", 1, 14, 19);
        await graph.WatchedAsync("d3", 1, 1, 4);
        await graph.WatchedAsync("d4", 1, 1, 5);

        // Cosines with h1: d1 6/√78 = 0.68, d4 5/√65 = 0.62, d2 5/√143 = 0.42; with h2: d2 6/√132 = 0.52. d3 has four viewers.
        // In h1 with d1 and d4: x 3²/3, z 3²/6, and no tag has three dramas in h2 with d2.
        await graph.ExpectAsync("taste-communities", new { hubs = 2, members = 3, tags = 3 },
            ["h1", 13, 2, (string[])["d1", "d4"], (string[])["x", "z"]],
            ["h2", 12, 1, (string[])["d2"], (string[])[]]);
    }

    [Fact, Trait("explore", "liked-by-similar-viewers")]
    public async Task What_similar_viewers_liked_is_told_without_what_the_viewer_met()
    {
        var graph = await ExploreGraph.WithAsync(shared, "UNWIND ['a', 'b', 'c', 'd', 'e'] AS id CREATE (:Drama {id: id, title: id})");
        await graph.WatchedAsync("a", 1, 1, 7);
        await graph.WatchedAsync("b", 1, 1, 6);
        await graph.WatchedAsync("c", 1, 2, 7);
        await graph.WatchedAsync("d", 1, 2, 5);
        await graph.RatedAsync("e", 9, 2, 6);
        await graph.RatedAsync("e", 2, 1, 1);

        // v1 engaged with a and b. v2 to v5 with a to e: 2 of 5; v6 with all but d: 2 of 4; v7 with a and c: 1 of 3, beyond the
        // five most similar. d has four viewers, and v1 knows e.
        await graph.ExpectAsync("liked-by-similar-viewers", new { user = "v1", similar = 5, first = 5 }, ["c", 5, ((4 * 0.4) + 0.5) / 5]);
    }

    [Fact, Trait("explore", "regional-favourites")]
    public async Task A_region_s_favourites_are_what_it_likes_more_than_all_do()
    {
        var graph = await ExploreGraph.WithAsync(shared,
            """
            UNWIND range(1, 10) AS i CREATE (:User {id: 'v' + i, region: CASE WHEN i <= 5 THEN 'KR' ELSE 'US' END})
            WITH count(*) AS made UNWIND ['a', 'b', 'c'] AS id CREATE (:Drama {id: id, title: id, country: 'TH'})
            """);
        await graph.WatchedAsync("a", 1, 1, 6);
        await graph.WatchedAsync("b", 1, 1, 10);
        await graph.WatchedAsync("c", 1, 1, 4);

        // Five of five against six of ten; five of five against all; four are too few to show.
        await graph.ExpectAsync("regional-favourites", new { region = "KR", minViewers = 1, first = 5 }, ["a", "TH", 5, 10 / 6.0], ["b", "TH", 5, 1]);
    }

    [Fact, Trait("explore", "director-loyalty")]
    public async Task A_director_s_audience_is_loyal_when_it_comes_back()
    {
        var graph = await ExploreGraph.WithAsync(shared,
            """
            UNWIND ['a', 'b', 'c', 'd', 'e'] AS id CREATE (:Drama {id: id, title: id})
            WITH count(*) AS made
            UNWIND [['Pat', ['a', 'a', 'b']], ['Quinn', ['c', 'd']], ['Ray', ['e']]] AS work
            CREATE (p:Person {id: work[0], name: work[0]})
            WITH p, work UNWIND work[1] AS id
            MATCH (d:Drama {id: id}) CREATE (p)-[:DIRECTED]->(d)
            """);
        await graph.WatchedAsync("a", 1, 1, 10);
        await graph.WatchedAsync("b", 1, 1, 5);
        await graph.WatchedAsync("b", 0.2, 6, 10);
        await graph.WatchedAsync("c", 1, 1, 9);
        await graph.WatchedAsync("d", 1, 1, 4);
        await graph.WatchedAsync("e", 1, 1, 9);

        // Pat is named twice for a, which is one drama: five of ten saw both, 15 in all. Only four came back to Quinn.
        await graph.ExpectAsync("director-loyalty", new { minViewers = 5, first = 5 }, ["Pat", 2, 10, 5, 0.5, 1.5]);
    }

    [Fact, Trait("explore", "co-watched-audit")]
    public async Task Derived_edges_that_are_not_what_the_behaviour_says_are_listed()
    {
        var graph = await ExploreGraph.WithAsync(shared,
            """
            UNWIND ['a', 'b', 'c', 'd', 'e', 'f'] AS id CREATE (:Drama {id: id, title: id})
            WITH count(*) AS made
            UNWIND [['b', 6], ['c', 7], ['d', 5], ['e', 8]] AS edge
            MATCH (a:Drama {id: 'a'}), (x:Drama {id: edge[0]}) CREATE (a)-[:CO_WATCHED {count: edge[1], score: 0.5}]->(x)
            """);
        await graph.WatchedAsync("a", 1, 1, 6);
        await graph.WatchedAsync("b", 1, 1, 6);
        await graph.WatchedAsync("c", 1, 1, 5);
        await graph.WatchedAsync("d", 1, 1, 3);
        await graph.WatchedAsync("f", 1, 1, 5);

        // a-b is right. a-d has three viewers, which is not shown. f has no derived edge at all, and should have some.
        await graph.ExpectAsync("co-watched-audit", new { dramas = (string[])["a", "f"], first = 9 },
            ["a", "c", 7, 5, "other count"], ["a", "d", 5, null, "other count"], ["a", "e", 8, null, "no longer co-watched"],
            ["f", "a", null, 5, "missing"], ["f", "b", null, 5, "missing"], ["f", "c", null, 5, "missing"]);
    }
}
