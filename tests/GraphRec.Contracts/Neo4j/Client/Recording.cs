using System.Net.Http.Headers;
using System.Text;
using GraphRec.Storage.Neo4j;
using Xunit;

namespace GraphRec.Contracts.Neo4j.Client;

/// <summary>
/// Plays recorded exchanges in their order, and holds the client's requests to them. With GRAPHREC_NEO4J_URI (and, where
/// it wants them, GRAPHREC_NEO4J_USER and GRAPHREC_NEO4J_PASSWORD) the requests go on to that server, and its answers, which the
/// client gets, are held to the recorded ones in their shape.
/// </summary>
internal sealed class Recording : IAsyncDisposable
{
    private static readonly string? Live = Environment.GetEnvironmentVariable("GRAPHREC_NEO4J_URI");

    private readonly Queue<Exchange> _left;
    private readonly List<string> _differences = [];
    private readonly ScriptedServer _server;
    private readonly HttpClient? _live = Live is { Length: > 0 } ? new HttpClient { BaseAddress = new Uri(Live) } : null;

    public Recording(params string[] exchanges)
    {
        _left = new Queue<Exchange>(exchanges.Select(Exchange.Read));
        _server = new ScriptedServer(AnswerAsync);
    }

    /// <summary>Whether a living server answers.</summary>
    public static bool IsLive => Live is { Length: > 0 };

    /// <summary>As the manual's examples: their user and password.</summary>
    public Neo4jOptions Options => new(_server.Uri)
    {
        User = IsLive ? Environment.GetEnvironmentVariable("GRAPHREC_NEO4J_USER") : "neo4j",
        Password = IsLive ? Environment.GetEnvironmentVariable("GRAPHREC_NEO4J_PASSWORD") : "verysecret",
        RetryDelay = TimeSpan.FromMilliseconds(1),
    };

    public Task<Neo4jClient> ConnectAsync() => Neo4jClient.ConnectAsync(Options, TestContext.Current.CancellationToken);

    /// <summary>All was asked that was recorded, and as it was.</summary>
    public void Holds()
    {
        Assert.True(_differences.Count == 0, string.Join('\n', _differences));
        Assert.Empty(_left.Select(e => e.Name));
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _live?.Dispose();
    }

    private async Task AnswerAsync(HeardRequest request, Stream stream, CancellationToken cancel)
    {
        var exchange = _left.Count > 0 ? _left.Dequeue() : null;
        if ((exchange is null ? $"{request} came after the last recorded exchange" : exchange.Difference(request, IsLive)) is { } difference)
        {
            _differences.Add(difference);
            await ScriptedServer.WriteAsync(stream, 418, "{}");
            return;
        }
        // Which of its interfaces is tried is the recording's choice.
        if (_live is null || request.Method == "GET")
        {
            await ScriptedServer.WriteAsync(stream, exchange!.Status, exchange.AnswerBody, [.. exchange.AnswerHeaders.Where(h => h.Key != "Content-Type").Select(h => $"{h.Key}: {h.Value}")]);
            return;
        }
        using var forward = new HttpRequestMessage(new HttpMethod(request.Method), request.Path);
        if (request.Body.Length > 0) forward.Content = new StringContent(request.Body, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        foreach (var name in new[] { "Accept", "Authorization", "Bookmarks", "neo4j-cluster-affinity" })
        {
            if (request.Headers.TryGetValue(name, out var value)) forward.Headers.TryAddWithoutValidation(name, value);
        }
        using var answer = await _live.SendAsync(forward, cancel);
        var body = await answer.Content.ReadAsStringAsync(cancel);
        if (exchange!.Difference((int)answer.StatusCode, body) is { } other) _differences.Add(other);
        var affinity = answer.Headers.TryGetValues("neo4j-cluster-affinity", out var values) ? values.First() : null;
        await ScriptedServer.WriteAsync(stream, (int)answer.StatusCode, body, affinity is null ? [] : [$"neo4j-cluster-affinity: {affinity}"]);
    }
}
