// purpose: notes the place of the newest page, and drops the pages that are past retention
// params:  position: of the newest page; through: pages up to this place go
// returns: nothing
MATCH (g:GraphState {key: 'graph'})
SET g.pages = $position
WITH g
MATCH (p:Page)
USING INDEX p:Page(position)
WHERE p.position <= $through
DETACH DELETE p
