using GraphRec.Core;

namespace GraphRec.Storage.Neo4j;

/// <summary>
/// Constraints and indexes, in versions that are only added to: <c>cypher/schema/{version}.{dialect}.cypher</c>. Every
/// statement may run again, so that an interrupted application is finished by the next.
/// </summary>
internal static class Neo4jSchema
{
    /// <summary>The version that this GraphRec needs.</summary>
    public const int Current = 1;

    /// <summary>The version that is applied; 0 for none.</summary>
    public static async Task<int> VersionAsync(Neo4jClient client, CancellationToken cancel) =>
        (await client.QueryAsync("schema version", Cypher.File("schema/version").With(), row => row.Int32(0), cancel).ConfigureAwait(false)).FirstOrDefault();

    /// <summary>Applies what is missing. Returns the version there was.</summary>
    /// <param name="client">The server.</param>
    /// <param name="again">Also the versions that are applied: somebody may have dropped what they made.</param>
    /// <param name="cancel">Stops.</param>
    /// <exception cref="StorageException">A newer GraphRec wrote there, or what is stored breaks a constraint; the message says what.</exception>
    public static async Task<int> ApplyAsync(Neo4jClient client, bool again, CancellationToken cancel)
    {
        var applied = await VersionAsync(client, cancel).ConfigureAwait(false);
        if (applied > Current)
        {
            throw new StorageException(Neo4jClient.Store, "schema apply", retryable: false,
                $"the graph has schema version {applied}, but this GraphRec knows versions up to {Current}; use the newer GraphRec that wrote it.");
        }
        for (var version = again ? 1 : applied + 1; version <= Current; version++)
        {
            // One transaction each: Neo4j takes no data in a transaction that changes the schema.
            foreach (var statement in StatementsOf(version, client))
                await client.RunAsync("schema apply", [statement], static (_, _) => { }, cancel, idempotent: true).ConfigureAwait(false);
            await client.RunAsync(
                "schema apply", [Cypher.File("write/lock").With(), Cypher.File("schema/set-version").With(new { version })], static (_, _) => { }, cancel, idempotent: true).ConfigureAwait(false);
        }
        return applied;
    }

    /// <summary>The statements of a version, as the server spells them.</summary>
    public static IEnumerable<Statement> StatementsOf(int version, Neo4jClient client) =>
        Cypher.File($"schema/{version}.{(client.Dialect == Neo4jDialect.V3 ? "v3" : "v4")}").Statements();
}
