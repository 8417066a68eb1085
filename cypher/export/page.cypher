// purpose: a page that was shown
// params:  id
// returns: id, userId, at, body; no row when it is not kept
MATCH (p:Page {id: $id})
USING INDEX p:Page(id)
RETURN p.id, p.userId, p.at, p.body
