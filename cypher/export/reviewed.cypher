// purpose: every REVIEWED edge
// params:  none
// returns: viewer id, drama id, edge
MATCH (u:User)-[edge:REVIEWED]->(d:Drama)
RETURN u.id, d.id, edge
