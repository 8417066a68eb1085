using GraphRec.Core;
using GraphRec.Storage.Neo4j;
using Xunit;

namespace GraphRec.Contracts.Neo4j.Client;

/// <summary>Which interface is chosen, and what is said of a server that has none.</summary>
public sealed class DiscoveryTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static async Task<StorageException> RefusedAsync(int status, string body, params string[] headers)
    {
        await using var server = new ScriptedServer((_, stream, _) => ScriptedServer.WriteAsync(stream, status, body, headers));
        return await Assert.ThrowsAsync<StorageException>(() => Neo4jClient.ConnectAsync(new Neo4jOptions(server.Uri) { Attempts = 1 }, Cancel));
    }

    [Theory]
    [InlineData("2.3.3", "is Neo4j 2.3.3; GraphRec needs 3.1 to 3.5, or 4.4 and later")]
    [InlineData("3.0.12", "is Neo4j 3.0.12; GraphRec needs 3.1 to 3.5, or 4.4 and later")]
    [InlineData("4.3.23", "is Neo4j 4.3.23; GraphRec needs 3.1 to 3.5, or 4.4 and later")]
    [InlineData("latest", "is Neo4j of the unknown version 'latest'")]
    public async Task A_version_that_cannot_be_used_is_named(string version, string message) =>
        Assert.Contains(message, (await RefusedAsync(200, FakeNeo4j.Discovery.Replace("4.4.0", version))).Message);

    [Theory]
    [InlineData("4.4.0")]
    [InlineData("5.18.1")]
    [InlineData("2026.03")]
    [InlineData("5.27.0-2025040")]
    public async Task Other_versions_can_be_used(string version)
    {
        await using var server = new ScriptedServer((_, stream, _) => ScriptedServer.WriteAsync(stream, 200, FakeNeo4j.Discovery.Replace("4.4.0", version)));
        using var client = await Neo4jClient.ConnectAsync(new Neo4jOptions(server.Uri), Cancel);
        Assert.Equal((version, Neo4jDialect.V4), (client.ServerVersion, client.Dialect));
    }

    [Theory]
    [InlineData(404, "Not here", "does not answer as Neo4j does")]
    [InlineData(200, "<html>It works!</html>", "does not answer as Neo4j does")]
    [InlineData(200, """{"name":"You Know, for Search"}""", "there is no neo4j_version in what stands at its root")]
    [InlineData(200, "[]", "there is no neo4j_version in what stands at its root")]
    [InlineData(200, """{"neo4j_version":"5.26.0"}""", "its HTTP modules are switched off")]
    public async Task What_is_no_Neo4j_is_told_so(int status, string body, string message)
    {
        var refused = await RefusedAsync(status, body);
        Assert.Contains(message, refused.Message);
        Assert.False(refused.Retryable);
    }

    [Fact]
    public async Task Who_is_sent_elsewhere_is_told_where() =>
        Assert.Contains("answers that Neo4j is at https://other.example:7473/: configure that address", (await RefusedAsync(302, "", "Location: https://other.example:7473/")).Message);

    [Fact]
    public async Task Of_3_x_the_second_document_names_the_endpoint()
    {
        await using var server = new ScriptedServer((request, stream, _) => ScriptedServer.WriteAsync(stream, 200, request.Path switch
        {
            "/" => """{"management":"http://inside:7474/db/manage/","data":"http://inside:7474/db/data/","bolt":"bolt://inside:7687"}""",
            "/db/data/" => """{"transaction":"http://inside:7474/db/data/transaction","neo4j_version":"3.5.35"}""",
            "/db/data/transaction" => """{"results":[],"errors":[],"commit":"http://inside:7474/db/data/transaction/9/commit"}""",
            _ => FakeNeo4j.Rows(1),
        }));
        using var client = await Neo4jClient.ConnectAsync(new Neo4jOptions(server.Uri), Cancel);
        Assert.Equal(("3.5.35", Neo4jDialect.V3), (client.ServerVersion, client.Dialect));
        await client.QueryAsync("test", new Cypher("test/one", "RETURN 1").With(), row => 0, Cancel);
        Assert.Equal("/db/data/transaction/9/commit", server.Heard[^1].Path);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/graph/neo4j")]
    public async Task Host_port_and_path_of_the_configured_address_are_kept(string path)
    {
        await using var server = new ScriptedServer((request, stream, _) => ScriptedServer.WriteAsync(
            stream, 200, request.Method == "GET" ? """{"query":"https://inside:1/db/{databaseName}/query/v2","neo4j_version":"2026.03"}""" : """{"data":{"fields":[],"values":[]},"bookmarks":[]}"""));
        using var client = await Neo4jClient.ConnectAsync(new Neo4jOptions(new Uri(server.Uri, path)) { Database = "a b" }, Cancel);
        await client.QueryAsync("test", new Cypher("test/one", "RETURN 1").With(), row => 0, Cancel);
        Assert.Equal([path.TrimEnd('/') + "/", path.TrimEnd('/') + "/db/a%20b/query/v2"], server.Heard.Select(r => r.Path));
    }
}
