// purpose: which of these pages are kept already
// params:  ids: list of page ids
// returns: id; a row per known page
UNWIND $ids AS id
MATCH (p:Page {id: id})
USING INDEX p:Page(id)
RETURN p.id
