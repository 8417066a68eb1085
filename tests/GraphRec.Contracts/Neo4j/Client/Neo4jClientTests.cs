using System.Diagnostics;
using GraphRec.Core;
using GraphRec.Storage.Neo4j;
using Xunit;

namespace GraphRec.Contracts.Neo4j.Client;

/// <summary>The client and a real server.</summary>
[Collection(SharedNeo4j.Tests)]
public sealed class Neo4jClientTests(SharedNeo4j shared)
{
    private const long Mebibyte = 1 << 20;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static Statement Statement(string name, string text, object? parameters = null) => new Cypher($"test/{name}", text).With(parameters);

    private async Task<(Neo4jServer Server, Neo4jClient Client)> OpenAsync()
    {
        var server = await shared.EmptyAsync();
        return (server, await Neo4jClient.ConnectAsync(new Neo4jOptions(server.Uri) { RetryDelay = TimeSpan.FromMilliseconds(20) }, Cancel));
    }

    [Fact]
    public async Task It_finds_out_what_the_server_is_and_asks_it()
    {
        var (_, client) = await OpenAsync();
        using var _ = client;
        Assert.Equal(("3.1.1", Neo4jDialect.V3), (client.ServerVersion, client.Dialect));
        await client.RunAsync("test", [Statement("make", "UNWIND $rows AS row CREATE (:Thing {name: row.name})", new { rows = new[] { new { name = "a" }, new { name = "ß€😀\n\"" } } })], (_, _) => { }, Cancel);
        Assert.Equal(["a", "ß€😀\n\""], await client.QueryAsync("test", Statement("names", "MATCH (t:Thing) RETURN t ORDER BY t.name"), row => row[0].Property("name").GetString()!, Cancel));
    }

