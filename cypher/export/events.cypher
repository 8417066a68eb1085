// purpose: a stretch of the event log, in order
// params:  after, through: sequences; the events with after < sequence <= through
// returns: the event
MATCH (e:Event)
USING INDEX e:Event(sequence)
WHERE e.sequence > $after AND e.sequence <= $through
RETURN e
ORDER BY e.sequence
