// purpose: notes that a catalogue of at least this revision is served; runs after the lock
// params:  revision
// returns: catalogRevision before, and now
MATCH (g:GraphState {key: 'graph'})
WITH g, g.catalogRevision AS before
SET g.catalogRevision = CASE WHEN before < $revision THEN $revision ELSE before END
RETURN before, g.catalogRevision
