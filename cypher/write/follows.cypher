// purpose: replaces what dramas are the next season of; what is not there yet becomes a stub; runs after the lock
// params:  rows: each {id, follows: ids, at most one}
// returns: nothing
UNWIND $rows AS row
MATCH (d:Drama {id: row.id})
USING INDEX d:Drama(id)
OPTIONAL MATCH (d)-[old:FOLLOWS]->()
WITH d, row, collect(old) AS replaced
FOREACH (edge IN replaced | DELETE edge)
WITH d, row
UNWIND row.follows AS earlierId
MERGE (earlier:Drama {id: earlierId})
CREATE (d)-[:FOLLOWS]->(earlier)
