using System.Net.Http.Headers;
using System.Text.Json;

namespace GraphRec.Storage.Neo4j;

/// <summary>
/// The transactional Cypher endpoint: <c>/db/data/transaction</c> of 3.x, <c>/db/{name}/tx</c> of 4.x and 5.x (HTTP API
/// manual, "Run transactions"). Several statements travel in one request.
/// </summary>
/// <param name="http">Sends requests; authentication is set on it.</param>
/// <param name="root">The endpoint's own address.</param>
internal sealed class TransactionalEndpoint(HttpClient http, Uri root) : INeo4jEndpoint
{
    public async Task<string?> RunAsync(string? transaction, IReadOnlyList<Statement> statements, bool commit, RowHandler onRow, CancellationToken cancel)
    {
        var address = transaction is null ? root.AbsoluteUri : transaction;
        using var request = new HttpRequestMessage(HttpMethod.Post, commit ? address + "/commit" : address)
        {
            Content = new StatementsContent(stream => WriteAsync(stream, statements, cancel)),
        };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        // 3.x builds the whole answer in memory before sending it unless it is asked to stream.
        request.Headers.Add("X-Stream", "true");
        using var response = await Neo4jHttp.SendAsync(http, request, cancel).ConfigureAwait(false);
        await using var stream = await response.Content.ReadAsStreamAsync(cancel).ConfigureAwait(false);
        using var json = new JsonStream(stream);
        var location = await new Answer(statements, onRow).ReadAsync(json, cancel).ConfigureAwait(false);
        if (commit) return null;
        return transaction ?? response.Headers.Location?.AbsoluteUri ?? location
            ?? throw new Neo4jException("", "Neo4j opened a transaction without saying where.", transient: false);
    }

    public async Task RollbackAsync(string transaction, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, transaction);
        using var response = await Neo4jHttp.SendAsync(http, request, cancel).ConfigureAwait(false);
    }

    private static Task WriteAsync(Stream stream, IReadOnlyList<Statement> statements, CancellationToken cancel) =>
        JsonSerializer.SerializeAsync(
            stream, new { Statements = statements.Select(s => new { Statement = s.Query.Text, Parameters = s.Parameters ?? new object() }) }, Neo4jHttp.Json, cancel);

    /// <summary>Reads <c>{"results":[{"columns":[…],"data":[{"row":[…]},…]},…],"errors":[…],"commit":"…"}</c>.</summary>
    private sealed class Answer(IReadOnlyList<Statement> statements, RowHandler onRow)
    {
        private int _results;
        private string? _commit;

        public async Task<string?> ReadAsync(JsonStream json, CancellationToken cancel)
        {
            await json.ReadAsync(cancel).ConfigureAwait(false);
            while (await json.ReadAsync(cancel).ConfigureAwait(false) == JsonTokenType.PropertyName)
            {
                switch (json.Text)
                {
                    case "results":
                        await ReadResultsAsync(json, cancel).ConfigureAwait(false);
                        break;
                    case "errors":
                        using (var errors = await json.ReadValueAsync(cancel).ConfigureAwait(false)) ThrowAny(errors!.RootElement);
                        break;
                    case "commit":
                        using (var commit = await json.ReadValueAsync(cancel).ConfigureAwait(false)) _commit = commit!.RootElement.GetString();
                        break;
                    default:
                        (await json.ReadValueAsync(cancel).ConfigureAwait(false))?.Dispose();
                        break;
                }
            }
            return _commit is not null && _commit.EndsWith("/commit", StringComparison.Ordinal) ? _commit[..^"/commit".Length] : null;
        }

        private async Task ReadResultsAsync(JsonStream json, CancellationToken cancel)
        {
            await json.ReadAsync(cancel).ConfigureAwait(false);
            while (await json.ReadAsync(cancel).ConfigureAwait(false) == JsonTokenType.StartObject)
            {
                while (await json.ReadAsync(cancel).ConfigureAwait(false) == JsonTokenType.PropertyName)
                {
                    if (json.Text == "data") await ReadRowsAsync(json, cancel).ConfigureAwait(false);
                    else (await json.ReadValueAsync(cancel).ConfigureAwait(false))?.Dispose();
                }
                _results++;
            }
        }

        private async Task ReadRowsAsync(JsonStream json, CancellationToken cancel)
        {
            await json.ReadAsync(cancel).ConfigureAwait(false);
            while (await json.ReadValueAsync(cancel).ConfigureAwait(false) is { } datum)
            {
                using (datum) onRow(_results, new Row(datum.RootElement.GetProperty("row")));
            }
        }

        private void ThrowAny(JsonElement errors)
        {
            if (errors.GetArrayLength() == 0) return;
            var first = errors[0];
            var about = statements.Count == 0 ? null : statements[Math.Min(_results, statements.Count - 1)].Query;
            throw Neo4jHttp.Refused(first.GetProperty("code").GetString()!, first.GetProperty("message").GetString()!, about);
        }
    }
}
