// purpose: replaces the tags of dramas; runs after the lock
// params:  rows: each {id, names in order}
// returns: nothing
// MERGE, not MATCH: its plan seeks in the index even when it was made while the store was empty.
UNWIND $rows AS row
MERGE (d:Drama {id: row.id})
WITH d, row
OPTIONAL MATCH (d)-[old:TAGGED]->()
WITH d, row, collect(old) AS replaced
FOREACH (edge IN replaced | DELETE edge)
WITH d, row
UNWIND range(1, size(row.names)) AS place
MERGE (n:Tag {name: row.names[place - 1]})
CREATE (d)-[:TAGGED {order: place}]->(n)
