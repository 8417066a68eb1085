// purpose: dramas with their lists, by id: for look-ups, and to see what a write would change
// params:  ids
// returns: drama; genres, tags, networks: each [name, edge]; follows: ids
UNWIND $ids AS id
MATCH (d:Drama {id: id})
USING INDEX d:Drama(id)
RETURN d,
  [(d)-[hasGenre:HAS_GENRE]->(genre:Genre) | [genre.name, hasGenre]],
  [(d)-[tagged:TAGGED]->(tag:Tag) | [tag.name, tagged]],
  [(d)-[airedOn:AIRED_ON]->(network:Network) | [network.name, airedOn]],
  [(d)-[:FOLLOWS]->(earlier:Drama) | earlier.id]
