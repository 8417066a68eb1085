// purpose: every WATCHLISTED edge
// params:  none
// returns: viewer id, drama id, edge
MATCH (u:User)-[edge:WATCHLISTED]->(d:Drama)
RETURN u.id, d.id, edge
