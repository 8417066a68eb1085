// purpose: writes dramas' own properties; other properties that people added stay; runs after the lock
// params:  rows: each {id, properties (null removes), priority}
// returns: nothing
UNWIND $rows AS row
MERGE (d:Drama {id: row.id})
SET d += row.properties
SET d.priority = toFloat(row.priority)
