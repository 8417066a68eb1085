using System.Net;
using System.Net.Http.Headers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace GraphRec.Storage.Neo4j;

/// <summary>What both HTTP interfaces share: how JSON is written, and what Neo4j's refusals mean.</summary>
internal static class Neo4jHttp
{
    /// <summary>How parameters are written: names in camel case, dictionary keys as they are.</summary>
    public static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>A statement that failed. Neo4j's own codes say which failures pass by themselves.</summary>
    /// <param name="code">Neo4j's code.</param>
    /// <param name="message">Its text.</param>
    /// <param name="about">What <see cref="About"/> says; null when it was about no statement.</param>
    public static Neo4jException Refused(string code, string message, string? about) => new(code, $"{code}{about}: {message}", Passes(code));

    /// <summary>Names a statement's file, and the statement where there are several.</summary>
    public static string? About(IReadOnlyList<Statement> statements, int failed) => statements.Count switch
    {
        0 => null,
        1 => $" in cypher/{statements[0].Query.Name}.cypher",
        var count => $" in cypher/{statements[Math.Min(failed, count - 1)].Query.Name}.cypher (statement {Math.Min(failed + 1, count)} of {count})",
    };

    /// <summary>Texts of a list of texts; none for what is no list.</summary>
    public static string[] Texts(JsonElement list) =>
        list.ValueKind == JsonValueKind.Array ? [.. list.EnumerateArray().Select(text => text.TextOrNull()).OfType<string>()] : [];

    /// <summary>
    /// Transient errors pass, but for those by which somebody ended the transaction on purpose. A transaction that is not
    /// found was rolled back, since the server was restarted or nothing was heard of it for long; and bookmarks that a
    /// server does not know are forgotten before the next attempt.
    /// </summary>
    private static bool Passes(string code) =>
        (code.StartsWith("Neo.TransientError.", StringComparison.Ordinal)
            && code is not ("Neo.TransientError.Transaction.Terminated" or "Neo.TransientError.Transaction.LockClientStopped"))
        || code is "Neo.ClientError.Transaction.TransactionNotFound" || IsUnknownBookmark(code);

    /// <summary>Whether a code says that the server does not know the bookmarks it was sent.</summary>
    public static bool IsUnknownBookmark(string code) => code.StartsWith("Neo.ClientError.Transaction.InvalidBookmark", StringComparison.Ordinal);
}

/// <summary>A request body that is written straight to the connection, so that a large batch is not built in memory first.</summary>
internal sealed class StatementsContent : HttpContent
{
    private readonly object _body;

    public StatementsContent(object body)
    {
        _body = body;
        Headers.ContentType = new MediaTypeHeaderValue("application/json");
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
        JsonSerializer.SerializeAsync(stream, _body, Neo4jHttp.Json, cancellationToken);

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
