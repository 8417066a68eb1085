// purpose: every relationship type that some edge has or had
// params:  none
// returns: type
CALL db.relationshipTypes() YIELD relationshipType
RETURN relationshipType
