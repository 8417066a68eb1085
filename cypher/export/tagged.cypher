// purpose: every drama's tags
// params:  none
// returns: drama id, name, edge
MATCH (d:Drama)-[edge:TAGGED]->(n:Tag)
RETURN d.id, n.name, edge
