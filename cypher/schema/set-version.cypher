// purpose: notes which version of the schema is applied; runs after the lock
// params:  version
// returns: nothing
MATCH (g:GraphState {key: 'graph'})
SET g.schema = $version
