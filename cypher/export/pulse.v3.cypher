// purpose: a number that changes with every commit: the size of the transaction log (3.x)
// params:  none
// returns: bytes; smaller when the log was rotated
CALL dbms.queryJmx('org.neo4j:instance=kernel#0,name=Store file sizes') YIELD attributes
RETURN attributes.LogicalLogSize.value
