// purpose: what a row of a viewer's latest page is made of: over which edge each drama came, and which of the viewer's dramas has most in common with it
// params:  {"user": "simulated-0610", "row": "TopPicks", "first": 10}
// returns: position (from 0), drama, via (null: a reason without a path), score, closest (drama the viewer engaged with), shared (people, genres and tags in common)
MATCH (page:Page {userId: $user})
WITH page ORDER BY page.position DESC LIMIT 1
MATCH (page)-[s:SHOWED {row: $row}]->(d:Drama)
OPTIONAL MATCH (u:User {id: $user})-[r:WATCHED|RATED]->(x:Drama)
WHERE x <> d AND x.title IS NOT NULL
WITH s, d, x, max(r.rating) AS rating, max(r.progress) AS progress
WITH s, d, CASE WHEN rating >= 6 OR (rating IS NULL AND progress >= 0.4) THEN x END AS x
OPTIONAL MATCH (x)-[:ACTED_IN|DIRECTED|WROTE|HAS_GENRE|TAGGED]-(m)-[:ACTED_IN|DIRECTED|WROTE|HAS_GENRE|TAGGED]-(d)
WITH DISTINCT s, d, x, m
ORDER BY m.name
WITH s, d, x, collect(m.name) AS shared
ORDER BY size(shared) DESC, x.id
WITH s, d, collect({title: x.title, shared: shared})[0] AS closest
RETURN s.position AS position, d.title AS drama, s.via AS via, s.score AS score,
       CASE WHEN size(closest.shared) > 0 THEN closest.title END AS closest, closest.shared AS shared
ORDER BY position
LIMIT $first
