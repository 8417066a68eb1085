// purpose: dramas by decayed watches within a window of time
// params:  since, now (minutes since 1970 UTC, both included); halfLife (minutes, above 0); first
// returns: dramaId, score (to 1e-12): the sum of 2^(-(now - latest watch) / halfLife), best first, ties by id
MATCH (v:User)-[r:WATCHED]->(d:Drama)
WITH v, d, coalesce(r.lastAt, r.firstAt, 0) AS at
WHERE at >= 60000 * $since AND at < 60000 * ($now + 1) AND v.id IS NOT NULL AND d.id IS NOT NULL AND d.title IS NOT NULL
WITH d, v, max(at) AS lastAt
WITH d, sum(2 ^ ((floor(lastAt / 60000.0) - $now) / toFloat($halfLife))) AS total
RETURN d.id AS dramaId, round(1e12 * total) / 1e12 AS score
ORDER BY score DESC, dramaId
LIMIT $first
