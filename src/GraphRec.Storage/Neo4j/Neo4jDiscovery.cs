using System.Globalization;
using System.Text.Json;

namespace GraphRec.Storage.Neo4j;

/// <summary>Finds out what a server is, and which of its HTTP interfaces to use, from what stands at its root.</summary>
internal static class Neo4jDiscovery
{
    /// <summary>
    /// 5.19 and later name the Query API there (<c>query</c>), 4.x and 5.x the transactional endpoint (<c>transaction</c>);
    /// 3.x names a second document (<c>data</c>), which names it.
    /// </summary>
    /// <exception cref="Neo4jException">It is no Neo4j, or one that GraphRec cannot use; the message says what to do.</exception>
    public static async Task<(INeo4jEndpoint Endpoint, string Version)> FindAsync(
        Neo4jTransport transport, Neo4jOptions options, Neo4jBookmarks bookmarks, CancellationToken cancel)
    {
        using var root = await ReadAsync(transport, transport.At("/"), options, cancel).ConfigureAwait(false);
        if (PathIn(root, "data") is not { } data)
        {
            var version = Usable(root, options);
            if (PathIn(root, "query") is { } query) return (new QueryApiEndpoint(transport, transport.At(Named(query, options)), bookmarks), version);
            if (PathIn(root, "transaction") is { } tx) return (new TransactionalEndpoint(transport, transport.At(Named(tx, options)), bookmarks), version);
            throw Unusable(options, $"says that it is Neo4j {version}, but neither offers the Query API nor the transactional endpoint: its HTTP modules are switched off (server.http_enabled_modules)");
        }
        using var service = await ReadAsync(transport, transport.At(data), options, cancel).ConfigureAwait(false);
        return (new TransactionalEndpoint(transport, transport.At(PathIn(service, "transaction") ?? throw NotNeo4j(options)), bookmarks), Usable(service, options));
    }

    private static async Task<JsonDocument> ReadAsync(Neo4jTransport transport, Uri address, Neo4jOptions options, CancellationToken cancel)
    {
        try
        {
            using var answer = await transport.SendAsync(new HttpRequestMessage(HttpMethod.Get, address), null, cancel).ConfigureAwait(false);
            return await answer.Json.ReadValueAsync().ConfigureAwait(false) ?? throw NotNeo4j(options);
        }
        catch (Neo4jException e) when (e is { Transient: false, Code: "", InnerException: null or JsonException })
        {
            throw Unusable(options, $"does not answer as Neo4j does: {e.Message} Is its address right, and its HTTP port (7474, not Bolt's 7687)?");
        }
    }

    /// <summary>The path of the address that stands there; null for none. 5.x writes "{databaseName}" into it.</summary>
    private static string? PathIn(JsonDocument document, string name)
    {
        if (document.RootElement.Property(name).TextOrNull() is not { } address) return null;
        // A URI would escape the braces.
        var host = address.IndexOf("://", StringComparison.Ordinal);
        var path = host < 0 ? address.IndexOf('/', StringComparison.Ordinal) : address.IndexOf('/', host + 3);
        return path < 0 ? null : address[path..];
    }

    private static string Named(string path, Neo4jOptions options) => path.Replace("{databaseName}", Uri.EscapeDataString(options.Database), StringComparison.Ordinal);

    /// <summary>The version, if it is 3.1 to 3.5 or 4.4 and later: what 4.0 to 4.3 call constraints is neither's.</summary>
    private static string Usable(JsonDocument document, Neo4jOptions options)
    {
        var version = document.RootElement.Property("neo4j_version").TextOrNull() ?? throw NotNeo4j(options);
        var numbers = version.Split('.', '-', '+');
        if (numbers.Length < 2
            || !int.TryParse(numbers[0], NumberStyles.None, CultureInfo.InvariantCulture, out var major)
            || !int.TryParse(numbers[1], NumberStyles.None, CultureInfo.InvariantCulture, out var minor))
            throw Unusable(options, $"is Neo4j of the unknown version '{version}'");
        if ((major, minor) is ( < 3, _) or (3, < 1) or (4, < 4)) throw Unusable(options, $"is Neo4j {version}; GraphRec needs 3.1 to 3.5, or 4.4 and later");
        return version;
    }

    private static Neo4jException NotNeo4j(Neo4jOptions options) => Unusable(options, "does not answer as Neo4j does: there is no neo4j_version in what stands at its root");

    private static Neo4jException Unusable(Neo4jOptions options, string what) => new("", $"{options.Uri.GetLeftPart(UriPartial.Path)} {what}.", transient: false);
}
