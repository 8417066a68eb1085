// purpose: how many edges of each type there are, wherever they begin and end; from the counts that Neo4j keeps, at no cost
// params:  none
// returns: edge type, count
MATCH ()-[edge:ACTED_IN]->()
RETURN 'ACTED_IN' AS type, count(edge) AS count
UNION ALL
MATCH ()-[edge:DIRECTED]->()
RETURN 'DIRECTED' AS type, count(edge) AS count
UNION ALL
MATCH ()-[edge:WROTE]->()
RETURN 'WROTE' AS type, count(edge) AS count
UNION ALL
MATCH ()-[edge:HAS_GENRE]->()
RETURN 'HAS_GENRE' AS type, count(edge) AS count
UNION ALL
MATCH ()-[edge:TAGGED]->()
RETURN 'TAGGED' AS type, count(edge) AS count
UNION ALL
MATCH ()-[edge:AIRED_ON]->()
RETURN 'AIRED_ON' AS type, count(edge) AS count
UNION ALL
MATCH ()-[edge:FOLLOWS]->()
RETURN 'FOLLOWS' AS type, count(edge) AS count
UNION ALL
MATCH ()-[edge:WATCHED]->()
RETURN 'WATCHED' AS type, count(edge) AS count
UNION ALL
MATCH ()-[edge:RATED]->()
RETURN 'RATED' AS type, count(edge) AS count
UNION ALL
MATCH ()-[edge:REVIEWED]->()
RETURN 'REVIEWED' AS type, count(edge) AS count
UNION ALL
MATCH ()-[edge:WATCHLISTED]->()
RETURN 'WATCHLISTED' AS type, count(edge) AS count
UNION ALL
MATCH ()-[edge:CLICKED]->()
RETURN 'CLICKED' AS type, count(edge) AS count
UNION ALL
MATCH ()-[edge:SKIPPED]->()
RETURN 'SKIPPED' AS type, count(edge) AS count
UNION ALL
MATCH ()-[edge:MUTED]->()
RETURN 'MUTED' AS type, count(edge) AS count
