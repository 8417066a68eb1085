// purpose: every MUTED edge
// params:  none
// returns: viewer id, labels of the target, its id, its name, edge
MATCH (u:User)-[edge:MUTED]->(target)
WHERE target:Drama OR target:Person OR target:Genre OR target:Tag
RETURN u.id, labels(target), target.id, target.name, edge
