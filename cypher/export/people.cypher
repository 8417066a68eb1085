// purpose: every person
// params:  none
// returns: person
MATCH (p:Person)
RETURN p
