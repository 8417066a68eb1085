using GraphRec.Storage.Neo4j;
using Xunit;

namespace GraphRec.Contracts.Neo4j.Client;

/// <summary>A server of 4.4 that opens and rolls back transactions as it should, and answers the rest as a test says.</summary>
internal sealed class FakeNeo4j : IAsyncDisposable
{
    public const string Discovery = """{"transaction":"http://elsewhere:1/db/{databaseName}/tx","neo4j_version":"4.4.0"}""";

    private int _commits;

    /// <param name="commit">Answers commits; is told which one it is, from 1.</param>
    public FakeNeo4j(Func<int, HeardRequest, Stream, CancellationToken, Task> commit) =>
        Server = new ScriptedServer((request, stream, stop) => (request.Method, request.Path) switch
        {
            ("GET", _) => ScriptedServer.WriteAsync(stream, 200, Discovery),
            ("DELETE", _) => ScriptedServer.WriteAsync(stream, 200, """{"results":[],"errors":[]}"""),
            ("POST", "/db/neo4j/tx") => ScriptedServer.WriteAsync(stream, 201, """{"results":[],"errors":[],"commit":"http://elsewhere:1/db/neo4j/tx/7/commit"}"""),
            _ => commit(Interlocked.Increment(ref _commits), request, stream, stop),
        });

    public ScriptedServer Server { get; }

    public Neo4jOptions Options => new(Server.Uri) { RetryDelay = TimeSpan.FromMilliseconds(1), RetrySeed = 1 };

    /// <summary>How often something was committed, or tried to be.</summary>
    public int Commits => _commits;

    public static string Rows(params int[] values) =>
        $$"""{"results":[{"columns":["n"],"data":[{{string.Join(',', values.Select(v => $$"""{"row":[{{v}}],"meta":[null]}"""))}}]}],"errors":[]}""";

    public static string Error(string code) => $$"""{"results":[],"errors":[{"code":"{{code}}","message":"said so"}]}""";

    public Task<Neo4jClient> ConnectAsync(Func<Neo4jOptions, Neo4jOptions>? with = null) =>
        Neo4jClient.ConnectAsync(with?.Invoke(Options) ?? Options, TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
