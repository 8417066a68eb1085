// purpose: which actors play on both sides of two genres, and how many viewers follow them across
// params:  {"from": "Thriller", "to": "Romance", "minDramas": 2, "first": 10}
// returns: actor, fromOnly and toOnly (their dramas of one genre and not the other), crossed (viewers engaged on both sides; at least 5)
MATCH (:Genre {name: $from})<-[:HAS_GENRE]-(d:Drama)<-[:ACTED_IN]-(p:Person)
WHERE d.title IS NOT NULL AND p.name IS NOT NULL AND NOT (d)-[:HAS_GENRE]->(:Genre {name: $to})
WITH p, collect(DISTINCT d) AS left
WHERE size(left) >= $minDramas
MATCH (p)-[:ACTED_IN]->(d:Drama)-[:HAS_GENRE]->(:Genre {name: $to})
WHERE d.title IS NOT NULL AND NOT (d)-[:HAS_GENRE]->(:Genre {name: $from})
WITH p, left, collect(DISTINCT d) AS right
WHERE size(right) >= $minDramas
UNWIND left + right AS d
MATCH (d)<-[r:WATCHED|RATED]-(u:User)
WITH p, left, right, d, u, max(r.rating) AS rating, max(r.progress) AS progress
WHERE rating >= 6 OR (rating IS NULL AND progress >= 0.4)
WITH p, left, right, u, sum(CASE WHEN d IN left THEN 1 ELSE 0 END) AS onLeft, count(*) AS onBoth
WHERE onLeft > 0 AND onLeft < onBoth
WITH p, left, right, count(*) AS crossed
WHERE crossed >= 5
RETURN p.name AS actor, size(left) AS fromOnly, size(right) AS toOnly, crossed
ORDER BY crossed DESC, p.id
LIMIT $first
