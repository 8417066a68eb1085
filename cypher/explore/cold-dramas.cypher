// purpose: dramas that nobody has watched, and the people whose other viewers could be told of them; the best reachable first
// params:  {"people": 3, "first": 10}
// returns: drama, year, genres, people (theirs, the best known first), viewers (of other dramas of the best known of them)
MATCH (d:Drama)
WHERE d.title IS NOT NULL AND NOT (d)<-[:WATCHED]-()
OPTIONAL MATCH (d)<-[:ACTED_IN|DIRECTED|WROTE]-(p:Person)
WHERE p.name IS NOT NULL
WITH p, collect(DISTINCT d) AS cold
OPTIONAL MATCH (p)-[:ACTED_IN|DIRECTED|WROTE]->(:Drama)<-[:WATCHED]-(u:User)
WITH p, cold, count(DISTINCT u) AS viewers
UNWIND cold AS d
WITH d, p, viewers
ORDER BY viewers DESC, p.id
WITH d, collect(p.name)[0..$people] AS people, max(viewers) AS viewers
ORDER BY viewers DESC, d.id
LIMIT $first
OPTIONAL MATCH (d)-[:HAS_GENRE]->(g:Genre)
WITH d, people, viewers, g.name AS name ORDER BY name
WITH d, people, viewers, collect(DISTINCT name) AS genres
RETURN d.title AS drama, d.year AS year, genres, people, viewers
ORDER BY viewers DESC, d.id
