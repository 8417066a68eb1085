using Xunit;

namespace GraphRec.Contracts.Neo4j.Explore;

/// <summary>The queries of <c>cypher/explore</c> about dramas, people and tags.</summary>
[Collection(SharedNeo4j.Tests)]
public sealed class CatalogueQueriesTests(SharedNeo4j shared)
{
    [Fact, Trait("explore", "cold-dramas")]
    public async Task Cold_dramas_are_those_without_viewers_best_known_people_first()
    {
        var graph = await ExploreGraph.WithAsync(shared,
            """
            CREATE (w:Drama {id: 'w', title: 'W'}), (c1:Drama {id: 'c1', title: 'C1', year: 2020}), (c2:Drama {id: 'c2', title: 'C2'}), (:Drama {id: 'c3', title: 'C3'}), (:Drama {id: 'stub'}),
              (pat:Person {id: 'pat', name: 'Pat'}), (quinn:Person {id: 'quinn', name: 'Quinn'}), (ray:Person {id: 'ray', name: 'Ray'}),
              (pat)-[:ACTED_IN]->(w), (pat)-[:DIRECTED]->(w), (pat)-[:WROTE]->(c1), (quinn)-[:ACTED_IN]->(c1), (quinn)-[:ACTED_IN]->(c2), (ray)-[:ACTED_IN]->(c1),
              (c1)-[:HAS_GENRE]->(:Genre {name: 'Drama'}), (c1)-[:HAS_GENRE]->(:Genre {name: 'Action'})
            """);
        await graph.WatchedAsync("w", 0.1, 1, 3);

        await graph.ExpectAsync("cold-dramas", new { people = 2, first = 5 },
            ["C1", 2020, (string[])["Action", "Drama"], (string[])["Pat", "Quinn"], 3], ["C2", null, (string[])[], (string[])["Quinn"], 0], ["C3", null, (string[])[], (string[])[], 0]);
    }

    [Fact, Trait("explore", "viewer-drama-paths")]
    public async Task Paths_lead_from_what_the_viewer_did_over_the_rarest_link_first()
    {
        var graph = await ExploreGraph.WithAsync(shared,
            """
            CREATE (v:User {id: 'v1'}), (d:Drama {id: 'd', title: 'D'}), (s:Drama {id: 's', title: 'S'}), (x:Drama {id: 'x', title: 'X'}), (y:Drama {id: 'y', title: 'Y'}),
              (d)-[:FOLLOWS]->(s), (pat:Person {id: 'pat', name: 'Pat'})-[:ACTED_IN]->(x), (pat)-[:DIRECTED]->(d),
              (g:Genre {name: 'Gore'}), (x)-[:HAS_GENRE]->(g), (d)-[:HAS_GENRE]->(g), (y)-[:HAS_GENRE]->(g),
              (v)-[:WATCHED]->(x), (v)-[:RATED]->(x), (v)-[:WATCHLISTED]->(s), (v)-[:SKIPPED]->(y), (v)-[:WATCHED]->(d), (:User {id: 'v2'})-[:WATCHED]->(y)
            """);

        // The season joins D to one drama, Pat two, the genre three. Y was only skipped, and no path goes through another viewer.
        await graph.ExpectAsync("viewer-drama-paths", new { user = "v1", drama = "d", first = 5 },
            [(string[])["WATCHLISTED"], (string[])["FOLLOWS"], (string[])["S", "D"], 1],
            [(string[])["RATED", "WATCHED"], (string[])["ACTED_IN", "DIRECTED"], (string[])["X", "Pat", "D"], 2],
            [(string[])["RATED", "WATCHED"], (string[])["HAS_GENRE", "HAS_GENRE"], (string[])["X", "Gore", "D"], 3]);
    }

