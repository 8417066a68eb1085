using GraphRec.Core;
using GraphRec.Storage.Neo4j;
using Xunit;

namespace GraphRec.Contracts.Neo4j.Client;

/// <summary>The client and the transactional endpoint of 4.x and 5.x, as its manual shows it: see exchanges/README.md.</summary>
public sealed class HttpApiTests
{
    private static readonly Statement Named = new Cypher("test/named", "MERGE (n:GraphRecExchange {name: $name, age: $age}) RETURN n, n.name").With(new { name = "Alice", age = 42 });
    private static readonly Statement Unwound = new Cypher("test/unwound", "UNWIND $names AS name RETURN name, size(name)").With(new { names = new[] { "Alice", "Bob" } });
    private static readonly Statement Fails = new Cypher("test/fails", "UNWIND [2, 1, 0] AS n RETURN 2 / n").With();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static Statement Return(int number) => new Cypher($"test/{number}", $"RETURN {number}").With();

    [Fact]
    public async Task Work_runs_in_one_transaction_and_the_next_sees_what_it_left()
    {
        await using var recording = new Recording("http-api.discovery", "http-api.begin", "http-api.run", "http-api.commit", "http-api.begin-after", "http-api.second-fails", "http-api.rollback");
        using var client = await recording.ConnectAsync();
        Assert.Equal(("4.4.0", Neo4jDialect.V4), (client.ServerVersion, client.Dialect));

        var rows = new List<string>();
        await client.TransactAsync(
            "test",
            async transaction =>
            {
                await transaction.RunAsync([Return(1), Unwound], (statement, row) => rows.Add($"{statement}: {row[0]}"));
                await transaction.CommitAsync(Named);
                return 0;
            },
            Cancel);
        Assert.Equal(["0: 1", "1: Alice", "1: Bob"], rows);

        var failed = await Assert.ThrowsAsync<StorageException>(() => client.RunAsync("test", [Return(1), Fails, Return(3)], (_, _) => { }, Cancel));
        Assert.Contains("Neo.ClientError.Statement.ArithmeticError in cypher/test/fails.cypher (statement 2 of 3): / by zero", failed.Message);
        recording.Holds();
    }

    [Fact]
    public async Task A_statement_runs_in_a_transaction_that_was_begun_for_it()
    {
        await using var recording = new Recording("http-api.discovery", "http-api.begin", "http-api.commit");
        using var client = await recording.ConnectAsync();
        Assert.Equal([("Alice", 42)], await client.QueryAsync("test", Named, row => (row.String(1), row[0].Property("age").GetInt32()), Cancel));
        recording.Holds();
    }

    [Fact]
    public async Task A_recording_that_is_not_what_the_client_does_fails()
    {
        if (Recording.IsLive) Assert.Skip("It is about the recordings.");
        await using var recording = new Recording("http-api.discovery", "http-api.begin-after", "http-api.commit");
        using var client = await recording.ConnectAsync();
        await Assert.ThrowsAsync<StorageException>(() => client.QueryAsync("test", Named, row => 0, Cancel));
        var shown = Assert.ThrowsAny<Exception>(recording.Holds).Message;
        Assert.Contains("http-api.begin-after: Bookmarks: '[\"FB:kcwQt8DpQx5zR0uN3Oj/OudM3QaQ\"]' was recorded, '' came", shown);
    }
}
