// purpose: how far the log and the behaviour edges go
// params:  none
// returns: lastSequence, appliedThrough
MATCH (g:GraphState {key: 'graph'})
RETURN coalesce(g.lastSequence, 0), coalesce(g.appliedThrough, 0)
