// purpose: people by id: for look-ups, and to see what a write would change
// params:  ids
// returns: person
UNWIND $ids AS id
MATCH (p:Person {id: id})
USING INDEX p:Person(id)
RETURN p
