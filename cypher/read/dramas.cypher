// purpose: dramas with their lists, by id: for look-ups, and to see what a write would change
// params:  ids
// returns: drama; genres, tags, networks: each [name, edge]; follows: ids
// IN, not UNWIND: a plan that was made while the store was empty scans, and then does so once and not for every id.
MATCH (d:Drama)
WHERE d.id IN $ids
RETURN d,
  [(d)-[hasGenre:HAS_GENRE]->(genre:Genre) | [genre.name, hasGenre]],
  [(d)-[tagged:TAGGED]->(tag:Tag) | [tag.name, tagged]],
  [(d)-[airedOn:AIRED_ON]->(network:Network) | [network.name, airedOn]],
  [(d)-[:FOLLOWS]->(earlier:Drama) | earlier.id]
