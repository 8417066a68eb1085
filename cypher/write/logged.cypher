// purpose: what the log has under these ids and at these places, to be compared with the events that come
// params:  ids: list of event ids; sequences: list of their sequences
// returns: id, sequence; a row per logged event
// (IN, because 3.1 may scan the index for each row of an UNWIND: 5,000 events took a minute)
MATCH (e:Event)
USING INDEX e:Event(id)
WHERE e.id IN $ids
RETURN e.id AS id, e.sequence AS sequence
UNION
MATCH (e:Event)
USING INDEX e:Event(sequence)
WHERE e.sequence IN $sequences
RETURN e.id AS id, e.sequence AS sequence
