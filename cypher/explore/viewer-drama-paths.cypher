// purpose: how a viewer is connected to a drama: from what they watched, rated or listed, over seasons and over what two dramas share; the rarest link first
// params:  {"user": "simulated-0610", "drama": "my-mister-2018", "first": 10}
// returns: did (what the viewer did), types (of the edges from there on), along (titles and names of the nodes), shared (dramas that the middle of the link joins)
MATCH (u:User {id: $user})-[seen:WATCHED|RATED|WATCHLISTED]->(x:Drama), (d:Drama {id: $drama})
WHERE x <> d AND x.title IS NOT NULL
WITH x, d, type(seen) AS did
ORDER BY did
WITH x, d, collect(did) AS did
MATCH link = (x)-[:ACTED_IN|DIRECTED|WROTE|HAS_GENRE|TAGGED|AIRED_ON|FOLLOWS*1..2]-(d)
WITH did, x, link, nodes(link)[1] AS middle
WITH middle, collect({did: did, types: [r IN relationships(link) | type(r)], along: [n IN nodes(link) | coalesce(n.title, n.name, n.id)], x: x.id}) AS links
WITH links, size([(middle)-[:ACTED_IN|DIRECTED|WROTE|HAS_GENRE|TAGGED|AIRED_ON|FOLLOWS]-(:Drama) | 1]) AS shared
UNWIND links AS found
RETURN found.did AS did, found.types AS types, found.along AS along, shared
ORDER BY shared, found.x, reduce(text = '', t IN found.types | text + ' ' + t)
LIMIT $first
