// purpose: who acted in, directed and wrote dramas, by drama id
// params:  ids
// returns: drama id, credits: each [person id, edge type, edge]
// IN, not UNWIND: a plan that was made while the store was empty scans, and then does so once and not for every id.
// And a comprehension, not a second MATCH: with such a plan that one scans all people.
MATCH (d:Drama)
WHERE d.id IN $ids
RETURN d.id, [(d)<-[credit:ACTED_IN|DIRECTED|WROTE]-(p:Person) | [p.id, type(credit), credit]]
