// purpose: version 1 of the constraints and indexes, as Neo4j 4.4 and later spell them; each statement may run again
// params:  none
// returns: nothing
CREATE CONSTRAINT graph_state_key IF NOT EXISTS FOR (g:GraphState) REQUIRE g.key IS UNIQUE;
CREATE CONSTRAINT user_id IF NOT EXISTS FOR (u:User) REQUIRE u.id IS UNIQUE;
CREATE CONSTRAINT drama_id IF NOT EXISTS FOR (d:Drama) REQUIRE d.id IS UNIQUE;
CREATE CONSTRAINT person_id IF NOT EXISTS FOR (p:Person) REQUIRE p.id IS UNIQUE;
CREATE CONSTRAINT genre_name IF NOT EXISTS FOR (g:Genre) REQUIRE g.name IS UNIQUE;
CREATE CONSTRAINT tag_name IF NOT EXISTS FOR (t:Tag) REQUIRE t.name IS UNIQUE;
CREATE CONSTRAINT network_name IF NOT EXISTS FOR (n:Network) REQUIRE n.name IS UNIQUE;
CREATE CONSTRAINT event_id IF NOT EXISTS FOR (e:Event) REQUIRE e.id IS UNIQUE;
CREATE CONSTRAINT event_sequence IF NOT EXISTS FOR (e:Event) REQUIRE e.sequence IS UNIQUE;
CREATE CONSTRAINT page_id IF NOT EXISTS FOR (p:Page) REQUIRE p.id IS UNIQUE;
CREATE CONSTRAINT page_position IF NOT EXISTS FOR (p:Page) REQUIRE p.position IS UNIQUE;
CREATE INDEX drama_title IF NOT EXISTS FOR (d:Drama) ON (d.title);
CREATE INDEX person_name IF NOT EXISTS FOR (p:Person) ON (p.name);
CREATE INDEX event_user IF NOT EXISTS FOR (e:Event) ON (e.userId);
CREATE INDEX event_attribution IF NOT EXISTS FOR (e:Event) ON (e.attributionId);
