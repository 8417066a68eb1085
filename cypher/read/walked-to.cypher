// purpose: dramas reached from seeds by the three-hop walk seed <- viewer -> drama over engaged edges: the sum of 1/|seeds| * 1/n(seed) * 1/n(viewer)
// params:  seeds (drama ids, distinct); minRating and minShare (what "engaged" means); first
// returns: dramaId, score (to 1e-12), best first, ties by id
UNWIND $seeds AS id
MATCH (seed:Drama {id: id})
USING INDEX seed:Drama(id)
WITH seed
MATCH (seed)<-[r:RATED|WATCHED]-(v:User)
WHERE seed.title IS NOT NULL AND v.id IS NOT NULL
WITH seed, v, max(CASE type(r) WHEN 'RATED' THEN coalesce(toFloat(r.rating), 0.0) END) AS rating, max(CASE type(r) WHEN 'WATCHED' THEN coalesce(toFloat(r.progress), 1.0) END) AS progress
WHERE CASE WHEN rating IS NULL THEN round(1000 * progress) >= 1000 * $minShare ELSE round(1000 * rating) >= 1000 * $minRating END
WITH seed, collect(v) AS audience
UNWIND audience AS v
WITH v, sum(1.0 / size($seeds) / size(audience)) AS weight
MATCH (v)-[r:RATED|WATCHED]->(other:Drama)
WHERE other.id IS NOT NULL AND other.title IS NOT NULL
WITH v, weight, other, max(CASE type(r) WHEN 'RATED' THEN coalesce(toFloat(r.rating), 0.0) END) AS rating, max(CASE type(r) WHEN 'WATCHED' THEN coalesce(toFloat(r.progress), 1.0) END) AS progress
WHERE CASE WHEN rating IS NULL THEN round(1000 * progress) >= 1000 * $minShare ELSE round(1000 * rating) >= 1000 * $minRating END
WITH v, weight, collect(other) AS dramas
UNWIND dramas AS other
WITH other, sum(weight / size(dramas)) AS total
WHERE NOT other.id IN $seeds AND total > 0
RETURN other.id AS dramaId, round(1e12 * total) / 1e12 AS score
ORDER BY score DESC, dramaId
LIMIT $first
