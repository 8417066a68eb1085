// purpose: the behaviour edges to dramas under some keys, as they are before events are folded in
// params:  keys: list of {user, type, target}
// returns: place of the key in the list, the edge; a row per edge
UNWIND range(0, size($keys) - 1) AS place
WITH place, $keys[place] AS key
MATCH (u:User {id: key.user})
USING INDEX u:User(id)
MATCH (d:Drama {id: key.target})
USING INDEX d:Drama(id)
// DISTINCT changes nothing but the plan: both ends by index, then the edges between them (else 3.1 takes the slow planner).
WITH DISTINCT place, key.type AS type, u, d
MATCH (u)-[r:WATCHED|RATED|REVIEWED|WATCHLISTED|CLICKED|SKIPPED|MUTED]->(d)
WHERE type(r) = type
RETURN place, r
