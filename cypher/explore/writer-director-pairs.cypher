// purpose: writers and directors who work together again and again, and how their dramas do
// params:  {"minDramas": 3, "first": 10}
// returns: writer, director, dramas (titles), viewers (distinct; null below 5, and then the rest too), finishedShare (of what they started), rating (mean)
MATCH (w:Person)-[:WROTE]->(d:Drama)<-[:DIRECTED]-(p:Person)
WHERE w <> p AND w.name IS NOT NULL AND p.name IS NOT NULL AND d.title IS NOT NULL
WITH DISTINCT w, p, d ORDER BY d.year, d.id
WITH w, p, collect(d) AS dramas
WHERE size(dramas) >= $minDramas
UNWIND dramas AS d
OPTIONAL MATCH (d)<-[x:WATCHED|RATED]-(u:User)
WITH w, p, dramas, count(DISTINCT u) AS viewers, count(x.progress) AS started,
     sum(CASE WHEN x.progress >= 0.9 THEN 1 ELSE 0 END) AS finished, avg(x.rating) AS rating
RETURN w.name AS writer, p.name AS director, [d IN dramas | d.title] AS dramas, CASE WHEN viewers >= 5 THEN viewers END AS viewers,
       CASE WHEN viewers >= 5 AND started > 0 THEN 1.0 * finished / started END AS finishedShare, CASE WHEN viewers >= 5 THEN rating END AS rating
ORDER BY size(dramas) DESC, coalesce(viewers, 0) DESC, w.id, p.id
LIMIT $first
