// purpose: what the catalogue lacks: stubs, nodes without their key, dramas that no edge leads to, seasons that follow themselves
// params:  {"examples": 3}
// returns: gap (only those there are), found (how many), examples (ids; none for what has no id)
MATCH (d:Drama) WHERE d.id IS NOT NULL AND d.title IS NULL
WITH d ORDER BY d.id
RETURN 'drama without a title (stub)' AS gap, count(d) AS found, collect(d.id)[0..$examples] AS examples
UNION ALL
MATCH (p:Person) WHERE p.id IS NOT NULL AND p.name IS NULL
WITH p ORDER BY p.id
RETURN 'person without a name (stub)' AS gap, count(p) AS found, collect(p.id)[0..$examples] AS examples
UNION ALL
MATCH (n:Drama) WHERE n.id IS NULL
RETURN 'drama without its id' AS gap, count(n) AS found, [] AS examples
UNION ALL
MATCH (n:Person) WHERE n.id IS NULL
RETURN 'person without its id' AS gap, count(n) AS found, [] AS examples
UNION ALL
MATCH (n:User) WHERE n.id IS NULL
RETURN 'user without its id' AS gap, count(n) AS found, [] AS examples
UNION ALL
MATCH (n:Genre) WHERE n.name IS NULL
RETURN 'genre without its name' AS gap, count(n) AS found, [] AS examples
UNION ALL
MATCH (n:Tag) WHERE n.name IS NULL
RETURN 'tag without its name' AS gap, count(n) AS found, [] AS examples
UNION ALL
MATCH (n:Network) WHERE n.name IS NULL
RETURN 'network without its name' AS gap, count(n) AS found, [] AS examples
UNION ALL
MATCH (d:Drama) WHERE d.title IS NOT NULL AND NOT (d)-[:HAS_GENRE]->()
WITH d ORDER BY d.id
RETURN 'drama without a genre' AS gap, count(d) AS found, collect(d.id)[0..$examples] AS examples
UNION ALL
MATCH (d:Drama) WHERE d.title IS NOT NULL AND NOT (d)<-[:ACTED_IN]-()
WITH d ORDER BY d.id
RETURN 'drama without an actor' AS gap, count(d) AS found, collect(d.id)[0..$examples] AS examples
UNION ALL
MATCH (d:Drama) WHERE d.title IS NOT NULL AND NOT (d)<-[:DIRECTED]-()
WITH d ORDER BY d.id
RETURN 'drama without a director' AS gap, count(d) AS found, collect(d.id)[0..$examples] AS examples
UNION ALL
MATCH (d:Drama) WHERE d.title IS NOT NULL AND d.airedFrom IS NULL AND d.year IS NULL
WITH d ORDER BY d.id
RETURN 'drama without a year' AS gap, count(d) AS found, collect(d.id)[0..$examples] AS examples
UNION ALL
MATCH (p:Person) WHERE p.name IS NOT NULL AND NOT (p)-[:ACTED_IN|DIRECTED|WROTE]->()
WITH p ORDER BY p.id
RETURN 'person without a drama' AS gap, count(p) AS found, collect(p.id)[0..$examples] AS examples
UNION ALL
MATCH (d:Drama)-[:FOLLOWS*1..10]->(d)
WITH DISTINCT d ORDER BY d.id
RETURN 'season that follows itself' AS gap, count(d) AS found, collect(d.id)[0..$examples] AS examples
