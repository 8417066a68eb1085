// purpose: which longer dramas are watched in one go: finished within so many hours of the first report, among viewers with several reports
// params:  {"hours": 168, "minEpisodes": 8, "minViewers": 10, "first": 10}
// returns: drama, episodes, viewers (who finished; at least 5), binged (of them), bingedShare, medianHours (from first to last report)
MATCH (d:Drama)<-[w:WATCHED]-(:User)
WHERE d.title IS NOT NULL AND d.episodes >= $minEpisodes AND w.progress >= 0.9 AND w.times >= 2
WITH d, (w.lastAt - w.firstAt) / 3600000.0 AS hours
WITH d, count(*) AS viewers, sum(CASE WHEN hours <= $hours THEN 1 ELSE 0 END) AS binged, percentileCont(hours, 0.5) AS median
WHERE viewers >= $minViewers AND viewers >= 5
RETURN d.title AS drama, d.episodes AS episodes, viewers, binged, 1.0 * binged / viewers AS bingedShare, median AS medianHours
ORDER BY bingedShare DESC, viewers DESC, d.id
LIMIT $first
