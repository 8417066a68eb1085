using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace GraphRec.EndToEnd.Http;

/// <summary>
/// One case for every MUST and SHOULD of the GraphQL-over-HTTP draft, and for what we promise beyond it: what is sent,
/// and the status and media type that come back.
/// </summary>
public sealed class GraphQLOverHttpTests(TinyServer tiny) : IClassFixture<TinyServer>
{
    private const string Json = "application/json";
    private const string Response = "application/graphql-response+json";
    private const string Good = """{"query":"{ __typename }"}""";

    public static TheoryData<string, string?, int, string> Accepts => new()
    {
        { "no Accept header: as if graphql-response+json (from 2025 on)", null, 200, Response },
        { "MUST support graphql-response+json", Response, 200, Response },
        { "MUST support application/json", Json, 200, Json },
        { "any: what clients send that do not name a type", "*/*", 200, Json },
        { "any application", "application/*", 200, Json },
        { "utf-8 named", "application/graphql-response+json; charset=utf-8", 200, Response },
        { "charset in capitals and quotes", "application/json; charset=\"UTF-8\"", 200, Json },
        { "the recommended header", "application/graphql-response+json; charset=utf-8, application/json; charset=utf-8", 200, Response },
        { "the highest q wins", "application/json, application/graphql-response+json;q=0.9", 200, Json },
        { "the highest q wins, the other way", "application/json;q=0.5, application/graphql-response+json;q=0.9", 200, Response },
        { "equal q: the first named", "application/json, application/graphql-response+json", 200, Json },
        { "the specific range beats the wildcard", "*/*, application/graphql-response+json;q=0.1", 200, Json },
        { "q=0 excludes", "application/graphql-response+json;q=0, */*;q=0.1", 200, Json },
        { "ours among others, as browsers send", "text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8", 200, Json },
        { "named beats an equal wildcard", "*/*, application/graphql-response+json", 200, Response },
        { "case does not matter", "Application/JSON", 200, Json },
        { "nothing of ours", "text/html", 406, Json },
        { "everything of ours excluded", "*/*;q=0", 406, Json },
        { "another encoding", "application/json; charset=iso-8859-1", 406, Json },
        { "not a media type", "nonsense", 406, Json },
    };

    public static TheoryData<string, string?, int> ContentTypes => new()
    {
        { "MUST support JSON; utf-8 MUST be assumed", Json, 200 },
        { "UTF-8 named", "application/json; charset=utf-8", 200 },
        { "in capitals", "APPLICATION/JSON; CHARSET=UTF-8", 200 },
        { "SHOULD reject a missing Content-Type", null, 415 },
        { "another encoding", "application/json; charset=utf-16", 415 },
        { "what a form sends without preflight (CSRF)", "text/plain", 415 },
        { "a form (CSRF)", "application/x-www-form-urlencoded", 415 },
        { "a multipart form (CSRF)", "multipart/form-data; boundary=x", 415 },
        { "a response's type", Response, 415 },
        { "the bare document", "application/graphql", 415 },
        { "not a media type", "json", 415 },
    };

    /// <summary>A body; the status with graphql-response+json; the status with application/json; the code; null where there is none.</summary>
    public static TheoryData<string, string, int, int, string?> Bodies => new()
    {
        { "a query", Good, 200, 200, null },
        { "null for optional parameters is as leaving them out", """{"query":"{ __typename }","operationName":null,"variables":null,"extensions":null}""", 200, 200, null },
        { "an empty operationName is as leaving it out", """{"query":"query A { __typename }","operationName":""}""", 200, 200, null },
        { "operationName selects", """{"query":"query A { a: __typename } query B { b: __typename }","operationName":"B"}""", 200, 200, null },
        { "variables as a map", """{"query":"query($id: ID!) { drama(id: $id) { id } }","variables":{"id":"goblin-2016"}}""", 200, 200, null },
        { "extensions as a map", """{"query":"{ __typename }","extensions":{"a":1}}""", 200, 200, null },
        { "other names are reserved, not refused", """{"query":"{ __typename }","other":1}""", 200, 200, null },
        { "a byte order mark", "\ufeff" + Good, 200, 200, null },
        { "field errors: 200", """{"query":"{ drama(id: \"\") { id } }"}""", 200, 200, "BAD_USER_INPUT" },
        { "data null by a field error: 200", """{"query":"{ home(userId: \"u\", rows: 99) { userId } }"}""", 200, 200, "BAD_USER_INPUT" },
        { "not JSON", "NONSENSE", 400, 400, "BAD_REQUEST" },
        { "cut off", """{"query":""", 400, 400, "BAD_REQUEST" },
        { "empty", "", 400, 400, "BAD_REQUEST" },
        { "a typo", """{"qeury":"{ __typename }"}""", 400, 400, "BAD_REQUEST" },
        { "not an object", "\"{ __typename }\"", 400, 400, "BAD_REQUEST" },
        { "a batch", $"[{Good},{Good}]", 400, 400, "BATCHING_NOT_SUPPORTED" },
        { "query is no string", """{"query":{"a":1}}""", 400, 400, "BAD_REQUEST" },
        { "query is null", """{"query":null}""", 400, 400, "BAD_REQUEST" },
        { "operationName is no string", """{"query":"{ __typename }","operationName":1}""", 400, 400, "BAD_REQUEST" },
        { "variables is a list", """{"query":"{ __typename }","variables":[7]}""", 400, 400, "BAD_REQUEST" },
        { "variables is a string", """{"query":"{ __typename }","variables":"{}"}""", 400, 400, "BAD_REQUEST" },
        { "extensions is a list", """{"query":"{ __typename }","extensions":[]}""", 400, 400, "BAD_REQUEST" },
        { "the document does not parse", """{"query":"{"}""", 400, 200, "GRAPHQL_PARSE_FAILED" },
        { "the document is not valid", """{"query":"{ nothing }"}""", 400, 200, "GRAPHQL_VALIDATION_FAILED" },
        { "the operation cannot be determined", """{"query":"query A { __typename } query B { __typename }"}""", 400, 200, "OPERATION_RESOLUTION_FAILURE" },
        { "there is no such operation", """{"query":"query A { __typename }","operationName":"B"}""", 400, 200, "OPERATION_RESOLUTION_FAILURE" },
        { "a document without operation", """{"query":"fragment F on Query { __typename }"}""", 400, 200, "OPERATION_RESOLUTION_FAILURE" },
        { "a variable is missing", """{"query":"query($id: ID!) { drama(id: $id) { id } }"}""", 400, 200, "BAD_USER_INPUT" },
        { "a variable has the wrong type", """{"query":"query($n: Int!) { home(userId: \"u\", rows: $n) { userId } }","variables":{"n":"x"}}""", 400, 200, "BAD_USER_INPUT" },
    };

