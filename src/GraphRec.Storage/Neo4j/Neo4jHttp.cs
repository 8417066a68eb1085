using System.Net;
using System.Net.Http.Headers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace GraphRec.Storage.Neo4j;

/// <summary>What both HTTP interfaces share.</summary>
internal static class Neo4jHttp
{
    /// <summary>How parameters are written: names in camel case, dictionary keys as they are.</summary>
    public static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Sends a request and waits for the head of the answer; the body is left to be read as it arrives.</summary>
    /// <exception cref="Neo4jException">The server was not reached, or answered that it cannot.</exception>
    public static async Task<HttpResponseMessage> SendAsync(HttpClient http, HttpRequestMessage request, CancellationToken cancel)
    {
        HttpResponseMessage response;
        try
        {
            response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel).ConfigureAwait(false);
        }
        catch (HttpRequestException e)
        {
            throw new Neo4jException("", $"{request.RequestUri!.GetLeftPart(UriPartial.Authority)} cannot be reached: {e.Message}", transient: true, e);
        }
        if (response.IsSuccessStatusCode) return response;
        using (response)
        {
            var body = await response.Content.ReadAsStringAsync(cancel).ConfigureAwait(false);
            throw Refused(response.StatusCode, body);
        }
    }

    /// <summary>A statement that failed. Neo4j's own codes say which failures pass by themselves.</summary>
    public static Neo4jException Refused(string code, string message, Cypher? about) => new(
        code, about is null ? $"{code}: {message}" : $"{code} in cypher/{about.Name}.cypher: {message}", code.StartsWith("Neo.TransientError.", StringComparison.Ordinal));

    private static Neo4jException Refused(HttpStatusCode status, string body) => status switch
    {
        HttpStatusCode.Unauthorized => new("Neo.ClientError.Security.Unauthorized", "Neo4j refuses the user name, password or token.", transient: false),
        HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout =>
            new("", $"Neo4j answered {(int)status}.", transient: true),
        _ => new("", $"Neo4j answered {(int)status}: {(body.Length > 500 ? body[..500] : body)}", transient: false),
    };
}

/// <summary>A request body that is written straight to the connection, so that a large batch is not built in memory first.</summary>
internal sealed class StatementsContent : HttpContent
{
    private readonly Func<Stream, Task> _write;

    public StatementsContent(Func<Stream, Task> write)
    {
        _write = write;
        Headers.ContentType = new MediaTypeHeaderValue("application/json");
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => _write(stream);

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
