// purpose: notes how far the log goes; it never becomes shorter
// params:  sequence: of the newest event written
// returns: nothing
MATCH (g:GraphState {key: 'graph'})
SET g.lastSequence = CASE WHEN g.lastSequence > $sequence THEN g.lastSequence ELSE $sequence END
