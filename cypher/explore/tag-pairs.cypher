// purpose: tags that come together more often than chance would have it: themes that curators may want to name, or to merge
// params:  {"minDramas": 10, "first": 10}
// returns: tag, other, dramas (that have both), lift (over how many would, were the tags independent)
MATCH (d:Drama)-[:TAGGED]->(:Tag)
WHERE d.title IS NOT NULL
WITH count(DISTINCT d) AS tagged
MATCH (t:Tag)<-[:TAGGED]-(d:Drama)
WHERE d.title IS NOT NULL
WITH tagged, t.name AS tag, collect(DISTINCT d) AS having
WHERE size(having) >= $minDramas
UNWIND having AS d
WITH tagged, tag, size(having) AS anywhere, d
ORDER BY tag
WITH tagged, d, collect({tag: tag, anywhere: anywhere}) AS tags
UNWIND range(0, size(tags) - 2) AS i
UNWIND tags[i + 1..] AS b
WITH tagged, tags[i] AS a, b, count(*) AS dramas
WHERE dramas >= $minDramas
RETURN a.tag AS tag, b.tag AS other, dramas, 1.0 * dramas * tagged / (1.0 * a.anywhere * b.anywhere) AS lift
ORDER BY lift DESC, dramas DESC, tag, other
LIMIT $first
