// purpose: the mutes of people, genres and tags under some keys, as they are before events are folded in
// params:  keys: list of {user, kind, target}; kind is a label
// returns: place of the key in the list, the edge; a row per edge
UNWIND range(0, size($keys) - 1) AS place
WITH place, $keys[place] AS key
MATCH (u:User {id: key.user})
USING INDEX u:User(id)
MATCH (u)-[r:MUTED]->(t)
WHERE key.kind IN labels(t) AND key.target = CASE key.kind WHEN 'Person' THEN t.id ELSE t.name END
RETURN place, r
