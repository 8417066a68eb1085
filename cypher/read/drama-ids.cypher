// purpose: which dramas there are, without stubs: to see whether what an imported event is about exists
// params:  none
// returns: id
MATCH (d:Drama)
WHERE d.title IS NOT NULL
RETURN d.id
