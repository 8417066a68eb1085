// purpose: a number that changes with every commit: the newest transaction (4.4 and later)
// params:  database
// returns: transaction id
SHOW DATABASES YIELD name, lastCommittedTxn
WHERE name = $database
RETURN lastCommittedTxn
