// purpose: writes people; runs after the lock
// params:  rows: each {id, name, nativeName}
// returns: nothing
UNWIND $rows AS row
MERGE (p:Person {id: row.id})
SET p.name = row.name, p.nativeName = row.nativeName
