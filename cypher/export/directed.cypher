// purpose: who directed which drama
// params:  none
// returns: drama id, person id, edge
MATCH (d:Drama)<-[edge:DIRECTED]-(p:Person)
RETURN d.id, p.id, edge
