// purpose: which version of the schema is applied
// params:  none
// returns: version; no row before the first
MATCH (g:GraphState {key: 'graph'})
RETURN coalesce(g.schema, 0)
