// purpose: keeps pages that were shown; none of them is there yet
// params:  pages: list of {id, position, userId, at, graphVersion, modelVersion, body}
// returns: nothing
UNWIND $pages AS page
CREATE (p:Page)
SET p = page
