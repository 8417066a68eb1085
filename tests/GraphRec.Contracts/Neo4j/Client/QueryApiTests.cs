using GraphRec.Core;
using GraphRec.Storage.Neo4j;
using Xunit;

namespace GraphRec.Contracts.Neo4j.Client;

/// <summary>The client and the Query API of 5.19 and later, as its manual shows it: see exchanges/README.md.</summary>
public sealed class QueryApiTests
{
    private static readonly Statement Named = new Cypher("test/named", "MERGE (n:GraphRecExchange {name: $name, age: $age}) RETURN n, n.name").With(new { name = "Alice", age = 42 });
    private static readonly Statement Unwound = new Cypher("test/unwound", "UNWIND $names AS name RETURN name, size(name)").With(new { names = new[] { "Alice", "Bob" } });
    private static readonly Statement Fails = new Cypher("test/fails", "UNWIND [2, 1, 0] AS n RETURN 2 / n").With();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_statement_is_one_request_and_the_next_sees_what_it_left()
    {
        await using var recording = new Recording("query-api.discovery", "query-api.query", "query-api.query-after");
        using var client = await recording.ConnectAsync();
        Assert.Equal(("5.19.0", Neo4jDialect.V4), (client.ServerVersion, client.Dialect));

        // A node is its properties here as with every other interface, also in a list.
        var first = await client.QueryAsync("test", Named, row => (row[0].Property("age").GetInt32(), row.String(1)), Cancel);
        Assert.Equal([(42, "Alice")], first);
        var collected = new Cypher("test/collected", "MATCH (n:GraphRecExchange {name: $name}) RETURN collect(n)").With(new { name = "Alice" });
        Assert.Equal(["Alice"], (await client.QueryAsync("test", collected, row => row[0].EnumerateArray().Select(n => n.Property("name").GetString()!).ToArray(), Cancel)).Single());
        recording.Holds();
    }

    [Fact]
    public async Task Several_statements_are_a_transaction_of_several_requests()
    {
        await using var recording = new Recording("query-api.discovery", "query-api.begin", "query-api.run", "query-api.commit-with-statement");
        using var client = await recording.ConnectAsync();
        var rows = new List<string>();
        await client.RunAsync("test", [Unwound, new Cypher("test/one", "RETURN 1 AS n").With()], (statement, row) => rows.Add($"{statement}: {row[0]}"), Cancel);
        Assert.Equal(["0: Alice", "0: Bob", "1: 1"], rows);
        recording.Holds();
    }

    [Fact]
    public async Task Work_runs_in_one_transaction_and_commits_at_its_end()
    {
        await using var recording = new Recording("query-api.discovery", "query-api.begin", "query-api.run", "query-api.commit");
        using var client = await recording.ConnectAsync();
        Assert.Equal([5L, 3L], await client.TransactAsync("test", transaction => transaction.QueryAsync(Unwound, row => row.Int64(1)), Cancel));
        recording.Holds();
    }

    [Fact]
    public async Task A_failure_in_a_transaction_names_the_file_and_rolls_back()
    {
        await using var recording = new Recording("query-api.discovery", "query-api.begin", "query-api.run", "query-api.fails-while-running", "query-api.rollback");
        using var client = await recording.ConnectAsync();
        var failed = await Assert.ThrowsAsync<StorageException>(() => client.RunAsync("test", [Unwound, Fails, Unwound], (_, _) => { }, Cancel));
        Assert.False(failed.Retryable);
        Assert.Contains("Neo.ClientError.Statement.ArithmeticError in cypher/test/fails.cypher (statement 2 of 3): / by zero", failed.Message);
        recording.Holds();
    }

    [Fact]
    public async Task A_refusal_by_status_is_told_as_Neo4j_tells_it()
    {
        await using var recording = new Recording("query-api.discovery", "query-api.refused");
        using var client = await recording.ConnectAsync();
        var failed = await Assert.ThrowsAsync<StorageException>(() => client.QueryAsync("test", new Cypher("test/none", "This is no Cypher").With(), row => 0, Cancel));
        Assert.False(failed.Retryable);
        Assert.Contains("Neo.ClientError.Statement.SyntaxError in cypher/test/none.cypher: ", failed.Message);
        recording.Holds();
    }

    [Fact]
    public async Task A_deadlock_is_tried_again_though_its_status_is_202()
    {
        if (Recording.IsLive) Assert.Skip("A deadlock cannot be made at will.");
        await using var recording = new Recording("query-api.discovery", "query-api.deadlock", "query-api.query");
        using var client = await recording.ConnectAsync();
        Assert.Equal(["Alice"], await client.QueryAsync("test", Named, row => row.String(1), Cancel));
        recording.Holds();
    }
}
