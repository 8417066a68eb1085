// purpose: writes where the walk leads to from some dramas
// params:  lists: list of {id, edges: list of [id, score]}; version of the graph they were computed from
// returns: nothing
UNWIND $lists AS list
MATCH (a:Drama {id: list.id})
USING INDEX a:Drama(id)
WITH a, list
UNWIND list.edges AS edge
MATCH (b:Drama {id: edge[0]})
USING INDEX b:Drama(id)
CREATE (a)-[:WALKS_TO {score: toFloat(edge[1]), version: $version}]->(b)
