// purpose: writes mutes of people, genres and tags as given, over what is there; a node that is missing is made
// params:  edges: list of {user, kind, target, firstAt, lastAt, times}; kind is a label
// returns: nothing
UNWIND $edges AS edge
MERGE (u:User {id: edge.user})
FOREACH (ignored IN CASE edge.kind WHEN 'Person' THEN [1] ELSE [] END |
  MERGE (p:Person {id: edge.target})
  MERGE (u)-[r:MUTED]->(p)
  SET r.firstAt = edge.firstAt, r.lastAt = edge.lastAt, r.times = edge.times)
FOREACH (ignored IN CASE edge.kind WHEN 'Genre' THEN [1] ELSE [] END |
  MERGE (g:Genre {name: edge.target})
  MERGE (u)-[r:MUTED]->(g)
  SET r.firstAt = edge.firstAt, r.lastAt = edge.lastAt, r.times = edge.times)
FOREACH (ignored IN CASE edge.kind WHEN 'Tag' THEN [1] ELSE [] END |
  MERGE (t:Tag {name: edge.target})
  MERGE (u)-[r:MUTED]->(t)
  SET r.firstAt = edge.firstAt, r.lastAt = edge.lastAt, r.times = edge.times)
