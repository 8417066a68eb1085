// purpose: every SKIPPED edge
// params:  none
// returns: viewer id, drama id, edge
MATCH (u:User)-[edge:SKIPPED]->(d:Drama)
RETURN u.id, d.id, edge
