// purpose: which events contradict the log: their id stands there at another place, or another event stands at theirs
// params:  events: list of {id, sequence}
// returns: id, sequence, and the id and sequence of the logged event; a row per contradiction
UNWIND $events AS event
MATCH (e:Event {id: event.id})
USING INDEX e:Event(id)
WHERE e.sequence <> event.sequence
RETURN event.id AS id, event.sequence AS sequence, e.id AS loggedId, e.sequence AS loggedSequence
UNION ALL
UNWIND $events AS event
MATCH (e:Event {sequence: event.sequence})
USING INDEX e:Event(sequence)
WHERE e.id <> event.id
RETURN event.id AS id, event.sequence AS sequence, e.id AS loggedId, e.sequence AS loggedSequence
