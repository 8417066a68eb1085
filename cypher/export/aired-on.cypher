// purpose: every drama's networks
// params:  none
// returns: drama id, name, edge
MATCH (d:Drama)-[edge:AIRED_ON]->(n:Network)
RETURN d.id, n.name, edge