    /// <summary>The query string of a GET; the status with graphql-response+json.</summary>
    public static TheoryData<string, string, int> Urls => new()
    {
        { "a query", "query={__typename}", 200 },
        { "plus is a space", "query={+__typename+}", 200 },
        { "variables as JSON", "query=query($id:ID!){drama(id:$id){id}}&variables={\"id\":\"goblin-2016\"}", 200 },
        { "extensions as JSON", "query={__typename}&extensions={\"a\":1}", 200 },
        { "an empty operationName is as leaving it out", "query=query A{__typename}&operationName=", 200 },
        { "operationName=null is the operation named null", "query=query null{__typename} query B{__typename}&operationName=null", 200 },
        { "null variables", "query={__typename}&variables=null", 200 },
        { "no query", "", 400 },
        { "an empty query", "query=", 400 },
        { "a query given twice", "query={__typename}&query={__typename}", 400 },
        { "variables that are not JSON", "query={__typename}&variables={", 400 },
        { "variables that are a list", "query={__typename}&variables=[7]", 400 },
        { "extensions that are a string", "query={__typename}&extensions=\"a\"", 400 },
        { "a mutation", "query=mutation{recordEvents(events:[]){accepted}}", 405 },
        { "the mutation of several operations", "query=query A{__typename} mutation B{recordEvents(events:[]){accepted}}&operationName=B", 405 },
        { "the query of several operations", "query=query A{__typename} mutation B{recordEvents(events:[]){accepted}}&operationName=A", 200 },
    };

    private HttpClient Client => tiny.Server.Client;

    [Theory, MemberData(nameof(Accepts))]
    public async Task Accept_is_respected(string why, string? accept, int status, string mediaType)
    {
        foreach (var method in new[] { HttpMethod.Post, HttpMethod.Get })
        {
            using var request = new HttpRequestMessage(method, method == HttpMethod.Get ? "/graphql?query={__typename}" : "/graphql");
            if (method == HttpMethod.Post) request.Content = Body(Good, Json);
            if (accept is not null) request.Headers.TryAddWithoutValidation("Accept", accept);
            using var response = await Client.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.True((status, mediaType) == ((int)response.StatusCode, response.Content.Headers.ContentType!.MediaType), $"{why}: {(int)response.StatusCode} {response.Content.Headers.ContentType}");
            Assert.Equal("utf-8", response.Content.Headers.ContentType.CharSet);
            Assert.Contains("Accept", response.Headers.Vary);
        }
    }

    [Theory, MemberData(nameof(ContentTypes))]
    public async Task Content_Type_is_respected(string why, string? contentType, int status)
    {
        using var response = await PostAsync(Good, Response, contentType);
        Assert.True(status == (int)response.StatusCode, $"{why}: {(int)response.StatusCode}");
        if (status != 200) await AssertErrorAsync(response, "UNSUPPORTED_MEDIA_TYPE");
    }

