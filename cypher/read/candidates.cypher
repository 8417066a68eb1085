// purpose: what is near some dramas over the derived edges, one hop each; nothing before the edges were written whole once
// params:  seeds: ids of dramas
// returns: id of the seed; what WALKS_TO leads to, and what CO_WATCHED, as lists of [id, score]; a row per seed that is there
MATCH (g:GraphState {key: 'graph'})
WHERE g.derived IS NOT NULL
WITH g
UNWIND $seeds AS seed
MATCH (a:Drama {id: seed})
USING INDEX a:Drama(id)
RETURN a.id, [(a)-[w:WALKS_TO]->(b) | [b.id, w.score]], [(a)-[c:CO_WATCHED]->(b) | [b.id, c.score]]
