// purpose: keeps events in the log; an event that is there stays as it is
// params:  events: list of {id, sequence, userId, kind, targetKind, targetId, value, at, attributionId, device, region, hasContext}
// returns: nothing
UNWIND $events AS event
MERGE (e:Event {id: event.id})
ON CREATE SET e = event, e.value = toFloat(event.value)
