// purpose: little-watched dramas that the fans of a genre like far more than others do, by lift; a fan engaged with some other dramas of it
// params:  {"genre": "Mystery", "fanOf": 6, "maxViewers": 30, "first": 10}
// returns: drama, viewers (engaged), fans (of them; at least 5), lift (share of fans among them over that among all viewers), shrunk (the same with ten usual viewers added; the order)
MATCH (u:User)-[r:WATCHED|RATED]->(d:Drama)
WHERE d.title IS NOT NULL
WITH u, d, max(r.rating) AS rating, max(r.progress) AS progress
WHERE rating >= 6 OR (rating IS NULL AND progress >= 0.4)
WITH u, d, CASE WHEN (d)-[:HAS_GENRE]->(:Genre {name: $genre}) THEN 1 ELSE 0 END AS ofGenre
WITH u, collect({drama: d, ofGenre: ofGenre}) AS seen, sum(ofGenre) AS known
WITH collect({seen: seen, known: known}) AS audience, 1.0 * sum(CASE WHEN known >= $fanOf THEN 1 ELSE 0 END) / count(*) AS usual
UNWIND audience AS viewer
UNWIND viewer.seen AS one
// The drama itself makes nobody a fan, or every drama of the genre would have a lift by definition.
WITH usual, one.drama AS d, CASE WHEN viewer.known - one.ofGenre >= $fanOf THEN 1 ELSE 0 END AS fan
WITH usual, d, count(*) AS viewers, sum(fan) AS fans
WHERE fans >= 5 AND viewers <= $maxViewers
WITH d, viewers, fans, fans / (viewers * usual) AS lift, (fans + 10 * usual) / ((viewers + 10) * usual) AS shrunk
RETURN d.title AS drama, viewers, fans, lift, shrunk
ORDER BY shrunk DESC, d.id
LIMIT $first
