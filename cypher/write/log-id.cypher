// purpose: which log the events of the graph belong to
// params:  none
// returns: logId, null before the first; no row when GraphRec never wrote here
MATCH (g:GraphState {key: 'graph'})
RETURN g.logId
