// purpose: replaces the networks of dramas; runs after the lock
// params:  rows: each {id, names in order}
// returns: nothing
UNWIND $rows AS row
MATCH (d:Drama {id: row.id})
USING INDEX d:Drama(id)
OPTIONAL MATCH (d)-[old:AIRED_ON]->()
WITH d, row, collect(old) AS replaced
FOREACH (edge IN replaced | DELETE edge)
WITH d, row
UNWIND range(1, size(row.names)) AS place
MERGE (n:Network {name: row.names[place - 1]})
CREATE (d)-[:AIRED_ON {order: place}]->(n)
