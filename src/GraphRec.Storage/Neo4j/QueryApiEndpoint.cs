using System.Text.Json;

namespace GraphRec.Storage.Neo4j;

/// <summary>
/// The Query API, <c>/db/{name}/query/v2</c> of 5.19 and later (Query API manual, "Query the database" and "Run
/// transactions"). A request carries one statement: several make a transaction of several requests.
/// </summary>
/// <remarks>
/// One statement alone runs without a begin: while it runs this API refuses other requests to its transaction
/// (TransactionAccessedConcurrently), so that an id would not help to end it. The connection is closed, which is all there is.
/// </remarks>
/// <param name="transport">Sends requests.</param>
/// <param name="root">The endpoint's own address.</param>
internal sealed class QueryApiEndpoint(Neo4jTransport transport, Uri root, Neo4jBookmarks bookmarks) : INeo4jEndpoint
{
    // Leads the requests of a transaction to the member of a cluster where it is open ("Run transactions").
    private const string Affinity = "neo4j-cluster-affinity";

    public bool RunsAtOnce(int statements) => statements == 1;

    public async Task<OpenTransaction> BeginAsync(CancellationToken cancel)
    {
        var known = bookmarks.Known;
        using var sent = await transport.SendAsync(Request("/tx", null, null, known, null), null, cancel).ConfigureAwait(false);
        var answer = await Answer.ReadAsync(transport, sent.Json, null, static _ => { }).ConfigureAwait(false);
        return new OpenTransaction(
            answer.Transaction ?? throw JsonStream.Garbage("a transaction was opened, but its id not told"),
            sent.Headers.TryGetValues(Affinity, out var affinity) ? affinity.FirstOrDefault() : null,
            known);
    }

    public async Task RunAsync(OpenTransaction? transaction, IReadOnlyList<Statement> statements, bool commit, RowHandler onRow, CancellationToken cancel)
    {
        if (transaction is null)
        {
            var known = bookmarks.Known;
            var answer = await RunAsync("", null, statements, 0, known, onRow, cancel).ConfigureAwait(false);
            bookmarks.Replace(known, answer.Bookmarks);
            return;
        }
        var path = $"/tx/{Uri.EscapeDataString(transaction.Id)}";
        var last = commit ? statements.Count - 1 : statements.Count;
        for (var i = 0; i < last; i++) await RunAsync(path, transaction.Affinity, statements, i, null, onRow, cancel).ConfigureAwait(false);
        if (!commit) return;
        var committed = await RunAsync(path + "/commit", transaction.Affinity, statements, last, null, onRow, cancel).ConfigureAwait(false);
        bookmarks.Replace(transaction.Bookmarks, committed.Bookmarks);
    }

    public async Task RollbackAsync(OpenTransaction transaction, CancellationToken cancel)
    {
        var request = Request($"/tx/{Uri.EscapeDataString(transaction.Id)}", transaction.Affinity, null, null, HttpMethod.Delete);
        using var sent = await transport.SendAsync(request, null, cancel).ConfigureAwait(false);
    }

    /// <summary>Runs the statement of this number; with none of it, only commits.</summary>
    private async Task<Answer> RunAsync(
        string path, string? affinity, IReadOnlyList<Statement> statements, int number, IReadOnlyCollection<string>? known, RowHandler onRow, CancellationToken cancel)
    {
        var statement = number >= 0 && number < statements.Count ? statements[number] : null;
        var about = statement is null ? null : Neo4jHttp.About(statements, number);
        using var sent = await transport.SendAsync(Request(path, affinity, statement, known, null), about, cancel).ConfigureAwait(false);
        return await Answer.ReadAsync(transport, sent.Json, about, row => onRow(number, row)).ConfigureAwait(false);
    }

    private HttpRequestMessage Request(string path, string? affinity, Statement? statement, IReadOnlyCollection<string>? known, HttpMethod? method)
    {
        var request = new HttpRequestMessage(method ?? HttpMethod.Post, root.AbsoluteUri + path);
        if (affinity is not null) request.Headers.Add(Affinity, affinity);
        if (method == HttpMethod.Delete) return request;
        var body = new Dictionary<string, object>(StringComparer.Ordinal);
        if (statement is not null)
        {
            body["statement"] = statement.Query.Text;
            body["parameters"] = statement.Parameters ?? new object();
        }
        if (known is { Count: > 0 }) body["bookmarks"] = known;
        request.Content = new StatementsContent(body);
        return request;
    }

    /// <summary>Reads <c>{"data":{"fields":[…],"values":[[…],…]},"bookmarks":[…],"transaction":{"id":"…"},"errors":[…],"notifications":[…]}</c>.</summary>
    private sealed class Answer
    {
        public string? Transaction { get; private set; }

        public string[] Bookmarks { get; private set; } = [];

        public static async Task<Answer> ReadAsync(Neo4jTransport transport, JsonStream json, string? about, Action<Row> onRow)
        {
            var answer = new Answer();
            Neo4jException? refused = null;
            var rows = false;
            await json.ReadAsync(JsonTokenType.StartObject).ConfigureAwait(false);
            while (await json.ReadAsync().ConfigureAwait(false) == JsonTokenType.PropertyName)
            {
                if (json.Text == "data")
                {
                    await ReadDataAsync(json, onRow).ConfigureAwait(false);
                    rows = true;
                }
                else if (json.Text == "errors")
                {
                    // The status was sent before the statement failed: 202 all the same. Thrown at the answer's end, so that the connection can serve again.
                    using var errors = await json.ReadValueAsync().ConfigureAwait(false);
                    refused = transport.Refused(errors!.RootElement, about);
                }
                else await answer.ReadPropertyAsync(json, json.Text!).ConfigureAwait(false);
            }
            if (refused is not null) throw refused;
            if (about is not null && !rows) throw JsonStream.Garbage("its answer to a statement has no data");
            return answer;
        }

        private async Task ReadPropertyAsync(JsonStream json, string name)
        {
            using var value = await json.ReadValueAsync().ConfigureAwait(false);
            if (name == "transaction") Transaction = value!.RootElement.Property("id").TextOrNull();
            else if (name == "bookmarks") Bookmarks = Neo4jHttp.Texts(value!.RootElement);
        }

        private static async Task ReadDataAsync(JsonStream json, Action<Row> onRow)
        {
            await json.ReadAsync(JsonTokenType.StartObject).ConfigureAwait(false);
            while (await json.ReadAsync().ConfigureAwait(false) == JsonTokenType.PropertyName)
            {
                if (json.Text != "values")
                {
                    await json.SkipAsync().ConfigureAwait(false);
                    continue;
                }
                await json.ReadAsync(JsonTokenType.StartArray).ConfigureAwait(false);
                using var row = new Row(null);
                while (await json.ReadTextAsync().ConfigureAwait(false) is { IsEmpty: false } text)
                {
                    row.MoveTo(text);
                    onRow(row);
                }
            }
        }
    }
}
