// purpose: every RATED edge
// params:  none
// returns: viewer id, drama id, edge
MATCH (u:User)-[edge:RATED]->(d:Drama)
RETURN u.id, d.id, edge
