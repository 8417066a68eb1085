// purpose: joins pages to the dramas on them; a drama that is not in the graph is left out
// params:  shown: list of {page, drama, item, row, position, score, via}; via is an edge type's name
// returns: nothing
UNWIND $shown AS shown
MATCH (p:Page {id: shown.page})
USING INDEX p:Page(id)
WITH shown, p
MATCH (d:Drama {id: shown.drama})
USING INDEX d:Drama(id)
CREATE (p)-[:SHOWED {item: shown.item, row: shown.row, position: shown.position, score: toFloat(shown.score), via: shown.via}]->(d)
