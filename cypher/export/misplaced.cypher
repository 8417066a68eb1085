// purpose: edges that begin or end at a kind of node at which they cannot; reads every node, so it runs only when the counts differ
// params:  first: at most so many
// returns: edge type, labels of its start, id or name of its start, labels of its end, id or name of its end
MATCH (a)-[edge:ACTED_IN|DIRECTED|WROTE|HAS_GENRE|TAGGED|AIRED_ON|FOLLOWS|WATCHED|RATED|REVIEWED|WATCHLISTED|CLICKED|SKIPPED|MUTED]->(b)
WITH a, b, type(edge) AS type
WHERE NOT (
  (type IN ['ACTED_IN', 'DIRECTED', 'WROTE'] AND a:Person AND b:Drama)
  OR (type = 'HAS_GENRE' AND a:Drama AND b:Genre)
  OR (type = 'TAGGED' AND a:Drama AND b:Tag)
  OR (type = 'AIRED_ON' AND a:Drama AND b:Network)
  OR (type = 'FOLLOWS' AND a:Drama AND b:Drama)
  OR (type IN ['WATCHED', 'RATED', 'REVIEWED', 'WATCHLISTED', 'CLICKED', 'SKIPPED'] AND a:User AND b:Drama)
  OR (type = 'MUTED' AND a:User AND (b:Drama OR b:Person OR b:Genre OR b:Tag)))
RETURN type, labels(a), coalesce(a.id, a.name), labels(b), coalesce(b.id, b.name)
LIMIT $first
