using GraphRec.Api.Execution;

namespace GraphRec.Api.Http;

/// <summary>Writes a GraphQL response. The errors come first, so that a reader sees them before a long data.</summary>
internal static class ResponseWriter
{
    private static readonly Dictionary<string, string> ContentTypes = new()
    {
        [MediaType.Json] = $"{MediaType.Json}; charset=utf-8",
        [MediaType.GraphQLResponse] = $"{MediaType.GraphQLResponse}; charset=utf-8",
    };

    /// <param name="response">Where to write.</param>
    /// <param name="status">The HTTP status.</param>
    /// <param name="mediaType">One of <see cref="MediaType"/>.</param>
    /// <param name="errors">Written before the data; left out when empty.</param>
    /// <param name="data">The value of <c>data</c> as JSON; null for a response without data.</param>
    /// <param name="cancel">When the client left.</param>
    public static async Task WriteAsync(
        HttpResponse response, int status, string mediaType, IReadOnlyList<ResponseError> errors, JsonOutput? data, CancellationToken cancel)
    {
        using var head = new JsonOutput();
        head.Byte((byte)'{');
        if (errors.Count > 0) Write(head, errors);
        if (errors.Count > 0 && data is not null) head.Byte((byte)',');
        if (data is not null) head.Name("data");
        response.StatusCode = status;
        response.ContentType = ContentTypes[mediaType];
        response.ContentLength = head.Length + (data?.Length ?? 0) + 1;
        response.Headers.Vary = "Accept";
        response.Headers.CacheControl = "no-store";
        response.Headers.XContentTypeOptions = "nosniff";
        Copy(response, head.Written.Span);
        if (data is not null) Copy(response, data.Written.Span);
        Copy(response, "}"u8);
        await response.BodyWriter.FlushAsync(cancel).ConfigureAwait(false);
    }

    private static void Copy(HttpResponse response, ReadOnlySpan<byte> bytes) => System.Buffers.BuffersExtensions.Write(response.BodyWriter, bytes);

    private static void Write(JsonOutput output, IReadOnlyList<ResponseError> errors)
    {
        output.Name("errors");
        output.Byte((byte)'[');
        for (var i = 0; i < errors.Count; i++)
        {
            if (i > 0) output.Byte((byte)',');
            Write(output, errors[i]);
        }
        output.Byte((byte)']');
    }

    private static void Write(JsonOutput output, ResponseError error)
    {
        output.Byte((byte)'{');
        output.Name("message");
        output.String(error.Message);
        if (error.Locations.Count > 0) WriteLocations(output, error.Locations);
        if (error.Path.Count > 0) WritePath(output, error.Path);
        output.Byte((byte)',');
        output.Name("extensions");
        output.Byte((byte)'{');
        output.Name("code");
        output.String(error.Code);
        if (error.TraceId is { } trace)
        {
            output.Byte((byte)',');
            output.Name("traceId");
            output.String(trace);
        }
        output.Raw("}}"u8);
    }

    private static void WriteLocations(JsonOutput output, IReadOnlyList<(int Line, int Column)> locations)
    {
        output.Raw(",\"locations\":["u8);
        for (var i = 0; i < locations.Count; i++)
        {
            output.Raw(i > 0 ? ",{\"line\":"u8 : "{\"line\":"u8);
            output.Int(locations[i].Line);
            output.Raw(",\"column\":"u8);
            output.Int(locations[i].Column);
            output.Byte((byte)'}');
        }
        output.Byte((byte)']');
    }

    private static void WritePath(JsonOutput output, IReadOnlyList<object> path)
    {
        output.Raw(",\"path\":["u8);
        for (var i = 0; i < path.Count; i++)
        {
            if (i > 0) output.Byte((byte)',');
            if (path[i] is int index) output.Int(index);
            else output.String(path[i].ToString()!);
        }
        output.Byte((byte)']');
    }
}
