// purpose: to support one viewer: what each of their mutes hides, and what only that mute hides
// params:  {"user": "simulated-0610", "examples": 3}
// returns: muted (kind and name), hides (dramas), onlyThis (dramas that no other of their mutes hides), listed (of the hidden, on their watchlist), examples (of onlyThis)
MATCH (u:User {id: $user})-[:MUTED]->(m)
OPTIONAL MATCH (m)-[:ACTED_IN|DIRECTED|WROTE|HAS_GENRE|TAGGED]-(d:Drama)
WHERE d.title IS NOT NULL AND NOT m:Drama
WITH DISTINCT u, m, CASE WHEN m:Drama THEN m ELSE d END AS d
ORDER BY d.id
WITH u, m, collect(d) AS hidden
WITH u, collect({what: m, hidden: hidden}) AS mutes
UNWIND mutes AS mute
WITH u, mute.what AS m, mute.hidden AS hidden, [other IN mutes WHERE other.what <> mute.what | other.hidden] AS others
WITH u, m, hidden, [d IN hidden WHERE NONE(other IN others WHERE d IN other)] AS own
RETURN [l IN labels(m) WHERE l IN ['Drama', 'Person', 'Genre', 'Tag']][0] + ' ' + coalesce(m.title, m.name, m.id) AS muted, size(hidden) AS hides,
       size(own) AS onlyThis, size([d IN hidden WHERE (u)-[:WATCHLISTED]->(d)]) AS listed, [d IN own[0..$examples] | d.title] AS examples
ORDER BY hides DESC, muted
