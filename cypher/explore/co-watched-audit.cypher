// purpose: whether the derived CO_WATCHED edges of some dramas say what the behaviour says now; no row: they agree
// params:  {"dramas": ["the-glory-2022", "our-blues-2022", "my-mister-2018"], "first": 10}
// returns: drama, with, stored and recounted (common viewers; null below 5), fault ('other count', 'no longer co-watched', or 'missing' where a drama has no such edge at all)
UNWIND $dramas AS id
MATCH (a:Drama {id: id})
OPTIONAL MATCH (a)<-[r:WATCHED|RATED]-(u:User)
WITH a, u, max(r.rating) AS rating, max(r.progress) AS progress
WITH a, collect(CASE WHEN rating >= 6 OR (rating IS NULL AND progress >= 0.4) THEN u END) AS audience
WITH a, audience, [(a)-[c:CO_WATCHED]->(b:Drama) | {with: b, count: c.count}] AS stored
UNWIND CASE WHEN size(audience) = 0 THEN [null] ELSE audience END AS u
OPTIONAL MATCH (u)-[r:WATCHED|RATED]->(b:Drama)
WHERE b <> a AND b.title IS NOT NULL
WITH a, stored, b, u, max(r.rating) AS rating, max(r.progress) AS progress
WITH a, stored, b, sum(CASE WHEN rating >= 6 OR (rating IS NULL AND progress >= 0.4) THEN 1 ELSE 0 END) AS viewers
WITH a, stored, collect({with: b, count: viewers}) AS counted
WITH a, stored, counted, [s IN stored | s.with] AS known
WITH a, [s IN stored | {with: s.with, stored: s.count, recounted: [c IN counted WHERE c.with = s.with | c.count][0]}]
        + [c IN counted WHERE c.count >= 5 AND size(stored) = 0 AND NOT c.with IN known | {with: c.with, stored: null, recounted: c.count}] AS pairs
UNWIND pairs AS pair
WITH a, pair.with AS b, pair.stored AS stored, coalesce(pair.recounted, 0) AS recounted
WHERE stored IS NULL OR stored <> recounted
RETURN a.title AS drama, b.title AS with, CASE WHEN stored >= 5 THEN stored END AS stored, CASE WHEN recounted >= 5 THEN recounted END AS recounted,
       CASE WHEN stored IS NULL THEN 'missing' WHEN recounted = 0 THEN 'no longer co-watched' ELSE 'other count' END AS fault
ORDER BY a.id, b.id
LIMIT $first
