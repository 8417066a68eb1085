// purpose: which directors' audiences come back: of the viewers who engaged with one of their dramas, how many engaged with more
// params:  {"minViewers": 50, "first": 10}
// returns: director, dramas (of theirs that anyone engaged with), viewers, cameBack (engaged with two or more; at least 5), loyalty (share), perViewer (mean dramas)
MATCH (d:Drama)<-[r:WATCHED|RATED]-(u:User)
WHERE d.title IS NOT NULL
WITH d, u, max(r.rating) AS rating, max(r.progress) AS progress
WHERE rating >= 6 OR (rating IS NULL AND progress >= 0.4)
WITH d, collect(u) AS audience
MATCH (d)<-[:DIRECTED]-(p:Person)
WHERE p.name IS NOT NULL
WITH DISTINCT p, d, audience
WITH p, count(*) AS dramas, collect(audience) AS audiences
WHERE dramas >= 2
UNWIND audiences AS audience
UNWIND audience AS u
WITH p, dramas, u, count(*) AS seen
WITH p, dramas, count(*) AS viewers, sum(CASE WHEN seen >= 2 THEN 1 ELSE 0 END) AS cameBack, avg(seen) AS perViewer
WHERE viewers >= $minViewers AND cameBack >= 5
RETURN p.name AS director, dramas, viewers, cameBack, 1.0 * cameBack / viewers AS loyalty, perViewer
ORDER BY loyalty DESC, viewers DESC, p.id
LIMIT $first
