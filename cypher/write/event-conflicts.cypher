// purpose: which events contradict the log: their id stands there at another place, or another event stands at theirs
// params:  events: list of {id, sequence}
// returns: id, sequence, and the id and sequence of the logged event; a row per contradiction
// The conditions stand after WITH DISTINCT, or 3.1 scans the index for each event instead of looking it up.
UNWIND $events AS event
MATCH (e:Event {id: event.id})
USING INDEX e:Event(id)
WITH DISTINCT event, e
WHERE e.sequence <> event.sequence
RETURN event.id AS id, event.sequence AS sequence, e.id AS loggedId, e.sequence AS loggedSequence
UNION ALL
UNWIND $events AS event
MATCH (e:Event {sequence: event.sequence})
USING INDEX e:Event(sequence)
WITH DISTINCT event, e
WHERE e.id <> event.id
RETURN event.id AS id, event.sequence AS sequence, e.id AS loggedId, e.sequence AS loggedSequence
