// purpose: writes credits of writers; a person or drama that is not there yet becomes a stub; runs after the lock
// params:  rows: each {drama, person, order, character, billing}
// returns: nothing
UNWIND $rows AS row
MERGE (p:Person {id: row.person})
MERGE (d:Drama {id: row.drama})
MERGE (p)-[credit:WROTE]->(d)
SET p:Writer, credit.order = row.order, credit.character = row.character, credit.billing = row.billing
