// purpose: notes that the derived edges of a version are whole; runs after the lock
// params:  version
// returns: nothing
MATCH (g:GraphState {key: 'graph'})
SET g.derived = $version
REMOVE g.deriving, g.derivedThrough