    [Theory, MemberData(nameof(Bodies))]
    public async Task Bodies_are_answered_by_status(string why, string body, int status, int jsonStatus, string? code)
    {
        foreach (var (accept, expected) in new[] { (Response, status), (Json, jsonStatus) })
        {
            using var response = await PostAsync(body, accept, Json);
            var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            Assert.True(expected == (int)response.StatusCode, $"{why}, {accept}: {(int)response.StatusCode} {text}");
            Assert.Equal(accept, response.Content.Headers.ContentType!.MediaType);
            using var document = JsonDocument.Parse(text);
            // Data exactly when the status is 2xx, for the type that lets clients rely on it.
            if (accept == Response) Assert.Equal(expected == 200, document.RootElement.TryGetProperty("data", out _));
            Assert.Equal(code is not null, document.RootElement.TryGetProperty("errors", out var errors));
            if (code is not null) Assert.Equal(code, errors[0].GetProperty("extensions").GetProperty("code").GetString());
        }
    }

    [Theory, MemberData(nameof(Urls))]
    public async Task Urls_are_answered_by_status(string why, string query, int status)
    {
        var url = "/graphql?" + query.Replace("+", "%2B").Replace(" ", "+").Replace("%2B", "+");
        using var response = await Client.GetAsync(url, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(status == (int)response.StatusCode, $"{why}: {(int)response.StatusCode} {text}");
        if (status == 405) Assert.Equal(["POST"], response.Content.Headers.Allow);
        using var document = JsonDocument.Parse(text);
        Assert.Equal(status == 200, document.RootElement.TryGetProperty("data", out _));
    }

    [Theory]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("PATCH")]
    [InlineData("PROPFIND")]
    public async Task Other_methods_are_refused(string method)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "/graphql") { Content = Body(Good, Json) };
        using var response = await Client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Equal(["GET", "POST", "HEAD", "OPTIONS"], response.Content.Headers.Allow);
        await AssertErrorAsync(response, "METHOD_NOT_ALLOWED");
    }

    [Fact]
    public async Task Options_tells_the_methods()
    {
        using var request = new HttpRequestMessage(HttpMethod.Options, "/graphql");
        using var response = await Client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal(["GET", "POST", "HEAD", "OPTIONS"], response.Content.Headers.Allow);
        Assert.False(response.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task Head_is_get_without_the_body()
    {
        using var get = await Client.GetAsync("/graphql?query={__typename}", TestContext.Current.CancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Head, "/graphql?query={__typename}");
        using var head = await Client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.Equal(get.Content.Headers.ContentLength, head.Content.Headers.ContentLength);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        using var mutation = new HttpRequestMessage(HttpMethod.Head, "/graphql?query=mutation{recordEvents(events:[]){accepted}}");
        using var refused = await Client.SendAsync(mutation, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, refused.StatusCode);
    }

    [Fact]
    public async Task A_mutation_over_get_changes_nothing()
    {
        var query = Uri.EscapeDataString("""mutation { recordEvents(events: [{userId: "by-get", dramaId: "goblin-2016", kind: CLICK}]) { accepted } }""");
        using var response = await Client.GetAsync($"/graphql?query={query}", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.False((await tiny.Server.DataAsync("""{ user(id: "by-get") { known } }""")).GetProperty("user").GetProperty("known").GetBoolean());
    }

    [Fact]
    public async Task Compressed_bodies_are_refused()
    {
        using var content = Body(Good, Json)!;
        content.Headers.ContentEncoding.Add("gzip");
        using var response = await Client.PostAsync("/graphql", content, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
    }

    [Fact]
    public async Task Text_that_is_not_utf8_is_refused()
    {
        using var content = new ByteArrayContent([.. "{\"query\":\"{ __typename #"u8, 0xff, 0xfe, .. "\"}"u8]);
        content.Headers.ContentType = new MediaTypeHeaderValue(Json);
        using var response = await Client.PostAsync("/graphql", content, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        await AssertErrorAsync(response, "BAD_REQUEST");
    }

    [Fact]
    public async Task Any_text_comes_back_as_it_was_sent()
    {
        const string id = "\"\\/ \u007f é 도깨비 😀 \u2028<script>";
        var data = await tiny.Server.DataAsync("query($id: ID!) { user(id: $id) { id } }", new { id });
        Assert.Equal(id, data.GetProperty("user").GetProperty("id").GetString());
    }

    private static StringContent? Body(string body, string? contentType)
    {
        var content = new StringContent(body, new UTF8Encoding(false));
        content.Headers.Remove("Content-Type");
        if (contentType is not null) content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        return content;
    }

    private static async Task AssertErrorAsync(HttpResponseMessage response, string code)
    {
        using var document = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        var error = document.RootElement.GetProperty("errors")[0];
        Assert.Equal(code, error.GetProperty("extensions").GetProperty("code").GetString());
        Assert.False(string.IsNullOrWhiteSpace(error.GetProperty("message").GetString()));
    }

    private async Task<HttpResponseMessage> PostAsync(string body, string accept, string? contentType)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/graphql") { Content = Body(body, contentType) };
        request.Headers.TryAddWithoutValidation("Accept", accept);
        return await Client.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
