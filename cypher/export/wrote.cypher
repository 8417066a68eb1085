// purpose: who wrote which drama
// params:  none
// returns: drama id, person id, edge
MATCH (d:Drama)<-[edge:WROTE]-(p:Person)
RETURN d.id, p.id, edge
