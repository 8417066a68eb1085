// purpose: how many of the commits are GraphRec's own, and whether they changed the catalogue
// params:  none
// returns: commits, catalogRevision
MATCH (g:GraphState {key: 'graph'})
RETURN coalesce(g.commits, 0), coalesce(g.catalogRevision, 0)
