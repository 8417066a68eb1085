// purpose: who acted in which drama
// params:  none
// returns: drama id, person id, edge
MATCH (d:Drama)<-[edge:ACTED_IN]-(p:Person)
RETURN d.id, p.id, edge
