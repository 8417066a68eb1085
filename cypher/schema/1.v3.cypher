// purpose: version 1 of the constraints and indexes, as Neo4j 3.x spells them; each statement may run again
// params:  none
// returns: nothing
CREATE CONSTRAINT ON (g:GraphState) ASSERT g.key IS UNIQUE;
CREATE CONSTRAINT ON (u:User) ASSERT u.id IS UNIQUE;
CREATE CONSTRAINT ON (d:Drama) ASSERT d.id IS UNIQUE;
CREATE CONSTRAINT ON (p:Person) ASSERT p.id IS UNIQUE;
CREATE CONSTRAINT ON (g:Genre) ASSERT g.name IS UNIQUE;
CREATE CONSTRAINT ON (t:Tag) ASSERT t.name IS UNIQUE;
CREATE CONSTRAINT ON (n:Network) ASSERT n.name IS UNIQUE;
CREATE CONSTRAINT ON (e:Event) ASSERT e.id IS UNIQUE;
CREATE CONSTRAINT ON (e:Event) ASSERT e.sequence IS UNIQUE;
CREATE CONSTRAINT ON (p:Page) ASSERT p.id IS UNIQUE;
CREATE CONSTRAINT ON (p:Page) ASSERT p.position IS UNIQUE;
CREATE INDEX ON :Drama(title);
CREATE INDEX ON :Person(name);
CREATE INDEX ON :Event(userId);
CREATE INDEX ON :Event(attributionId);
