using System.Diagnostics;
using System.Globalization;
using System.Net;
using GraphRec.Contracts.Embedded;
using Xunit;

namespace GraphRec.Contracts.Neo4j;

/// <summary>The server under the Neo4j tests is a real one, and does to its data what a real one does.</summary>
[Collection(SharedNeo4j.Tests)]
public sealed class Neo4jServerTests(SharedNeo4j shared)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_committed_outlives_a_kill_and_a_stop_but_not_a_wipe()
    {
        var server = await shared.EmptyAsync();
        Assert.Equal(0, await CountAsync(server));
        await server.RowsAsync("CREATE CONSTRAINT ON (k:Kept) ASSERT k.id IS UNIQUE", cancel: Cancel);
        await server.RowsAsync("UNWIND $ids AS id CREATE (:Kept {id: id})-[:NEXT]->(:Kept {id: -id})", new { ids = Enumerable.Range(1, 500) }, Cancel);
        var first = server.ProcessId;

        server.Kill();
        Assert.False(server.IsRunning);
        await Assert.ThrowsAsync<HttpRequestException>(() => CountAsync(server));
        await server.StartAsync(Cancel);
        Assert.NotEqual(first, server.ProcessId);
        Assert.Equal(1000, await CountAsync(server));

        await server.StopAsync(Cancel);
        Assert.False(server.IsRunning);
        await server.StartAsync(Cancel);
        Assert.Equal(1000, await CountAsync(server));

        await server.WipeAsync(Cancel);
        Assert.Equal(0, await CountAsync(server));
        await server.RowsAsync("CREATE (:Kept {id: 1})", cancel: Cancel);
        var again = await Assert.ThrowsAsync<InvalidOperationException>(() => server.RowsAsync("CREATE (:Kept {id: 1})", cancel: Cancel));
        Assert.StartsWith("Neo.ClientError.Schema.ConstraintValidationFailed", again.Message);
        await server.RowsAsync("DROP CONSTRAINT ON (k:Kept) ASSERT k.id IS UNIQUE", cancel: Cancel);
    }

    [Fact]
    public async Task With_a_password_only_those_who_know_it_are_answered()
    {
        SharedNeo4j.SkipWithoutNeo4j();
        await using var server = await Neo4jServer.OpenAsync("a password of this test", Cancel);
        Assert.Equal(0, await CountAsync(server));
        using var stranger = new HttpClient { BaseAddress = server.Uri };
        Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.GetAsync("/db/data/", Cancel)).StatusCode);
    }

    [Fact]
    public async Task Nothing_is_left_of_a_server_that_was_disposed()
    {
        SharedNeo4j.SkipWithoutNeo4j();
        var server = await Neo4jServer.OpenAsync(cancel: Cancel);
        var (process, directory) = (server.ProcessId, server.Directory);
        Assert.True(Directory.Exists(directory));
        await server.DisposeAsync();
        Assert.False(Directory.Exists(directory));
        Assert.False(IsAlive(process));
    }

    [Fact]
    public async Task Nothing_is_left_of_a_server_whose_owner_was_killed()
    {
        SharedNeo4j.SkipWithoutNeo4j();
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "GraphRec.Contracts")) { RedirectStandardOutput = true };
        start.Environment[KillVictim.Variable] = "neo4j";
        using var owner = Process.Start(start)!;
        var said = (await owner.StandardOutput.ReadLineAsync(Cancel))!.Split(' ');
        var (process, directory) = (int.Parse(said[0], CultureInfo.InvariantCulture), said[1]);
        Assert.True(IsAlive(process) && Directory.Exists(directory));

        owner.Kill();
        var watch = Stopwatch.StartNew();
        while ((IsAlive(process) || Directory.Exists(directory)) && watch.Elapsed < TimeSpan.FromMinutes(1)) await Task.Delay(20, Cancel);
        Assert.False(IsAlive(process));
        Assert.False(Directory.Exists(directory));
    }

    /// <summary>A process that is dead, but that nobody has asked about, still has a number and no command line.</summary>
    private static bool IsAlive(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/cmdline").Length > 0;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static async Task<int> CountAsync(Neo4jServer server) =>
        (await server.RowsAsync("MATCH (n) WHERE NOT n:GraphState RETURN count(n)", cancel: Cancel))[0][0].GetInt32();
}
