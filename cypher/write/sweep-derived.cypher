// purpose: takes away derived edges that another version left where the new one has none
// params:  version of the graph that edges may come from; most: how many to take away at once
// returns: how many were
MATCH (:Drama)-[r:WALKS_TO|CO_WATCHED]->()
WHERE coalesce(r.version, '') <> $version
WITH r
LIMIT $most
DELETE r
RETURN count(*)
