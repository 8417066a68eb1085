// purpose: the mutes of people, genres and tags under some keys, as they are before events are folded in
// params:  keys: list of {user, kind, target}; kind is a label
// returns: place of the key in the list, the edge; a row per edge
UNWIND range(0, size($keys) - 1) AS place
WITH place, $keys[place] AS key
MATCH (u:User {id: key.user})
USING INDEX u:User(id)
WITH place, key, u
MATCH (u)-[r:MUTED]->(t)
WHERE (key.kind = 'Person' AND t:Person AND t.id = key.target)
   OR (key.kind = 'Genre' AND t:Genre AND t.name = key.target)
   OR (key.kind = 'Tag' AND t:Tag AND t.name = key.target)
RETURN place, r
