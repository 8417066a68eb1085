// purpose: how far the log and the behaviour edges go
// params:  none
// returns: lastSequence, appliedThrough
MATCH (g:GraphState {key: 'graph'})
RETURN g.lastSequence, g.appliedThrough
