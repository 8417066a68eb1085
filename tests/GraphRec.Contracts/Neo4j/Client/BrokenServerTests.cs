using System.Diagnostics;
using System.Text;
using GraphRec.Core;
using GraphRec.Storage.Neo4j;
using Xunit;

namespace GraphRec.Contracts.Neo4j.Client;

/// <summary>Servers that do what servers should not, over real sockets.</summary>
public sealed class BrokenServerTests
{
    private static readonly Statement Read = new Cypher("test/read", "MATCH (n) RETURN 1 AS n").With();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static Task<List<int>> QueryAsync(Neo4jClient client, CancellationToken cancel) => client.QueryAsync("test", Read, row => row.Int32(0), cancel);

    [Theory]
    [InlineData("""{"results":[{"columns":["n"],"data":[{"row":[1],"me""")]
    [InlineData("""{"results":[{"columns":["n"],"data":[{"row":[1]}]}]""")]
    [InlineData("")]
    public async Task An_answer_that_breaks_off_is_no_answer(string answer)
    {
        await using var neo4j = new FakeNeo4j(async (_, _, stream, _) =>
        {
            await ScriptedServer.WriteHeadAsync(stream, answer);
            await ScriptedServer.HangUpAsync();
        });
        using var client = await neo4j.ConnectAsync(o => o with { Attempts = 2 });
        var failed = await Assert.ThrowsAsync<StorageException>(() => QueryAsync(client, Cancel));
        Assert.True(failed.Retryable);
        Assert.Contains("broke off before its end", failed.Message);
        Assert.Equal(2, neo4j.Commits);
    }

    [Theory]
    [InlineData("<html>Welcome to the proxy, which has nothing to do with this</html>")]
    [InlineData("[1, 2]")]
    [InlineData("{}")]
    [InlineData("""{"results": 5, "errors": []}""")]
    [InlineData("""{"results": [], "errors": [{}]}""")]
    public async Task Garbage_is_refused_and_not_asked_for_again(string answer)
    {
        await using var neo4j = new FakeNeo4j((_, _, stream, _) => ScriptedServer.WriteAsync(stream, 200, answer));
        using var client = await neo4j.ConnectAsync();
        var failed = await Assert.ThrowsAsync<StorageException>(() => QueryAsync(client, Cancel));
        Assert.False(failed.Retryable);
        Assert.Contains("does not speak as Neo4j does", failed.Message);
        Assert.Equal(1, neo4j.Commits);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_server_that_falls_silent_is_not_waited_for_without_end(bool afterTheHead)
    {
        await using var neo4j = new FakeNeo4j(async (_, _, stream, stop) =>
        {
            if (afterTheHead) await ScriptedServer.WriteHeadAsync(stream, FakeNeo4j.Rows(1)[..40]);
            await Task.Delay(Timeout.Infinite, stop);
        });
        using var client = await neo4j.ConnectAsync(o => o with { Timeout = TimeSpan.FromMilliseconds(200), Attempts = 1 });
        var failed = await Assert.ThrowsAsync<StorageException>(() => QueryAsync(client, Cancel));
        Assert.True(failed.Retryable);
        Assert.Contains("Neo4j was silent for 0.2 s", failed.Message);
        // What it may still run is ended.
        Assert.Equal("DELETE /db/neo4j/tx/7 ", neo4j.Server.Asked[^1].ToString());
    }

    [Fact]
    public async Task An_answer_that_comes_byte_by_byte_is_read_as_any_other()
    {
        var answer = Encoding.UTF8.GetBytes(FakeNeo4j.Rows(1, 22, 333).Replace("\"n\"", "\"ä€😀\""));
        await using var neo4j = new FakeNeo4j(async (_, _, stream, _) =>
        {
            await ScriptedServer.WriteHeadAsync(stream);
            foreach (var one in answer)
            {
                await stream.WriteAsync(new[] { one });
                await stream.FlushAsync();
                await Task.Yield();
            }
            await ScriptedServer.HangUpAsync();
        });
        using var client = await neo4j.ConnectAsync();
        Assert.Equal([1, 22, 333], await QueryAsync(client, Cancel));
    }

    [Fact]
    public async Task A_row_is_handed_over_before_the_answer_ends()
    {
        var seen = new TaskCompletionSource();
        var answer = FakeNeo4j.Rows(1, 2);
        var half = answer.IndexOf("},{", StringComparison.Ordinal) + 1;
        await using var neo4j = new FakeNeo4j(async (_, _, stream, stop) =>
        {
            await ScriptedServer.WriteHeadAsync(stream, answer[..half]);
            await stream.FlushAsync(stop);
            await seen.Task.WaitAsync(stop);
            await stream.WriteAsync(Encoding.UTF8.GetBytes(answer[half..]), stop);
            await ScriptedServer.HangUpAsync();
        });
        using var client = await neo4j.ConnectAsync();
        var rows = new List<int>();
        await client.RunAsync(
            "test",
            [Read],
            (_, row) =>
            {
                rows.Add(row.Int32(0));
                seen.TrySetResult();
            },
            Cancel);
        Assert.Equal([1, 2], rows);
    }

    [Fact]
    public async Task Who_cancels_is_not_kept_and_the_transaction_is_ended()
    {
        var asked = new TaskCompletionSource();
        await using var neo4j = new FakeNeo4j(async (_, _, _, stop) =>
        {
            asked.SetResult();
            await Task.Delay(Timeout.Infinite, stop);
        });
        using var client = await neo4j.ConnectAsync();
        using var caller = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var query = QueryAsync(client, caller.Token);
        await asked.Task.WaitAsync(Cancel);
        var watch = Stopwatch.StartNew();
        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => query);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 10);
        Assert.Equal("DELETE /db/neo4j/tx/7 ", neo4j.Server.Asked[^1].ToString());
        Assert.Equal(1, neo4j.Commits);
    }

    [Fact]
    public async Task A_wait_between_attempts_ends_when_the_caller_cancels()
    {
        await using var neo4j = new FakeNeo4j((_, _, stream, _) => ScriptedServer.WriteAsync(stream, 503, "", "Retry-After: 14"));
        using var client = await neo4j.ConnectAsync();
        using var caller = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        var watch = Stopwatch.StartNew();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => QueryAsync(client, caller.Token));
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 10);
    }
}
