// purpose: which people there are, without stubs: to see whether whom an imported line names exists
// params:  none
// returns: id
MATCH (p:Person)
WHERE p.name IS NOT NULL
RETURN p.id
