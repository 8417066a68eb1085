// purpose: taste communities, as one round of label propagation: every drama joins, of the most watched ones, that whose audience it overlaps most
// params:  {"hubs": 10, "members": 4, "tags": 4}
// returns: hub, audience (engaged with it), dramas (that joined it), nearest (the closest of them), tags (of three or more of its dramas, by these squared over dramas anywhere)
MATCH (hub:Drama)<-[w:WATCHED]-(:User)
WHERE hub.title IS NOT NULL
WITH hub, count(w) AS watched
ORDER BY watched DESC, hub.id
LIMIT $hubs
MATCH (hub)<-[r:WATCHED|RATED]-(u:User)
WITH hub, u, max(r.rating) AS rating, max(r.progress) AS progress
WHERE rating >= 6 OR (rating IS NULL AND progress >= 0.4)
WITH hub, collect(u) AS viewers, count(*) AS audience
WHERE audience >= 5
WITH collect({drama: hub, viewers: viewers, audience: audience}) AS hubs
WITH hubs, [h IN hubs | h.drama] AS taken
UNWIND hubs AS h
UNWIND h.viewers AS u
MATCH (u)-[r:WATCHED|RATED]->(d:Drama)
WHERE d.title IS NOT NULL AND NOT d IN taken
WITH h.drama AS hub, h.audience AS audience, d, u, max(r.rating) AS rating, max(r.progress) AS progress
WHERE rating >= 6 OR (rating IS NULL AND progress >= 0.4)
WITH hub, audience, d, count(*) AS common
WHERE common >= 5
WITH d, collect({hub: hub, audience: audience, common: common}) AS near
MATCH (d)<-[r:WATCHED|RATED]-(v:User)
WITH d, near, v, max(r.rating) AS rating, max(r.progress) AS progress
WHERE rating >= 6 OR (rating IS NULL AND progress >= 0.4)
WITH d, near, count(*) AS ofD
UNWIND near AS n
WITH d, n.hub AS hub, n.audience AS audience, n.common / sqrt(1.0 * n.audience * ofD) AS cosine
ORDER BY cosine DESC, hub.id
WITH d, collect({hub: hub, audience: audience, cosine: cosine})[0] AS best
WITH d, best.hub AS hub, best.audience AS audience, best.cosine AS cosine
ORDER BY cosine DESC, d.id
WITH hub, audience, collect(d) AS joined
UNWIND joined + [hub] AS d
OPTIONAL MATCH (d)-[:TAGGED]->(t:Tag)
WITH hub, audience, joined, t, count(DISTINCT d) AS inside
WITH t, collect({hub: hub, audience: audience, joined: joined, inside: inside}) AS uses
OPTIONAL MATCH (t)<-[:TAGGED]-(x:Drama)
WHERE x.title IS NOT NULL
WITH t, uses, count(DISTINCT x) AS anywhere
UNWIND uses AS use
WITH use.hub AS hub, use.audience AS audience, use.joined AS joined, t, CASE WHEN t IS NULL OR use.inside < 3 THEN 0.0 ELSE use.inside * use.inside / (1.0 * anywhere) END AS weight
ORDER BY weight DESC, t.name
WITH hub.id AS id, hub.title AS hub, audience, joined, collect(CASE WHEN weight > 0 THEN t.name END)[0..$tags] AS tags
ORDER BY audience DESC, id
RETURN hub, audience, size(joined) AS dramas, [d IN joined[0..$members] | d.title] AS nearest, tags
