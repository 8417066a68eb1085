// purpose: notes how far the writing of derived edges is; runs after the lock
// params:  version of the graph they come from; through: id of the last drama whose edges are written
// returns: nothing
MATCH (g:GraphState {key: 'graph'})
SET g.deriving = $version, g.derivedThrough = $through
