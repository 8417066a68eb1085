// purpose: the first statement of every transaction that GraphRec writes: takes the graph's lock, and counts the transaction
// params:  none
// returns: catalogRevision, appliedThrough, lastSequence, pages, schema
MERGE (g:GraphState {key: 'graph'})
ON CREATE SET g.catalogRevision = 0, g.appliedThrough = 0, g.lastSequence = 0, g.pages = 0, g.commits = 0, g.schema = 0
SET g.commits = g.commits + 1
RETURN g.catalogRevision, g.appliedThrough, g.lastSequence, g.pages, g.schema
