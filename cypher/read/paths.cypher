// purpose: simple paths from a viewer to a drama, over one of their dramas and then seasons only, or what two dramas have in common; never through another viewer
// params:  userId, dramaId, maxHops (2 to 4), order (of every step such as 'WATCHED>' or 'ACTED_IN<', its place among steps to nodes of the same key), first
// returns: steps, keys, names of the nodes; of either kind of path the first ones: shortest first, then by the keys, then by the steps
MATCH (u:User {id: $userId})-[:WATCHED|RATED|WATCHLISTED]->(s:Drama)
WITH DISTINCT u, s
MATCH (d:Drama {id: $dramaId})
MATCH p = (s)-[:FOLLOWS*0..3]-(d)
WHERE length(p) < $maxHops
MATCH (u)-[f:WATCHED|RATED|WATCHLISTED]->(s)
WITH [u] + nodes(p) AS ns, [f] + relationships(p) AS rs
WHERE all(n IN ns WHERE single(m IN ns WHERE m = n))
WITH [i IN range(0, size(rs) - 1) | type(rs[i]) + CASE WHEN startNode(rs[i]) = ns[i] THEN '>' ELSE '<' END] AS steps,
  [n IN ns | CASE WHEN n:User OR n:Drama OR n:Person THEN n.id ELSE n.name END] AS keys,
  [n IN ns | CASE WHEN n:User THEN n.id WHEN n:Drama THEN n.title ELSE n.name END] AS names
WHERE all(k IN keys WHERE k IS NOT NULL) AND all(n IN names WHERE n IS NOT NULL)
WITH DISTINCT steps, keys, names, [s IN steps | $order[s]] AS o
ORDER BY size(steps), keys[1], keys[2], keys[3], keys[4], o[0], o[1], o[2], o[3]
LIMIT $first
RETURN steps, keys, names
UNION ALL
MATCH (u:User {id: $userId})-[:WATCHED|RATED|WATCHLISTED]->(s:Drama)
WITH DISTINCT u, s
MATCH (d:Drama {id: $dramaId})
MATCH p = (s)-[:FOLLOWS*0..1]-(x:Drama), q = (y:Drama)-[:FOLLOWS*0..1]-(d)
WHERE length(p) + length(q) <= $maxHops - 3
WITH u, s, x, y, p, q
MATCH (x)-[a:ACTED_IN|DIRECTED|WROTE|HAS_GENRE|TAGGED|AIRED_ON]-(t)-[b:ACTED_IN|DIRECTED|WROTE|HAS_GENRE|TAGGED|AIRED_ON]-(y)
MATCH (u)-[f:WATCHED|RATED|WATCHLISTED]->(s)
WITH [u] + nodes(p) + [t] + nodes(q) AS ns, [f] + relationships(p) + [a, b] + relationships(q) AS rs
WHERE all(n IN ns WHERE single(m IN ns WHERE m = n))
WITH [i IN range(0, size(rs) - 1) | type(rs[i]) + CASE WHEN startNode(rs[i]) = ns[i] THEN '>' ELSE '<' END] AS steps,
  [n IN ns | CASE WHEN n:User OR n:Drama OR n:Person THEN n.id ELSE n.name END] AS keys,
  [n IN ns | CASE WHEN n:User THEN n.id WHEN n:Drama THEN n.title ELSE n.name END] AS names
WHERE all(k IN keys WHERE k IS NOT NULL) AND all(n IN names WHERE n IS NOT NULL)
WITH DISTINCT steps, keys, names, [s IN steps | $order[s]] AS o
ORDER BY size(steps), keys[1], keys[2], keys[3], keys[4], o[0], o[1], o[2], o[3]
LIMIT $first
RETURN steps, keys, names
