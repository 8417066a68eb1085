// purpose: edges of types that GraphRec does not know; reads every edge, so it runs only when there is such a type
// params:  types
// returns: type, count
MATCH ()-[edge]->()
WITH type(edge) AS type WHERE type IN $types
RETURN type, count(*)
