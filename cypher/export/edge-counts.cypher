// purpose: how many edges of each type there are, wherever they begin and end; from the counts that Neo4j keeps, at no cost
// params:  none
// returns: edge type, count
// Neo4j looks a count up only where nothing stands beside it; else it counts every edge, which takes a second with the seed.
MATCH ()-[edge:ACTED_IN]->()
WITH count(edge) AS count
RETURN 'ACTED_IN' AS type, count
UNION ALL
MATCH ()-[edge:DIRECTED]->()
WITH count(edge) AS count
RETURN 'DIRECTED' AS type, count
UNION ALL
MATCH ()-[edge:WROTE]->()
WITH count(edge) AS count
RETURN 'WROTE' AS type, count
UNION ALL
MATCH ()-[edge:HAS_GENRE]->()
WITH count(edge) AS count
RETURN 'HAS_GENRE' AS type, count
UNION ALL
MATCH ()-[edge:TAGGED]->()
WITH count(edge) AS count
RETURN 'TAGGED' AS type, count
UNION ALL
MATCH ()-[edge:AIRED_ON]->()
WITH count(edge) AS count
RETURN 'AIRED_ON' AS type, count
UNION ALL
MATCH ()-[edge:FOLLOWS]->()
WITH count(edge) AS count
RETURN 'FOLLOWS' AS type, count
UNION ALL
MATCH ()-[edge:WATCHED]->()
WITH count(edge) AS count
RETURN 'WATCHED' AS type, count
UNION ALL
MATCH ()-[edge:RATED]->()
WITH count(edge) AS count
RETURN 'RATED' AS type, count
UNION ALL
MATCH ()-[edge:REVIEWED]->()
WITH count(edge) AS count
RETURN 'REVIEWED' AS type, count
UNION ALL
MATCH ()-[edge:WATCHLISTED]->()
WITH count(edge) AS count
RETURN 'WATCHLISTED' AS type, count
UNION ALL
MATCH ()-[edge:CLICKED]->()
WITH count(edge) AS count
RETURN 'CLICKED' AS type, count
UNION ALL
MATCH ()-[edge:SKIPPED]->()
WITH count(edge) AS count
RETURN 'SKIPPED' AS type, count
UNION ALL
MATCH ()-[edge:MUTED]->()
WITH count(edge) AS count
RETURN 'MUTED' AS type, count
