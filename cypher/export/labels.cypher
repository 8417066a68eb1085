// purpose: every label that some node has or had
// params:  none
// returns: label
CALL db.labels() YIELD label
RETURN label
