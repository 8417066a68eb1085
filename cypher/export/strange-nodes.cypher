// purpose: nodes of labels that GraphRec does not know; reads every node, so it runs only when there is such a label
// params:  labels
// returns: label, count
MATCH (n)
UNWIND labels(n) AS label
WITH label WHERE label IN $labels
RETURN label, count(*)
