// purpose: what is watched now: viewers whose latest watch lies in the last days, each weighing half after every half-life
// params:  {"now": 1795305600000, "days": 14, "halfLifeDays": 3, "first": 10}
// returns: drama, viewers (at least 5), score (sum of their weights), regions (of these viewers, most first)
MATCH (d:Drama)<-[w:WATCHED]-(u:User)
WHERE d.title IS NOT NULL AND w.lastAt <= $now AND w.lastAt >= $now - $days * 86400000
WITH d, u.region AS region, count(*) AS viewers, sum(2.0 ^ (($now - w.lastAt) / (-86400000.0 * $halfLifeDays))) AS score
ORDER BY viewers DESC, region
WITH d, sum(viewers) AS viewers, sum(score) AS score, collect(region)[0..3] AS regions
WHERE viewers >= 5
RETURN d.title AS drama, viewers, score, regions
ORDER BY score DESC, d.id
LIMIT $first
