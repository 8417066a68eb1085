// purpose: replaces what dramas are the next season of; what is not there yet becomes a stub; runs after the lock
// params:  rows: each {id, follows: ids, at most one}
// returns: nothing
// MERGE, not MATCH: its plan seeks in the index even when it was made while the store was empty.
UNWIND $rows AS row
MERGE (d:Drama {id: row.id})
WITH d, row
OPTIONAL MATCH (d)-[old:FOLLOWS]->()
WITH d, row, collect(old) AS replaced
FOREACH (edge IN replaced | DELETE edge)
WITH d, row
UNWIND row.follows AS earlierId
MERGE (earlier:Drama {id: earlierId})
CREATE (d)-[:FOLLOWS]->(earlier)