    [Fact]
    public async Task A_million_rows_are_never_in_memory_together()
    {
        var (_, client) = await OpenAsync();
        using var _ = client;
        long rows = 0, sum = 0, most = 0;
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await client.RunAsync(
            "test",
            [Statement("million", "UNWIND range(1, 1000000) AS n RETURN n, 'as long a text as a title is'")],
            (_, row) =>
            {
                sum += row.Int64(0);
                if (++rows % 100_000 == 0) most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true) - before);
            },
            Cancel);
        Assert.Equal((1_000_000L, 500_000_500_000L), (rows, sum));
        TestContext.Current.TestOutputHelper!.WriteLine($"live beyond the start, at most: {most / 1024} KiB");
        Assert.InRange(most, long.MinValue, 8 * Mebibyte);
    }

    [Fact]
    public async Task A_million_values_are_sent_without_being_in_memory_together()
    {
        var (_, client) = await OpenAsync();
        using var _ = client;
        long most = 0;
        var before = GC.GetTotalMemory(forceFullCollection: true);
        IEnumerable<string> Values()
        {
            for (var i = 1; i <= 1_000_000; i++)
            {
                if (i % 100_000 == 0) most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true) - before);
                yield return "value";
            }
        }

        var count = await client.QueryAsync("test", Statement("count", "RETURN size($values)", new { values = Values() }), row => row.Int64(0), Cancel);
        Assert.Equal([1_000_000L], count);
        TestContext.Current.TestOutputHelper!.WriteLine($"live beyond the start, at most: {most / 1024} KiB");
        Assert.InRange(most, long.MinValue, 8 * Mebibyte);
    }

    [Fact]
    public async Task A_failure_has_the_code_the_text_and_the_file_and_leaves_nothing()
    {
        var (server, client) = await OpenAsync();
        using var _ = client;
        foreach (var (name, text, code) in new[] { ("fails", "UNWIND [2, 1, 0] AS n RETURN 2 / n", "ArithmeticError"), ("wrong", "RETRN 1", "SyntaxError"), ("lacks", "RETURN $nothing", "ParameterMissing") })
        {
            var failed = await Assert.ThrowsAsync<StorageException>(() => client.RunAsync("test", [Statement("make", "CREATE (:Thing)"), Statement(name, text), Statement("last", "RETURN 3")], (_, _) => { }, Cancel));
            Assert.Contains($"Neo.ClientError.Statement.{code} in cypher/test/{name}.cypher (statement 2 of 3): ", failed.Message);
            Assert.False(failed.Retryable);
        }
        Assert.Equal(0, (await server.RowsAsync("MATCH (n:Thing) RETURN count(n)", cancel: Cancel))[0][0].GetInt32());
    }

    [Fact]
    public async Task Work_that_throws_is_rolled_back()
    {
        var (server, client) = await OpenAsync();
        using var _ = client;
        await Assert.ThrowsAsync<FormatException>(() => client.TransactAsync<int>(
            "test",
            async transaction =>
            {
                await transaction.RunAsync([Statement("make", "CREATE (:Thing)")], (_, _) => { });
                throw new FormatException();
            },
            Cancel));
        Assert.Equal(0, (await server.RowsAsync("MATCH (n:Thing) RETURN count(n)", cancel: Cancel))[0][0].GetInt32());
    }

    [Fact]
    public async Task Two_that_wait_for_each_other_both_come_through()
    {
        // One client writes one transaction at a time: it takes two to deadlock.
        var (server, client) = await OpenAsync();
        using var _ = client;
        using var other = await Neo4jClient.ConnectAsync(new Neo4jOptions(server.Uri), Cancel);
        await server.RowsAsync("CREATE (:Thing {name: 'a', n: 0}), (:Thing {name: 'b', n: 0})", cancel: Cancel);
        using var both = new Barrier(2);
        var runs = 0;
        Task<int> RaiseAsync(Neo4jClient writer, string first, string second) => Task.Run(() => writer.TransactAsync(
            "test",
            async transaction =>
            {
                var mine = Interlocked.Increment(ref runs);
                await transaction.RunAsync([Statement("raise", "MATCH (t:Thing {name: $name}) SET t.n = t.n + 1", new { name = first })], (_, _) => { });
                // Only once: who was rolled back has nobody to meet.
                if (mine <= 2) both.SignalAndWait(Cancel);
                await transaction.RunAsync([Statement("raise", "MATCH (t:Thing {name: $name}) SET t.n = t.n + 1", new { name = second })], (_, _) => { });
                return 0;
            },
            Cancel));

        await Task.WhenAll(RaiseAsync(client, "a", "b"), RaiseAsync(other, "b", "a"));
        Assert.True(runs > 2, "there was no deadlock");
        Assert.Equal([2, 2], (await server.RowsAsync("MATCH (t:Thing) RETURN t.n", cancel: Cancel)).Select(row => row[0].GetInt32()));
    }

    [Fact]
    public async Task What_is_cancelled_ends_at_the_server_too()
    {
        var (server, client) = await OpenAsync();
        using var _ = client;
        await server.RowsAsync("CREATE (:Lock {n: 0}) WITH 1 AS x UNWIND range(1, 3000) AS i CREATE (:Thing {n: i})", cancel: Cancel);
        using var caller = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var endless = client.RunAsync(
            "test", [Statement("endless", "MATCH (l:Lock) SET l.n = 1 WITH l MATCH (a:Thing), (b:Thing), (c:Thing) WHERE a.n + b.n = c.n + 100000 RETURN count(*)")], (_, _) => { }, caller.Token);
        // While it runs it holds the lock, which nobody else gets.
        var waiting = server.RowsAsync("MATCH (l:Lock) SET l.n = l.n + 2", cancel: Cancel);
        await Task.Delay(1000, Cancel);
        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => endless);
        var watch = Stopwatch.StartNew();
        await waiting;
        // Left to itself it would take hours.
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 60);
        Assert.Equal(2, (await server.RowsAsync("MATCH (l:Lock) RETURN l.n", cancel: Cancel))[0][0].GetInt32());
    }

    [Fact]
    public async Task With_authentication_only_the_right_password_is_let_in()
    {
        SharedNeo4j.SkipWithoutNeo4j();
        await using var server = await Neo4jServer.OpenAsync("the right one", Cancel);
        var options = new Neo4jOptions(server.Uri) { User = server.User, Password = server.Password };
        using (var client = await Neo4jClient.ConnectAsync(options, Cancel))
            Assert.Equal([1], await client.QueryAsync("test", Statement("one", "RETURN 1"), row => row.Int32(0), Cancel));
        foreach (var wrong in new[] { options with { Password = "the wrong one" }, options with { User = null, Password = null } })
        {
            var refused = await Assert.ThrowsAsync<StorageException>(() => Neo4jClient.ConnectAsync(wrong, Cancel));
            Assert.Contains("refuses the user name, password or token", refused.Message);
            Assert.DoesNotContain("wrong one", refused.ToString());
        }
    }
}
