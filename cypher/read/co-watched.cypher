// purpose: dramas that viewers of one drama engaged with too, by the shrunk cosine of the two audiences
// params:  dramaId; minCount (common viewers, 1 or more); minRating and minShare (what "engaged" means); shrinkage; first
// returns: dramaId, count, score (to 1e-12), best first, ties by id
MATCH (seed:Drama {id: $dramaId})<-[r:RATED|WATCHED]-(v:User)
WHERE seed.title IS NOT NULL AND v.id IS NOT NULL
WITH seed, v, max(CASE type(r) WHEN 'RATED' THEN coalesce(toFloat(r.rating), 0.0) END) AS rating, max(CASE type(r) WHEN 'WATCHED' THEN coalesce(toFloat(r.progress), 1.0) END) AS progress
WHERE CASE WHEN rating IS NULL THEN round(1000 * progress) >= 1000 * $minShare ELSE round(1000 * rating) >= 1000 * $minRating END
WITH seed, collect(v) AS audience
UNWIND audience AS v
MATCH (v)-[r:RATED|WATCHED]->(other:Drama)
WHERE other <> seed AND other.id IS NOT NULL AND other.title IS NOT NULL
WITH audience, v, other, max(CASE type(r) WHEN 'RATED' THEN coalesce(toFloat(r.rating), 0.0) END) AS rating, max(CASE type(r) WHEN 'WATCHED' THEN coalesce(toFloat(r.progress), 1.0) END) AS progress
WHERE CASE WHEN rating IS NULL THEN round(1000 * progress) >= 1000 * $minShare ELSE round(1000 * rating) >= 1000 * $minRating END
WITH size(audience) AS left, other, count(*) AS common
WHERE common >= $minCount
MATCH (other)<-[r:RATED|WATCHED]-(v:User)
WHERE v.id IS NOT NULL
WITH left, other, common, v, max(CASE type(r) WHEN 'RATED' THEN coalesce(toFloat(r.rating), 0.0) END) AS rating, max(CASE type(r) WHEN 'WATCHED' THEN coalesce(toFloat(r.progress), 1.0) END) AS progress
WHERE CASE WHEN rating IS NULL THEN round(1000 * progress) >= 1000 * $minShare ELSE round(1000 * rating) >= 1000 * $minRating END
WITH other, common, left, count(*) AS right
RETURN other.id AS dramaId, common AS count,
  round(1e12 * common / sqrt(toFloat(left) * right) * (common / (common + toFloat($shrinkage)))) / 1e12 AS score
ORDER BY score DESC, dramaId
LIMIT $first
