// purpose: writes behaviour edges to dramas as given, over what is there; a drama that is missing becomes a stub
// params:  edges: list of {user, type, target, value, firstAt, lastAt, times}; value is a share, a rating, or counts for nothing
// returns: nothing
UNWIND $edges AS edge
MERGE (u:User {id: edge.user})
MERGE (d:Drama {id: edge.target})
FOREACH (ignored IN CASE edge.type WHEN 'WATCHED' THEN [1] ELSE [] END |
  MERGE (u)-[r:WATCHED]->(d)
  SET r.progress = toFloat(edge.value), r.firstAt = edge.firstAt, r.lastAt = edge.lastAt, r.times = edge.times)
FOREACH (ignored IN CASE edge.type WHEN 'RATED' THEN [1] ELSE [] END |
  MERGE (u)-[r:RATED]->(d)
  SET r.rating = toFloat(edge.value), r.firstAt = edge.firstAt, r.lastAt = edge.lastAt, r.times = edge.times)
FOREACH (ignored IN CASE edge.type WHEN 'REVIEWED' THEN [1] ELSE [] END |
  MERGE (u)-[r:REVIEWED]->(d)
  SET r.rating = toFloat(edge.value), r.firstAt = edge.firstAt, r.lastAt = edge.lastAt, r.times = edge.times)
FOREACH (ignored IN CASE edge.type WHEN 'WATCHLISTED' THEN [1] ELSE [] END |
  MERGE (u)-[r:WATCHLISTED]->(d)
  SET r.firstAt = edge.firstAt, r.lastAt = edge.lastAt, r.times = edge.times)
FOREACH (ignored IN CASE edge.type WHEN 'CLICKED' THEN [1] ELSE [] END |
  MERGE (u)-[r:CLICKED]->(d)
  SET r.firstAt = edge.firstAt, r.lastAt = edge.lastAt, r.times = edge.times)
FOREACH (ignored IN CASE edge.type WHEN 'SKIPPED' THEN [1] ELSE [] END |
  MERGE (u)-[r:SKIPPED]->(d)
  SET r.firstAt = edge.firstAt, r.lastAt = edge.lastAt, r.times = edge.times)
FOREACH (ignored IN CASE edge.type WHEN 'MUTED' THEN [1] ELSE [] END |
  MERGE (u)-[r:MUTED]->(d)
  SET r.firstAt = edge.firstAt, r.lastAt = edge.lastAt, r.times = edge.times)
