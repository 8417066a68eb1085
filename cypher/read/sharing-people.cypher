// purpose: dramas that share actors, directors or writers with one drama
// params:  dramaId, first
// returns: dramaId, personIds (in no order); most people first, ties by id
MATCH (seed:Drama {id: $dramaId})<-[:ACTED_IN|DIRECTED|WROTE]-(p:Person)
WHERE seed.title IS NOT NULL AND p.id IS NOT NULL AND p.name IS NOT NULL
WITH DISTINCT seed, p
MATCH (p)-[:ACTED_IN|DIRECTED|WROTE]->(other:Drama)
WHERE other <> seed AND other.id IS NOT NULL AND other.title IS NOT NULL
WITH other, collect(DISTINCT p.id) AS personIds
RETURN other.id AS dramaId, personIds
ORDER BY size(personIds) DESC, dramaId
LIMIT $first
