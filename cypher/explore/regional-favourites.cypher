// purpose: what one region's viewers like more than all viewers do
// params:  {"region": "KR", "minViewers": 8, "first": 10}
// returns: drama, country, viewers (engaged, of the region; at least 5), lift (share of the region's viewers over the share of all viewers)
MATCH (u:User)-[r:WATCHED|RATED]->(d:Drama)
WHERE d.title IS NOT NULL
WITH u, d, max(r.rating) AS rating, max(r.progress) AS progress
WHERE rating >= 6 OR (rating IS NULL AND progress >= 0.4)
WITH u, collect(d) AS seen, CASE WHEN u.region = $region THEN 1 ELSE 0 END AS local
WITH collect({seen: seen, local: local}) AS audience, count(*) AS everybody, sum(local) AS locals
UNWIND audience AS viewer
UNWIND viewer.seen AS d
WITH everybody, locals, d, count(*) AS anywhere, sum(viewer.local) AS viewers
WHERE viewers >= 5 AND viewers >= $minViewers
WITH d, viewers, 1.0 * viewers * everybody / (1.0 * locals * anywhere) AS lift
RETURN d.title AS drama, d.country AS country, viewers, lift
ORDER BY lift DESC, viewers DESC, d.id
LIMIT $first
