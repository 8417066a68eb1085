// purpose: which log the events of the graph belong to, and how far the graph holds them
// params:  none
// returns: logId (null before the first), lastSequence, catalogRevision; no row when GraphRec never wrote here
MATCH (g:GraphState {key: 'graph'})
RETURN g.logId, g.lastSequence, g.catalogRevision
