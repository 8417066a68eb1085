// purpose: the behaviour edges to dramas under some keys, as they are before events are folded in
// params:  keys: list of {user, type, target}
// returns: place of the key in the list, the edge; a row per edge
UNWIND range(0, size($keys) - 1) AS place
WITH place, $keys[place] AS key
MATCH (u:User {id: key.user})
USING INDEX u:User(id)
WITH place, key, u
MATCH (d:Drama {id: key.target})
USING INDEX d:Drama(id)
WITH place, key, u, d
MATCH (u)-[r:WATCHED|RATED|REVIEWED|WATCHLISTED|CLICKED|SKIPPED|MUTED]->(d)
WHERE type(r) = key.type
RETURN place, r
