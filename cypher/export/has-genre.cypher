// purpose: every drama's genres
// params:  none
// returns: drama id, name, edge
MATCH (d:Drama)-[edge:HAS_GENRE]->(n:Genre)
RETURN d.id, n.name, edge
