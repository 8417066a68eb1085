// purpose: sets viewers' regions as another store has them; whatever event names one next is later than they are
// params:  regions: list of {user, region}
// returns: nothing
UNWIND $regions AS known
MERGE (u:User {id: known.user})
SET u.region = known.region, u.regionAt = 0
