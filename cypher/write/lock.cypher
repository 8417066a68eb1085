// purpose: the first statement of every transaction that GraphRec writes: takes the graph's lock, and counts the transaction
// params:  none
// returns: catalogRevision, appliedThrough, lastSequence, pages, schema
MERGE (g:GraphState {key: 'graph'})
SET g.catalogRevision = coalesce(g.catalogRevision, 0), g.appliedThrough = coalesce(g.appliedThrough, 0),
  g.lastSequence = coalesce(g.lastSequence, 0), g.pages = coalesce(g.pages, 0), g.schema = coalesce(g.schema, 0),
  g.commits = coalesce(g.commits, 0) + 1
RETURN g.catalogRevision, g.appliedThrough, g.lastSequence, g.pages, g.schema
