// purpose: notes which log the events of the graph belong to; runs after the lock
// params:  id
// returns: nothing
MATCH (g:GraphState {key: 'graph'})
SET g.logId = $id
