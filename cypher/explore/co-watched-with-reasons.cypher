// purpose: which dramas share their viewers with a drama, and what else the two share: people, genres and tags
// params:  {"drama": "the-glory-2022", "first": 10}
// returns: drama, viewers (engaged with both; at least 5), score (shrunk cosine of the audiences), people, genres, tags
MATCH (a:Drama {id: $drama})<-[r:WATCHED|RATED]-(u:User)
WITH a, u, max(r.rating) AS rating, max(r.progress) AS progress
WHERE rating >= 6 OR (rating IS NULL AND progress >= 0.4)
WITH a, collect(u) AS audience
UNWIND audience AS u
MATCH (u)-[r:WATCHED|RATED]->(b:Drama)
WHERE b <> a AND b.title IS NOT NULL
WITH a, size(audience) AS ofA, b, u, max(r.rating) AS rating, max(r.progress) AS progress
WHERE rating >= 6 OR (rating IS NULL AND progress >= 0.4)
WITH a, ofA, b, count(*) AS viewers
WHERE viewers >= 5
MATCH (b)<-[r:WATCHED|RATED]-(v:User)
WITH a, ofA, b, viewers, v, max(r.rating) AS rating, max(r.progress) AS progress
WHERE rating >= 6 OR (rating IS NULL AND progress >= 0.4)
WITH a, ofA, b, viewers, count(*) AS ofB
WITH a, b, viewers, viewers / sqrt(1.0 * ofA * ofB) * viewers / (viewers + 10.0) AS score
ORDER BY score DESC, b.id
LIMIT $first
OPTIONAL MATCH (a)<-[:ACTED_IN|DIRECTED|WROTE]-(p:Person)-[:ACTED_IN|DIRECTED|WROTE]->(b)
WITH a, b, viewers, score, p.name AS name ORDER BY name
WITH a, b, viewers, score, collect(DISTINCT name) AS people
OPTIONAL MATCH (a)-[:HAS_GENRE]->(g:Genre)<-[:HAS_GENRE]-(b)
WITH a, b, viewers, score, people, g.name AS name ORDER BY name
WITH a, b, viewers, score, people, collect(DISTINCT name) AS genres
OPTIONAL MATCH (a)-[:TAGGED]->(t:Tag)<-[:TAGGED]-(b)
WITH b, viewers, score, people, genres, t.name AS name ORDER BY name
WITH b, viewers, score, people, genres, collect(DISTINCT name) AS tags
RETURN b.title AS drama, viewers, score, people, genres, tags
ORDER BY score DESC, b.id
