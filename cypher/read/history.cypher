// purpose: everything that one viewer did
// params:  userId
// returns: type, labels and key of the target, value (progress of WATCHED, rating of RATED and REVIEWED), firstAt, lastAt, times; in no order
MATCH (:User {id: $userId})-[r:WATCHED|RATED|REVIEWED|WATCHLISTED|CLICKED|SKIPPED|MUTED]->(t)
RETURN type(r), labels(t), CASE WHEN t:Drama OR t:Person THEN t.id ELSE t.name END,
  CASE type(r) WHEN 'WATCHED' THEN r.progress WHEN 'RATED' THEN r.rating WHEN 'REVIEWED' THEN r.rating END, r.firstAt, r.lastAt, r.times
