// purpose: writes which dramas are watched by viewers of some dramas
// params:  lists: list of {id, edges: list of [id, score, count]}; version of the graph they were computed from
// returns: nothing
UNWIND $lists AS list
MATCH (a:Drama {id: list.id})
USING INDEX a:Drama(id)
WITH a, list
UNWIND list.edges AS edge
MATCH (b:Drama {id: edge[0]})
USING INDEX b:Drama(id)
CREATE (a)-[:CO_WATCHED {score: toFloat(edge[1]), count: edge[2], version: $version}]->(b)
