// purpose: the pages that were shown after one of them, in their order
// params:  after: position of that page; first: how many
// returns: id, userId, at, body, position
MATCH (p:Page)
USING INDEX p:Page(position)
WHERE p.position > $after
RETURN p.id, p.userId, p.at, p.body, p.position
ORDER BY p.position
LIMIT $first
