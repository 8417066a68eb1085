// purpose: which kind of edge earns its place: what was shown by the edge type of its reason, and how much of it was opened, started and finished
// params:  {"since": 1795305600000}
// returns: via, shown, opened, started, finished (90 % seen), finishedShare (of shown), rating (mean)
MATCH (p:Page)
WHERE p.at >= $since
MATCH (p)-[s:SHOWED]->(d:Drama)
WITH p.userId AS viewer, d.id AS drama, s.via AS via, p.id + '-' + toString(s.item) AS attribution
OPTIONAL MATCH (e:Event {attributionId: attribution})
USING INDEX e:Event(attributionId)
WHERE e.userId = viewer AND e.targetId = drama AND e.targetKind = 'Drama'
WITH via, attribution, max(CASE e.kind WHEN 'CLICK' THEN 1 ELSE 0 END) AS opened,
     max(CASE e.kind WHEN 'WATCH' THEN coalesce(e.value, 1.0) END) AS seen, max(CASE e.kind WHEN 'RATE' THEN e.value END) AS rating
WITH coalesce(via, 'no path') AS via, count(*) AS shown, sum(opened) AS opened, count(seen) AS started,
     sum(CASE WHEN seen >= 0.9 THEN 1 ELSE 0 END) AS finished, avg(rating) AS rating
RETURN via, shown, opened, started, finished, 1.0 * finished / shown AS finishedShare, rating
ORDER BY finishedShare DESC, shown DESC, via