    [Fact, Trait("explore", "writer-director-pairs")]
    public async Task Writers_and_directors_who_meet_again_are_pairs()
    {
        var graph = await ExploreGraph.WithAsync(shared,
            """
            CREATE (a:Drama {id: 'a', title: 'A', year: 2010}), (b:Drama {id: 'b', title: 'B', year: 2001}), (c:Drama {id: 'c', title: 'C', year: 2000}), (d:Drama {id: 'd', title: 'D', year: 2001}),
              (w:Person {id: 'w', name: 'Wu'}), (p:Person {id: 'p', name: 'Pat'}), (x:Person {id: 'x', name: 'Xi'}), (y:Person {id: 'y', name: 'Yu'}), (z:Person {id: 'z', name: 'Zoe'}),
              (w)-[:WROTE]->(a), (w)-[:WROTE]->(b), (w)-[:DIRECTED]->(a), (w)-[:DIRECTED]->(b), (p)-[:DIRECTED]->(a), (p)-[:DIRECTED]->(b), (z)-[:DIRECTED]->(a),
              (x)-[:WROTE]->(c), (x)-[:WROTE]->(d), (y)-[:DIRECTED]->(c), (y)-[:DIRECTED]->(d)
            """);
        await graph.WatchedAsync("a", 1, 1, 5);
        await graph.WatchedAsync("b", 0.2, 1, 1);
        await graph.RatedAsync("a", 8, 1, 1);
        await graph.RatedAsync("b", 6, 1, 1);
        await graph.WatchedAsync("c", 1, 1, 4);

        // Wu is no pair with Wu, nor with Zoe over one drama. Five viewers began six dramas and finished five; four are too few to tell of.
        await graph.ExpectAsync("writer-director-pairs", new { minDramas = 2, first = 5 },
            ["Wu", "Pat", (string[])["B", "A"], 5, 5 / 6.0, 7], ["Xi", "Yu", (string[])["C", "D"], null, null, null]);
    }

    [Fact, Trait("explore", "tag-pairs")]
    public async Task Tags_pair_when_they_meet_more_often_than_by_chance()
    {
        var graph = await ExploreGraph.WithAsync(shared,
            """
            CREATE (x:Tag {name: 'x'}), (y:Tag {name: 'y'}), (z:Tag {name: 'z'}), (stub:Drama {id: 'stub'}), (stub)-[:TAGGED]->(x), (stub)-[:TAGGED]->(y)
            FOREACH (id IN ['d1', 'd2'] | CREATE (d:Drama {id: id, title: id}), (d)-[:TAGGED]->(x), (d)-[:TAGGED]->(x), (d)-[:TAGGED]->(y))
            CREATE (d3:Drama {id: 'd3', title: 'D3'}), (d3)-[:TAGGED]->(x), (d3)-[:TAGGED]->(z), (:Drama {id: 'd4', title: 'D4'})-[:TAGGED]->(z), (:Drama {id: 'd5', title: 'D5'})
            """);

        // Four dramas have tags: x three (an edge drawn twice is one), y two, both two, x and z one.
        await graph.ExpectAsync("tag-pairs", new { minDramas = 2, first = 5 }, ["x", "y", 2, 2 * 4 / (3 * 2.0)]);
        await graph.ExpectAsync("tag-pairs", new { minDramas = 1, first = 5 }, ["x", "y", 2, 4 / 3.0], ["x", "z", 1, 4 / 6.0]);
    }

    [Fact, Trait("explore", "catalogue-gaps")]
    public async Task What_the_catalogue_lacks_is_counted_with_examples()
    {
        var graph = await ExploreGraph.WithAsync(shared,
            """
            CREATE (good:Drama {id: 'good', title: 'Good', year: 2020})-[:HAS_GENRE]->(:Genre {name: 'Gore'}), (pat:Person {id: 'pat', name: 'Pat'})-[:ACTED_IN]->(good), (pat)-[:DIRECTED]->(good),
              (:Drama {id: 'bare', title: 'Bare'}), (:Person {id: 'stub'})-[:ACTED_IN]->(good), (:Person {id: 'idle', name: 'Idle'}), (:Genre), (:Genre),
              (s1:Drama {id: 's1'})-[:FOLLOWS]->(s2:Drama {id: 's2'}), (s2)-[:FOLLOWS]->(:Drama {id: 's3'})-[:FOLLOWS]->(s1)
            """);

        await graph.ExpectAsync("catalogue-gaps", new { examples = 2 },
            ["drama without a title (stub)", 3, (string[])["s1", "s2"]],
            ["person without a name (stub)", 1, (string[])["stub"]],
            ["genre without its name", 2, (string[])[]],
            ["drama without a genre", 1, (string[])["bare"]],
            ["drama without an actor", 1, (string[])["bare"]],
            ["drama without a director", 1, (string[])["bare"]],
            ["drama without a year", 1, (string[])["bare"]],
            ["person without a drama", 1, (string[])["idle"]],
            ["season that follows itself", 3, (string[])["s1", "s2"]]);
    }
}
