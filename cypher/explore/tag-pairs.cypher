// purpose: tags that come together more often than chance would have it: themes that curators may want to name, or to merge
// params:  {"minDramas": 10, "first": 10}
// returns: tag, other, dramas (that have both), lift (over how many would, were the tags independent)
MATCH (d:Drama)-[:TAGGED]->(:Tag)
WHERE d.title IS NOT NULL
WITH count(DISTINCT d) AS tagged
MATCH (a:Tag)<-[:TAGGED]-(d:Drama)
WHERE d.title IS NOT NULL
WITH tagged, a, collect(DISTINCT d) AS ofA
WHERE size(ofA) >= $minDramas
UNWIND ofA AS d
MATCH (d)-[:TAGGED]->(b:Tag)
WHERE a.name < b.name
WITH tagged, a, size(ofA) AS ofA, b, count(DISTINCT d) AS dramas
WHERE dramas >= $minDramas
WITH tagged, b, collect({tag: a.name, ofA: ofA, dramas: dramas}) AS pairs
MATCH (b)<-[:TAGGED]-(d:Drama)
WHERE d.title IS NOT NULL
WITH tagged, b, pairs, count(DISTINCT d) AS ofB
UNWIND pairs AS pair
RETURN pair.tag AS tag, b.name AS other, pair.dramas AS dramas, 1.0 * pair.dramas * tagged / (1.0 * pair.ofA * ofB) AS lift
ORDER BY lift DESC, dramas DESC, tag, other
LIMIT $first
