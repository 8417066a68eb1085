// purpose: which events contradict the log: their id stands there at another place, or another event stands at theirs
// params:  events: list of {id, sequence}
// returns: id, sequence, and the id and sequence of the logged event; a row per contradiction
// (not as OPTIONAL MATCH: 3.1 then pays no attention to the index, and looks at every event for every event)
UNWIND $events AS event
MATCH (other:Event {id: event.id})
USING INDEX other:Event(id)
WITH event, other
WHERE other.sequence <> event.sequence
RETURN event.id AS id, event.sequence AS sequence, other.id AS loggedId, other.sequence AS loggedSequence
UNION
UNWIND $events AS event
MATCH (other:Event {sequence: event.sequence})
USING INDEX other:Event(sequence)
WITH event, other
WHERE other.id <> event.id
RETURN event.id AS id, event.sequence AS sequence, other.id AS loggedId, other.sequence AS loggedSequence
