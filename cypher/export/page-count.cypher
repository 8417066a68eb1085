// purpose: how many pages are kept
// params:  none
// returns: count
MATCH (p:Page)
RETURN count(p)
