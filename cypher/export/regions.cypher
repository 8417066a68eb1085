// purpose: every viewer's region, where known
// params:  none
// returns: viewer id, region
MATCH (u:User)
WHERE u.region IS NOT NULL
RETURN u.id, u.region
