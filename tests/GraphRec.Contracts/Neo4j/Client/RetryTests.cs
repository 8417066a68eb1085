using System.Diagnostics;
using GraphRec.Core;
using GraphRec.Storage.Neo4j;
using Xunit;

namespace GraphRec.Contracts.Neo4j.Client;

/// <summary>What is tried again, how often and when, over real sockets.</summary>
public sealed class RetryTests
{
    private static readonly Statement Read = new Cypher("test/read", "// purpose: to SET nothing\nMATCH (n) RETURN 1 AS n").With();
    private static readonly Statement Write = new Cypher("test/write", "CREATE (n:N) RETURN 1 AS n").With();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static Task<List<int>> QueryAsync(Neo4jClient client, Statement statement, bool idempotent = false) =>
        client.QueryAsync("test", statement, row => row.Int32(0), Cancel, idempotent);

    [Theory]
    [InlineData(408)]
    [InlineData(429)]
    [InlineData(503)]
    public async Task A_server_that_was_busy_is_asked_again(int status)
    {
        await using var neo4j = new FakeNeo4j((n, _, stream, _) => ScriptedServer.WriteAsync(stream, n < 3 ? status : 200, n < 3 ? "busy" : FakeNeo4j.Rows(1)));
        using var client = await neo4j.ConnectAsync();
        Assert.Equal([1], await QueryAsync(client, Write));
        Assert.Equal(3, neo4j.Commits);
    }

    [Theory]
    [InlineData("Neo.TransientError.Transaction.DeadlockDetected", 2)]
    [InlineData("Neo.ClientError.Transaction.TransactionNotFound", 2)]
    [InlineData("Neo.TransientError.Transaction.Terminated", 1)]
    [InlineData("Neo.ClientError.Schema.ConstraintValidationFailed", 1)]
    [InlineData("Neo.DatabaseError.General.UnknownError", 1)]
    public async Task Of_errors_with_status_200_those_that_pass_are_tried_again(string code, int commits)
    {
        await using var neo4j = new FakeNeo4j((n, _, stream, _) => ScriptedServer.WriteAsync(stream, 200, n == 1 ? FakeNeo4j.Error(code) : FakeNeo4j.Rows(1)));
        using var client = await neo4j.ConnectAsync();
        var failed = await Record.ExceptionAsync(() => QueryAsync(client, Write));
        Assert.Equal(commits, neo4j.Commits);
        if (commits == 2) Assert.Null(failed);
        else Assert.Contains($"{code} in cypher/test/write.cypher: said so", Assert.IsType<StorageException>(failed).Message);
    }

    [Fact]
    public async Task Attempts_end_and_the_last_failure_is_told()
    {
        await using var neo4j = new FakeNeo4j((_, _, stream, _) => ScriptedServer.WriteAsync(stream, 503, "closed"));
        using var client = await neo4j.ConnectAsync(o => o with { Attempts = 4 });
        var failed = await Assert.ThrowsAsync<StorageException>(() => QueryAsync(client, Read));
        Assert.True(failed.Retryable);
        Assert.Contains("answered 503: closed", failed.Message);
        Assert.Equal(4, neo4j.Commits);
    }

