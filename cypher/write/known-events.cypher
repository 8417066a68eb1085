// purpose: which of these events the log holds already
// params:  ids: list of event ids
// returns: id; a row per known event
UNWIND $ids AS id
MATCH (e:Event {id: id})
USING INDEX e:Event(id)
RETURN e.id
