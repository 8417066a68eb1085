// purpose: removes what viewers took back: watchlist edges and mutes, to whatever node
// params:  keys: list of {user, type, kind, target}; kind is a label
// returns: nothing
UNWIND $keys AS key
MATCH (u:User {id: key.user})
USING INDEX u:User(id)
WITH key, u
MATCH (u)-[r:WATCHLISTED|MUTED]->(t)
WHERE type(r) = key.type AND ((key.kind = 'Drama' AND t:Drama AND t.id = key.target)
   OR (key.kind = 'Person' AND t:Person AND t.id = key.target)
   OR (key.kind = 'Genre' AND t:Genre AND t.name = key.target)
   OR (key.kind = 'Tag' AND t:Tag AND t.name = key.target))
DELETE r
