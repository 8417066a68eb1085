// purpose: which drama is the next season of which
// params:  none
// returns: drama id, id of the earlier one
MATCH (d:Drama)-[:FOLLOWS]->(earlier:Drama)
RETURN d.id, earlier.id
