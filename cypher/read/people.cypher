// purpose: people by id: for look-ups, and to see what a write would change
// params:  ids
// returns: person
// IN, not UNWIND: a plan that was made while the store was empty scans, and then does so once and not for every id.
MATCH (p:Person)
WHERE p.id IN $ids
RETURN p
