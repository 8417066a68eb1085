// purpose: takes the derived edges of some dramas away, before their new ones are written in the same transaction
// params:  ids
// returns: nothing
UNWIND $ids AS id
MATCH (a:Drama {id: id})
USING INDEX a:Drama(id)
WITH a
MATCH (a)-[r:WALKS_TO|CO_WATCHED]->()
DELETE r
