// purpose: removes what viewers took back: watchlist edges and mutes, to whatever node
// params:  keys: list of {user, type, kind, target}; kind is a label
// returns: nothing
UNWIND $keys AS key
MATCH (u:User {id: key.user})
USING INDEX u:User(id)
MATCH (u)-[r:WATCHLISTED|MUTED]->(t)
WHERE type(r) = key.type AND key.kind IN labels(t)
  AND key.target = CASE WHEN key.kind IN ['Drama', 'Person'] THEN t.id ELSE t.name END
DELETE r
