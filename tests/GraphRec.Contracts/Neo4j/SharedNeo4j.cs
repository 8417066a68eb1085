using Xunit;

namespace GraphRec.Contracts.Neo4j;

/// <summary>
/// The one server of an assembly's Neo4j tests. A class with <c>[Collection(SharedNeo4j.Tests)]</c> and a constructor
/// that takes this runs its tests one after another with those of all such classes, while other classes go on beside them.
/// </summary>
public sealed class SharedNeo4j : IAsyncDisposable
{
    /// <summary>The collection of the tests that share it.</summary>
    public const string Tests = "Neo4j";

    private Neo4jServer? _server;

    /// <summary>Skips the test, and says why, where there can be no server.</summary>
    public static void SkipWithoutNeo4j()
    {
        if (Neo4jServer.Missing is { } why) Assert.Skip(why);
    }

    /// <summary>The server, running and empty (constraints stay). The test is skipped where there can be none.</summary>
    public async Task<Neo4jServer> EmptyAsync()
    {
        var server = await RunningAsync();
        await server.WipeAsync(TestContext.Current.CancellationToken);
        return server;
    }

    /// <summary>The same with what it holds.</summary>
    public async Task<Neo4jServer> RunningAsync()
    {
        SkipWithoutNeo4j();
        var cancel = TestContext.Current.CancellationToken;
        _server ??= await Neo4jServer.OpenAsync(cancel: cancel);
        // A test may have ended it.
        await _server.StartAsync(cancel);
        return _server;
    }

    public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? ValueTask.CompletedTask;
}

/// <summary>Makes the tests that share a server one collection.</summary>
[CollectionDefinition(SharedNeo4j.Tests)]
public sealed class Neo4jTests : ICollectionFixture<SharedNeo4j>;
