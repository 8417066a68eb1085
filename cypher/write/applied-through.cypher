// purpose: notes up to which event the behaviour edges follow the log
// params:  sequence: of the last event folded in
// returns: nothing
MATCH (g:GraphState {key: 'graph'})
SET g.appliedThrough = $sequence
