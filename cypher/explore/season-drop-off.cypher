// purpose: how many viewers of a season go on with the next one; the greatest losses first
// params:  {"minViewers": 20, "first": 10}
// returns: season, nextSeason, started, finished (90 % seen), wentOn (started the next; at least 5), wentOnShare (of who started), finishedBoth (null below 5)
MATCH (b:Drama)-[:FOLLOWS]->(a:Drama)<-[w:WATCHED]-(u:User)
WHERE a <> b AND b.title IS NOT NULL AND a.title IS NOT NULL
OPTIONAL MATCH (b)<-[n:WATCHED]-(u)
WITH a, b, count(*) AS started, sum(CASE WHEN w.progress >= 0.9 THEN 1 ELSE 0 END) AS finished, count(n) AS wentOn,
     sum(CASE WHEN w.progress >= 0.9 AND n.progress >= 0.9 THEN 1 ELSE 0 END) AS both
WHERE started >= $minViewers AND wentOn >= 5
RETURN a.title AS season, b.title AS nextSeason, started, finished, wentOn, 1.0 * wentOn / started AS wentOnShare,
       CASE WHEN both >= 5 THEN both END AS finishedBoth
ORDER BY wentOnShare, started DESC, b.id
LIMIT $first
