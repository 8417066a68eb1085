// purpose: every WATCHED edge
// params:  none
// returns: viewer id, drama id, edge
MATCH (u:User)-[edge:WATCHED]->(d:Drama)
RETURN u.id, d.id, edge
