// purpose: everything that one viewer did
// params:  userId
// returns: viewer id, labels, id and name of the target, edge, type of the edge; in no order
MATCH (u:User {id: $userId})-[r:WATCHED|RATED|REVIEWED|WATCHLISTED|CLICKED|SKIPPED|MUTED]->(t)
WHERE t:Drama OR (type(r) = 'MUTED' AND (t:Person OR t:Genre OR t:Tag))
RETURN u.id, labels(t), t.id, t.name, r, type(r)
