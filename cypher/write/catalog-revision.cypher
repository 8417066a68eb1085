// purpose: notes that the catalogue changed; runs after the lock
// params:  none
// returns: catalogRevision
MATCH (g:GraphState {key: 'graph'})
SET g.catalogRevision = g.catalogRevision + 1
RETURN g.catalogRevision
