// purpose: viewers' behaviour edges to some dramas, as they are before events are folded in
// params:  users: ids of viewers; targets: ids of dramas
// returns: viewer, drama, type, the edge; a row per edge
// (IN and DISTINCT, because a plan that 3.1 makes before there are viewers scans them all for each row of an UNWIND)
MATCH (u:User)
USING INDEX u:User(id)
WHERE u.id IN $users
MATCH (u)-[r:WATCHED|RATED|REVIEWED|WATCHLISTED|CLICKED|SKIPPED|MUTED]->(d:Drama)
WITH DISTINCT u, r, d
WHERE d.id IN $targets
RETURN u.id, d.id, type(r), r
