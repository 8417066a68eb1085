using GraphRec.Core;

namespace GraphRec.Contracts.Neo4j;

/// <summary>
/// Puts a graph into an empty Neo4j as the data model in docs/architecture.md describes it, with statements that share
/// nothing with the product's own.
/// </summary>
internal static class ExportLoad
{
    private const int Batch = 5000;

    public static async Task RunAsync(Neo4jServer server, GraphExport export, CancellationToken cancel)
    {
        foreach (var (label, key) in new[] { ("Drama", "id"), ("Person", "id"), ("User", "id"), ("Genre", "name"), ("Tag", "name"), ("Network", "name") })
            await server.RowsAsync($"CREATE CONSTRAINT ON (n:{label}) ASSERT n.{key} IS UNIQUE", cancel: cancel);
        await EachAsync("MERGE (d:Drama {id: row.id}) SET d.title = row.title", export.Dramas.Select(d => new { id = d.Id, title = d.Title }));
        await EachAsync("MERGE (p:Person {id: row.id}) SET p.name = row.name", export.People.Select(p => new { id = p.Id, name = p.Name }));
        await FactsAsync(EdgeType.HasGenre, d => d.Genres);
        await FactsAsync(EdgeType.Tagged, d => d.Tags);
        await FactsAsync(EdgeType.AiredOn, d => d.Networks);
        await EachAsync(
            $"{Find("d", "Drama", "id")} {Find("e", "Drama", "earlier")} CREATE (d)-[:FOLLOWS]->(e)",
            export.Dramas.Where(d => d.Follows is not null).Select(d => new { id = d.Id, earlier = d.Follows }));
        foreach (var role in export.Credits.GroupBy(c => c.Edge))
        {
            await EachAsync(
                $"{Find("p", "Person", "person")} {Find("d", "Drama", "drama")} CREATE (p)-[:{role.Key.Name()} {{order: row.order}}]->(d)",
                role.Select(c => new { person = c.PersonId, drama = c.DramaId, order = c.Order }));
        }
        await EachAsync("MERGE (:User {id: row})", export.Behaviour.Select(b => b.UserId).Distinct());
        foreach (var edges in export.Behaviour.GroupBy(b => (b.Type, b.Target.Kind)))
        {
            var key = edges.Key.Kind is NodeKind.Drama or NodeKind.Person ? "id" : "name";
            var value = edges.Key.Type switch { EdgeType.Watched => "progress: row.value, ", EdgeType.Rated or EdgeType.Reviewed => "rating: row.value, ", _ => "" };
            await EachAsync(
                $"{Find("u", "User", "user")} MERGE (t:{edges.Key.Kind} {{{key}: row.target}}) "
                + $"CREATE (u)-[:{edges.Key.Type.Name()} {{{value}firstAt: row.firstAt, lastAt: row.lastAt, times: row.times}}]->(t)",
                edges.Select(e => new
                {
                    user = e.UserId, target = e.Target.Id, value = e.Value, firstAt = e.FirstAt.ToUnixTimeMilliseconds(), lastAt = e.LastAt.ToUnixTimeMilliseconds(), times = e.Times,
                }));
        }

        Task FactsAsync(EdgeType type, Func<Drama, IReadOnlyList<string>> names) => EachAsync(
            $"{Find("d", "Drama", "id")} MERGE (n:{type.To()} {{name: row.name}}) CREATE (d)-[:{type.Name()} {{order: row.order}}]->(n)",
            export.Dramas.SelectMany(d => names(d).Select((name, i) => new { id = d.Id, name, order = i + 1 })));

        // Without the hint a plan made while there was nothing scans all nodes of the label for every row.
        string Find(string name, string label, string property) =>
            $"MATCH ({name}:{label} {{id: row.{property}}}) USING INDEX {name}:{label}(id) WITH *";

        async Task EachAsync<T>(string statement, IEnumerable<T> rows)
        {
            foreach (var batch in rows.Chunk(Batch)) await server.RowsAsync($"UNWIND $rows AS row {statement}", new { rows = batch }, cancel);
        }
    }
}
