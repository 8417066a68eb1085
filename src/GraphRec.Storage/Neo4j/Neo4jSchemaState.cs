namespace GraphRec.Storage.Neo4j;

/// <summary>What constraints and indexes a Neo4j has, and would get.</summary>
/// <param name="Server">What the server says it is, such as "3.1.1".</param>
/// <param name="Applied">The version of the schema that is applied; 0 for none.</param>
/// <param name="Current">The version that this GraphRec needs.</param>
/// <param name="Statements">The statements of all versions, as this server spells them.</param>
public sealed record Neo4jSchemaState(string Server, int Applied, int Current, IReadOnlyList<string> Statements)
{
    /// <summary>Reads the state; changes nothing.</summary>
    /// <exception cref="Core.StorageException">The server cannot be reached or used.</exception>
    public static async Task<Neo4jSchemaState> ReadAsync(Neo4jOptions options, CancellationToken cancel = default)
    {
        using var client = await Neo4jClient.ConnectAsync(options, cancel).ConfigureAwait(false);
        return Of(client, await Neo4jSchema.VersionAsync(client, cancel).ConfigureAwait(false));
    }

    /// <summary>Applies what is missing; returns the state as it was before.</summary>
    /// <exception cref="Core.StorageException">The server cannot be reached or used, or what it stores breaks a constraint.</exception>
    public static async Task<Neo4jSchemaState> ApplyAsync(Neo4jOptions options, CancellationToken cancel = default)
    {
        using var client = await Neo4jClient.ConnectAsync(options, cancel).ConfigureAwait(false);
        return Of(client, await Neo4jSchema.ApplyAsync(client, again: true, cancel).ConfigureAwait(false));
    }

    private static Neo4jSchemaState Of(Neo4jClient client, int applied) => new(
        client.ServerVersion, applied, Neo4jSchema.Current,
        [.. Enumerable.Range(1, Neo4jSchema.Current).SelectMany(version => Neo4jSchema.StatementsOf(version, client)).Select(s => s.Query.Text)]);
}
