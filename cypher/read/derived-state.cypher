// purpose: how far the derived edges are
// params:  none
// returns: the graph version they were last written whole from; the one that is being written; the id of the last drama it has reached
MATCH (g:GraphState {key: 'graph'})
RETURN g.derived, g.deriving, g.derivedThrough
