// purpose: who acted in, directed and wrote dramas, by drama id
// params:  ids
// returns: drama id, credits: each [person id, edge type, edge]
// A comprehension and not a second MATCH: with a plan made while the store was empty, that one scans all people.
UNWIND $ids AS id
MATCH (d:Drama {id: id})
USING INDEX d:Drama(id)
RETURN d.id, [(d)<-[credit:ACTED_IN|DIRECTED|WROTE]-(p:Person) | [p.id, type(credit), credit]]
