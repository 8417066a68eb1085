// purpose: to support one viewer: what viewers like this one (by the Jaccard index of what both engaged with) engaged with and this one has not met; names nobody else
// params:  {"user": "simulated-0610", "similar": 50, "first": 10}
// returns: drama, viewers (of the most similar ones; at least 5), similarity (mean Jaccard index of these viewers with this one)
MATCH (me:User {id: $user})-[r:WATCHED|RATED]->(d:Drama)
WHERE d.title IS NOT NULL
WITH me, d, max(r.rating) AS rating, max(r.progress) AS progress
WHERE rating >= 6 OR (rating IS NULL AND progress >= 0.4)
WITH me, collect(d) AS mine
UNWIND mine AS d
MATCH (d)<-[r:WATCHED|RATED]-(u:User)
WHERE u <> me
WITH me, size(mine) AS ofMe, d, u, max(r.rating) AS rating, max(r.progress) AS progress
WHERE rating >= 6 OR (rating IS NULL AND progress >= 0.4)
WITH me, ofMe, u, count(*) AS common
MATCH (u)-[r:WATCHED|RATED]->(d:Drama)
WHERE d.title IS NOT NULL
WITH me, ofMe, u, common, d, max(r.rating) AS rating, max(r.progress) AS progress
WHERE rating >= 6 OR (rating IS NULL AND progress >= 0.4)
WITH me, ofMe, u, common, collect(d) AS theirs
WITH me, u, theirs, 1.0 * common / (ofMe + size(theirs) - common) AS similarity
ORDER BY similarity DESC, u.id
LIMIT $similar
UNWIND theirs AS d
WITH me, d, count(*) AS viewers, avg(similarity) AS similarity
WHERE viewers >= 5 AND NOT (me)-[:WATCHED|RATED|SKIPPED|MUTED]->(d)
RETURN d.title AS drama, viewers, similarity
ORDER BY viewers DESC, similarity DESC, d.id
LIMIT $first
