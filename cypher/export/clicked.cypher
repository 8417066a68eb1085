// purpose: every CLICKED edge
// params:  none
// returns: viewer id, drama id, edge
MATCH (u:User)-[edge:CLICKED]->(d:Drama)
RETURN u.id, d.id, edge