    [Fact]
    public async Task A_server_is_left_alone_for_as_long_as_it_asks()
    {
        await using var neo4j = new FakeNeo4j((n, _, stream, _) =>
            n == 1 ? ScriptedServer.WriteAsync(stream, 503, "", "Retry-After: 1") : ScriptedServer.WriteAsync(stream, 200, FakeNeo4j.Rows(1)));
        using var client = await neo4j.ConnectAsync();
        var watch = Stopwatch.StartNew();
        await QueryAsync(client, Read);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0.99, 30);
    }

    [Fact]
    public async Task A_wait_that_goes_beyond_the_time_there_is_is_not_begun()
    {
        await using var neo4j = new FakeNeo4j((_, _, stream, _) => ScriptedServer.WriteAsync(stream, 429, "", "Retry-After: 60"));
        using var client = await neo4j.ConnectAsync();
        await Assert.ThrowsAsync<StorageException>(() => QueryAsync(client, Read));
        Assert.Equal(1, neo4j.Commits);
    }

    [Fact]
    public async Task A_commit_whose_answer_was_lost_is_sent_again_only_where_that_does_no_harm()
    {
        async Task<int> CommitsAsync(Statement statement, bool idempotent)
        {
            await using var neo4j = new FakeNeo4j((n, _, stream, _) => n == 1 ? ScriptedServer.HangUpAsync() : ScriptedServer.WriteAsync(stream, 200, FakeNeo4j.Rows(1)));
            using var client = await neo4j.ConnectAsync();
            var failed = await Record.ExceptionAsync(() => QueryAsync(client, statement, idempotent));
            Assert.Equal(neo4j.Commits == 1, failed is StorageException { Retryable: true });
            return neo4j.Commits;
        }

        Assert.Equal(1, await CommitsAsync(Write, idempotent: false));
        Assert.Equal(2, await CommitsAsync(Write, idempotent: true));
        Assert.Equal(2, await CommitsAsync(Read, idempotent: false));
    }

    [Fact]
    public async Task A_begin_whose_answer_was_lost_is_sent_again_whatever_is_to_be_run()
    {
        var begins = 0;
        await using var server = new ScriptedServer((request, stream, _) => (request.Method, request.Path) switch
        {
            ("GET", _) => ScriptedServer.WriteAsync(stream, 200, FakeNeo4j.Discovery),
            ("POST", "/db/neo4j/tx") when ++begins == 1 => ScriptedServer.HangUpAsync(),
            ("POST", "/db/neo4j/tx") => ScriptedServer.WriteAsync(stream, 201, """{"results":[],"errors":[],"commit":"http://x/db/neo4j/tx/2/commit"}"""),
            _ => ScriptedServer.WriteAsync(stream, 200, FakeNeo4j.Rows(1)),
        });
        using var client = await Neo4jClient.ConnectAsync(new Neo4jOptions(server.Uri) { RetryDelay = TimeSpan.FromMilliseconds(1) }, Cancel);
        Assert.Equal([1], await QueryAsync(client, Write));
        Assert.Equal(2, begins);
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 2)]
    public async Task Work_whose_commit_was_lost_runs_again_only_when_it_is_idempotent(bool idempotent, int runs)
    {
        await using var neo4j = new FakeNeo4j((n, request, stream, _) =>
            n == 2 ? ScriptedServer.HangUpAsync() : ScriptedServer.WriteAsync(stream, 200, FakeNeo4j.Rows(1)));
        using var client = await neo4j.ConnectAsync();
        var run = 0;
        await Record.ExceptionAsync(() => client.TransactAsync(
            "test",
            transaction =>
            {
                run++;
                return transaction.QueryAsync(Write, row => row.Int32(0));
            },
            Cancel,
            idempotent));
        Assert.Equal(runs, run);
    }

    [Fact]
    public async Task Work_that_failed_before_its_commit_runs_again_from_its_start()
    {
        await using var neo4j = new FakeNeo4j((n, _, stream, _) => n switch
        {
            2 => ScriptedServer.HangUpAsync(),
            4 => ScriptedServer.WriteAsync(stream, 200, FakeNeo4j.Error("Neo.TransientError.Transaction.DeadlockDetected")),
            _ => ScriptedServer.WriteAsync(stream, 200, FakeNeo4j.Rows(n)),
        });
        using var client = await neo4j.ConnectAsync();
        var seen = await client.TransactAsync(
            "test",
            async transaction => (List<int>)[.. await transaction.QueryAsync(Write, row => row.Int32(0)), .. await transaction.QueryAsync(Write, row => row.Int32(0))],
            Cancel);
        Assert.Equal([5, 6], seen);
        // Each of the two that failed was rolled back.
        Assert.Equal(2, neo4j.Server.Asked.Count(r => r.Method == "DELETE"));
    }

    [Fact]
    public async Task Rows_that_were_handed_over_are_not_handed_over_again_unless_the_caller_starts_anew()
    {
        async Task<(int Commits, List<int> Rows)> RunAsync(bool restarts)
        {
            await using var neo4j = new FakeNeo4j(async (n, _, stream, _) =>
            {
                if (n > 1) await ScriptedServer.WriteAsync(stream, 200, FakeNeo4j.Rows(1, 2));
                else
                {
                    await ScriptedServer.WriteHeadAsync(stream, FakeNeo4j.Rows(1)[..^16]);
                    await ScriptedServer.HangUpAsync();
                }
            });
            using var client = await neo4j.ConnectAsync();
            var rows = new List<int>();
            await Record.ExceptionAsync(() => client.RunAsync("test", [Read], (_, row) => rows.Add(row.Int32(0)), Cancel, onRestart: restarts ? rows.Clear : null));
            return (neo4j.Commits, rows);
        }

        var (commits, rows) = await RunAsync(restarts: false);
        Assert.Equal((1, 1), (commits, rows.Count));
        (commits, rows) = await RunAsync(restarts: true);
        Assert.Equal(2, commits);
        Assert.Equal([1, 2], rows);
    }

    [Fact]
    public async Task Bookmarks_that_the_server_no_longer_knows_are_forgotten()
    {
        var begun = 0;
        await using var server = new ScriptedServer((request, stream, _) => (request.Method, request.Path) switch
        {
            ("GET", _) => ScriptedServer.WriteAsync(stream, 200, FakeNeo4j.Discovery),
            ("POST", "/db/neo4j/tx") when request.Headers.ContainsKey("Bookmarks") => ScriptedServer.WriteAsync(stream, 200, FakeNeo4j.Error("Neo.ClientError.Transaction.InvalidBookmark")),
            ("POST", "/db/neo4j/tx") => ScriptedServer.WriteAsync(stream, 201, $$"""{"results":[],"errors":[],"commit":"http://x/db/neo4j/tx/{{++begun}}/commit"}"""),
            _ => ScriptedServer.WriteAsync(stream, 200, FakeNeo4j.Rows(1)[..^1] + ""","lastBookmarks":["old"]}"""),
        });
        using var client = await Neo4jClient.ConnectAsync(new Neo4jOptions(server.Uri) { RetryDelay = TimeSpan.FromMilliseconds(1) }, Cancel);
        Assert.Equal([1], await QueryAsync(client, Write));
        Assert.Equal([1], await QueryAsync(client, Write));
        Assert.Equal(2, begun);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_called_for_as_often_as_allowed()
    {
        Uri nowhere;
        await using (var server = new ScriptedServer((_, _, _) => Task.CompletedTask)) nowhere = server.Uri;
        var failed = await Assert.ThrowsAsync<StorageException>(() => Neo4jClient.ConnectAsync(new Neo4jOptions(nowhere) { Attempts = 2, RetryDelay = TimeSpan.FromMilliseconds(1) }, Cancel));
        Assert.True(failed.Retryable);
        Assert.Contains($"{nowhere.Scheme}://{nowhere.Authority} cannot be reached: Connection refused", failed.Message);
    }
}
