// purpose: which events contradict the log: their id stands there at another place, or another event stands at theirs
// params:  events: list of {id, sequence}
// returns: id, sequence, and the id and sequence of the logged event; a row per contradiction
UNWIND $events AS event
OPTIONAL MATCH (same:Event {id: event.id})
USING INDEX same:Event(id)
WITH event, same
OPTIONAL MATCH (there:Event {sequence: event.sequence})
USING INDEX there:Event(sequence)
WITH event, [n IN [same, there] WHERE n.id <> event.id OR n.sequence <> event.sequence] AS others
UNWIND others AS other
RETURN event.id, event.sequence, other.id, other.sequence
