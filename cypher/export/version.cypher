// purpose: which version of the graph an export would have now; no row before the first write
// params:  none
// returns: catalogRevision, appliedThrough
MATCH (g:GraphState {key: 'graph'})
RETURN coalesce(g.catalogRevision, 0), coalesce(g.appliedThrough, 0)
