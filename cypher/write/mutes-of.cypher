// purpose: viewers' mutes of people, genres and tags, as they are before events are folded in
// params:  users: ids of viewers
// returns: viewer, the labels, id and name of what is muted, the edge; a row per mute
MATCH (u:User)
USING INDEX u:User(id)
WHERE u.id IN $users
MATCH (u)-[r:MUTED]->(t)
WHERE t:Person OR t:Genre OR t:Tag
RETURN u.id, labels(t), t.id, t.name, r
