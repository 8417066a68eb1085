using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using GraphQL;
using GraphQL.SystemTextJson;
using GraphRec.Api.Execution;

namespace GraphRec.Api.Http;

/// <summary>
/// Reads GraphQL-over-HTTP requests. What is none is a <see cref="MalformedRequestException"/>, whose status holds for
/// every media type.
/// </summary>
internal sealed class RequestReader(ApiOptions options)
{
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 64 };
    private static readonly GraphQLSerializer Serializer = new();
    private static readonly byte[] ByteOrderMark = [0xEF, 0xBB, 0xBF];

    /// <summary>Reads the parameters from the URL.</summary>
    public static GraphQLRequest FromUrl(IQueryCollection parameters)
    {
        var query = Single(parameters, "query");
        if (string.IsNullOrEmpty(query)) throw Malformed("The query parameter is missing; send ?query=… with a GraphQL document.");
        var operationName = Single(parameters, "operationName");
        MapFromUrl(parameters, "extensions");
        return new GraphQLRequest(query, string.IsNullOrEmpty(operationName) ? null : operationName, MapFromUrl(parameters, "variables"));
    }

    /// <summary>Reads the parameters from a JSON body.</summary>
    public async ValueTask<GraphQLRequest> FromBodyAsync(HttpRequest request, CancellationToken cancel)
    {
        // Form posts and the like are what a browser sends across sites unasked; only JSON makes it ask first (CSRF).
        if (request.ContentType is null || !MediaType.IsJsonRequest(request.ContentType))
        {
            throw new MalformedRequestException(415, ApiErrorCodes.UnsupportedMediaType, request.ContentType is null
                ? "The Content-Type header is missing; send Content-Type: application/json."
                : "The body's media type is not supported; send Content-Type: application/json, in UTF-8.");
        }
        if (request.Headers.ContentEncoding.Count > 0 && request.Headers.ContentEncoding != "identity")
            throw new MalformedRequestException(415, ApiErrorCodes.UnsupportedMediaType, "Compressed bodies are not supported; leave Content-Encoding out.");
        if (request.ContentLength > options.MaxBodyBytes) throw TooLarge();
        var body = await ReadAsync(request.BodyReader, cancel).ConfigureAwait(false);
        try
        {
            return Parse(body);
        }
        finally
        {
            request.BodyReader.AdvanceTo(body.End);
        }
    }

    private async ValueTask<ReadOnlySequence<byte>> ReadAsync(PipeReader reader, CancellationToken cancel)
    {
        while (true)
        {
            var result = await reader.ReadAsync(cancel).ConfigureAwait(false);
            if (result.Buffer.Length > options.MaxBodyBytes)
            {
                reader.AdvanceTo(result.Buffer.End);
                throw TooLarge();
            }
            if (result.IsCompleted) return result.Buffer;
            reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }

    private static GraphQLRequest Parse(ReadOnlySequence<byte> body)
    {
        // RFC 8259, section 8.1: may be passed over.
        if (body.Length >= 3 && body.Slice(0, 3).ToArray().AsSpan().SequenceEqual(ByteOrderMark)) body = body.Slice(3);
        if (body.IsEmpty) throw Malformed("The body is empty; send a JSON object with a query.");
        try
        {
            using var document = JsonDocument.Parse(body, Strict);
            var root = document.RootElement;
            if (root.ValueKind == JsonValueKind.Array)
                throw new MalformedRequestException(400, ApiErrorCodes.BatchingNotSupported, "Batches are not supported; send one JSON object per HTTP request, or several root fields in one query.");
            if (root.ValueKind != JsonValueKind.Object) throw Malformed("The body is not a JSON object; send one with a query.");
            var query = Text(root, "query");
            if (string.IsNullOrEmpty(query)) throw Malformed("query is missing; send the GraphQL document as the string query.");
            Map(root, "extensions");
            var operationName = Text(root, "operationName");
            return new GraphQLRequest(query, string.IsNullOrEmpty(operationName) ? null : operationName, Map(root, "variables"));
        }
        catch (JsonException e)
        {
            throw Malformed($"The body is not valid JSON (line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}); correct it there.");
        }
        catch (InvalidOperationException)
        {
            throw Malformed("The body holds text that is not valid UTF-8; encode it as UTF-8.");
        }
    }

    private static string? Text(JsonElement root, string name)
    {
        if (!root.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null) return null;
        return value.ValueKind == JsonValueKind.String ? value.GetString() : throw Malformed($"{name} is not a string; send one.");
    }

    private static Inputs? Map(JsonElement root, string name)
    {
        if (!root.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null) return null;
        return value.ValueKind == JsonValueKind.Object ? Serializer.ReadNode<Inputs>(value) : throw Malformed($"{name} is not a JSON object; send one.");
    }

    private static Inputs? MapFromUrl(IQueryCollection parameters, string name)
    {
        if (Single(parameters, name) is not { Length: > 0 } json) return null;
        try
        {
            using var document = JsonDocument.Parse(json, Strict);
            return document.RootElement.ValueKind switch
            {
                JsonValueKind.Null => null,
                JsonValueKind.Object => Serializer.ReadNode<Inputs>(document.RootElement),
                _ => throw Malformed($"{name} is not a JSON object; send one, URL-encoded."),
            };
        }
        catch (JsonException)
        {
            throw Malformed($"{name} is not valid JSON; send a JSON object, URL-encoded.");
        }
    }

    private static string? Single(IQueryCollection parameters, string name) => parameters[name] is { Count: > 1 }
        ? throw Malformed($"{name} is given more than once; give it once.")
        : parameters[name].ToString();

    private static MalformedRequestException Malformed(string message) => new(400, ApiErrorCodes.BadRequest, message);

    private MalformedRequestException TooLarge() => new(
        413, ApiErrorCodes.PayloadTooLarge, $"The body is larger than {options.MaxBodyBytes:N0} bytes; send it in parts.");
}

/// <summary>The HTTP request is not a GraphQL-over-HTTP request.</summary>
internal sealed class MalformedRequestException(int status, string code, string message) : Exception(message)
{
    public int Status => status;
    public string Code => code;
}
