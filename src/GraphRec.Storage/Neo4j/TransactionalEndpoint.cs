using System.Text.Json;

namespace GraphRec.Storage.Neo4j;

/// <summary>
/// The transactional Cypher endpoint: <c>/db/data/transaction</c> of 3.x, <c>/db/{name}/tx</c> of 4.x and 5.x (HTTP API
/// manual, "Run transactions"). Several statements travel in one request.
/// </summary>
/// <remarks>
/// A statement goes on when its caller's connection closes (measured with 3.1.1: without end), and only a rollback
/// by the transaction's id ends it. So nothing runs by <c>tx/commit</c>, of which no id is known: a transaction is begun first.
/// </remarks>
/// <param name="transport">Sends requests.</param>
/// <param name="root">The endpoint's own address.</param>
internal sealed class TransactionalEndpoint(Neo4jTransport transport, Uri root, Neo4jBookmarks bookmarks) : INeo4jEndpoint
{
    public bool RunsAtOnce(int statements) => false;

    public async Task<OpenTransaction> BeginAsync(CancellationToken cancel)
    {
        var known = bookmarks.Known;
        var request = Request(HttpMethod.Post, root, []);
        // As the manual's "Coordinate transactions" shows it: a JSON list in a header.
        if (known.Count > 0) request.Headers.Add("Bookmarks", JsonSerializer.Serialize(known, Neo4jHttp.Json));
        using var sent = await transport.SendAsync(request, null, cancel).ConfigureAwait(false);
        var answer = await Answer.ReadAsync(transport, sent.Json, [], static (_, _) => { }).ConfigureAwait(false);
        // "commit" is an address of the server's own; only the id in it is used.
        var id = answer.Commit?.Split('/') is [.., var last, "commit"] ? last : throw JsonStream.Garbage("a transaction was opened, but its id not told");
        return new OpenTransaction(id, null, known);
    }

    public async Task RunAsync(OpenTransaction? transaction, IReadOnlyList<Statement> statements, bool commit, RowHandler onRow, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        using var sent = await transport.SendAsync(Request(HttpMethod.Post, At(transaction, commit ? "/commit" : ""), statements), null, cancel).ConfigureAwait(false);
        var answer = await Answer.ReadAsync(transport, sent.Json, statements, onRow).ConfigureAwait(false);
        if (commit) bookmarks.Replace(transaction.Bookmarks, answer.LastBookmarks);
    }

    public async Task RollbackAsync(OpenTransaction transaction, CancellationToken cancel)
    {
        using var sent = await transport.SendAsync(new HttpRequestMessage(HttpMethod.Delete, At(transaction, "")), null, cancel).ConfigureAwait(false);
    }

    private Uri At(OpenTransaction transaction, string action) => new($"{root.AbsoluteUri}/{Uri.EscapeDataString(transaction.Id)}{action}");

    private static HttpRequestMessage Request(HttpMethod method, Uri address, IReadOnlyList<Statement> statements)
    {
        // Of one statement it is known which failed.
        var includeStats = statements.Count > 1;
        var request = new HttpRequestMessage(method, address)
        {
            Content = new StatementsContent(new
            {
                Statements = statements.Select(s => new { Statement = s.Query.Text, Parameters = s.Parameters ?? new object(), IncludeStats = includeStats }),
            }),
        };
        // 3.x builds the whole answer in memory before sending it unless it is asked to stream.
        request.Headers.Add("X-Stream", "true");
        return request;
    }

    /// <summary>Reads <c>{"results":[{"columns":[…],"data":[{"row":[…]},…]},…],"errors":[…],"commit":"…","lastBookmarks":[…]}</c>.</summary>
    private sealed class Answer(Neo4jTransport transport, JsonStream json, IReadOnlyList<Statement> statements, RowHandler onRow)
    {
        private int _results;
        private int _completed;
        private bool _judged;
        private Neo4jException? _refused;

        public string? Commit { get; private set; }

        public string[] LastBookmarks { get; private set; } = [];

        public static async Task<Answer> ReadAsync(Neo4jTransport transport, JsonStream json, IReadOnlyList<Statement> statements, RowHandler onRow)
        {
            var answer = new Answer(transport, json, statements, onRow);
            await answer.ReadAsync().ConfigureAwait(false);
            return answer;
        }

        private async Task ReadAsync()
        {
            await json.ReadAsync(JsonTokenType.StartObject).ConfigureAwait(false);
            while (await json.ReadAsync().ConfigureAwait(false) == JsonTokenType.PropertyName)
            {
                if (json.Text == "results") await ReadResultsAsync().ConfigureAwait(false);
                else await ReadPropertyAsync(json.Text!).ConfigureAwait(false);
            }
            if (_refused is not null) throw _refused;
            // Every answer ends with its errors, if only with none: without them it is not one.
            if (!_judged) throw JsonStream.Garbage("its answer does not say whether there were errors");
        }

        private async Task ReadPropertyAsync(string name)
        {
            using var value = await json.ReadValueAsync().ConfigureAwait(false);
            switch (name)
            {
                case "errors":
                    _judged = true;
                    // Thrown at the answer's end, so that the connection can serve again.
                    _refused = transport.Refused(value!.RootElement, Neo4jHttp.About(statements, _completed));
                    break;
                case "commit":
                    Commit = value!.RootElement.TextOrNull();
                    break;
                case "lastBookmarks":
                    LastBookmarks = Neo4jHttp.Texts(value!.RootElement);
                    break;
            }
        }

        private async Task ReadResultsAsync()
        {
            await json.ReadAsync(JsonTokenType.StartArray).ConfigureAwait(false);
            while (await json.ReadAsync().ConfigureAwait(false) == JsonTokenType.StartObject)
            {
                while (await json.ReadAsync().ConfigureAwait(false) == JsonTokenType.PropertyName)
                {
                    if (json.Text == "data") await ReadRowsAsync().ConfigureAwait(false);
                    else if (json.Text == "stats") await ReadStatsAsync().ConfigureAwait(false);
                    else await json.SkipAsync().ConfigureAwait(false);
                }
                _results++;
            }
        }

        /// <summary>Stand after the rows of a statement that was run to its end; the one that failed may have a result, too, but has none of them.</summary>
        private ValueTask ReadStatsAsync()
        {
            _completed++;
            return json.SkipAsync();
        }

        private async Task ReadRowsAsync()
        {
            await json.ReadAsync(JsonTokenType.StartArray).ConfigureAwait(false);
            using var row = new Row("row");
            while (await json.ReadTextAsync().ConfigureAwait(false) is { IsEmpty: false } text)
            {
                row.MoveTo(text);
                onRow(_results, row);
            }
        }
    }
}
