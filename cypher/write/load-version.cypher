// purpose: sets the version of a graph that was copied, where the log goes that far
// params:  catalogRevision, appliedThrough
// returns: a row when it was set
MATCH (g:GraphState {key: 'graph'})
WHERE g.lastSequence >= $appliedThrough
SET g.catalogRevision = $catalogRevision, g.appliedThrough = $appliedThrough
RETURN g.key
