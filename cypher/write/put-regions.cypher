// purpose: notes viewers' regions, where none is known from later
// params:  regions: list of {user, region, at}
// returns: nothing
UNWIND $regions AS latest
MERGE (u:User {id: latest.user})
FOREACH (ignored IN CASE WHEN u.regionAt IS NULL OR u.regionAt <= latest.at THEN [1] ELSE [] END |
  SET u.region = latest.region, u.regionAt = latest.at)
