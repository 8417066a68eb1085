// purpose: dramas that viewers put on their watchlist and then do not start: good to be reminded of, or hard to begin
// params:  {"now": 1795305600000, "minViewers": 10, "first": 10}
// returns: drama, listed (viewers), waiting (of them, have not started; at least 5), waitingShare, medianDays (that they wait)
MATCH (d:Drama)<-[l:WATCHLISTED]-(u:User)
WHERE d.title IS NOT NULL
OPTIONAL MATCH (u)-[w:WATCHED]->(d)
WITH d, CASE WHEN w IS NULL THEN ($now - l.firstAt) / 86400000.0 END AS days
WITH d, count(*) AS listed, count(days) AS waiting, percentileCont(days, 0.5) AS median
WHERE listed >= $minViewers AND waiting >= 5
RETURN d.title AS drama, listed, waiting, 1.0 * waiting / listed AS waitingShare, median AS medianDays
ORDER BY waiting DESC, waitingShare DESC, d.id
LIMIT $first
