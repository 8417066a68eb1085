using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using GraphRec.Api;
using GraphRec.Core;
using Microsoft.Extensions.Logging;

namespace GraphRec.EndToEnd;

/// <summary>Errors that a caller can act on, and limits.</summary>
public sealed class ErrorTests(TinyServer tiny) : IClassFixture<TinyServer>
{
    private static readonly string LongId = new('x', 201);

    public static TheoryData<string, string, string, string> Mistakes => new()
    {
        { "home(userId: \"\") { userId }", "home", "BAD_USER_INPUT", "userId is empty" },
        { $"home(userId: \"{LongId}\") {{ userId }}", "home", "BAD_USER_INPUT", "201 characters" },
        { "home(userId: \"u\\u0001\") { userId }", "home", "BAD_USER_INPUT", "control characters" },
        { "home(userId: \"u\", rows: 0) { userId }", "home", "BAD_USER_INPUT", "rows is 0; ask for 1 to 30" },
        { "home(userId: \"u\", rows: 31) { userId }", "home", "BAD_USER_INPUT", "rows is 31; ask for 1 to 30" },
        { "home(userId: \"u\", itemsPerRow: 51) { userId }", "home", "BAD_USER_INPUT", "itemsPerRow is 51; ask for 1 to 50" },
        { "home(userId: \"u\", context: {region: \"Korea\"}) { userId }", "home", "BAD_USER_INPUT", "two letters" },
        { "recommendations(userId: \"u\", first: 101) { nodes { score } }", "recommendations", "BAD_USER_INPUT", "first is 101; ask for 1 to 100" },
        { "recommendations(userId: \"u\", after: \"garbage\") { nodes { score } }", "recommendations", "BAD_USER_INPUT", "after is not a cursor" },
        { "recommendations(userId: \"u\", after: \"\") { nodes { score } }", "recommendations", "BAD_USER_INPUT", "after is not a cursor" },
        { "recommendations(userId: \"u\", after: \"OTlAY3guZXk\") { nodes { score } }", "recommendations", "BAD_USER_INPUT", "after is not a cursor" },
        { "recommendations(userId: \"u\", exclude: [\"\"]) { nodes { score } }", "recommendations", "BAD_USER_INPUT", "exclude is empty" },
        { "recommendations(userId: \"u\", filter: {yearFrom: 2020, yearTo: 2010}) { nodes { score } }", "recommendations", "BAD_USER_INPUT", "swap them" },
        { "similarDramas(dramaId: \"nothing\") { score }", "similarDramas", "NOT_FOUND", "no drama with id 'nothing'" },
        { "similarDramas(dramaId: \"goblin-2016\", first: 0) { score }", "similarDramas", "BAD_USER_INPUT", "first is 0" },
        { "explain(userId: \"u\", dramaId: \"nothing\") { rank }", "explain", "NOT_FOUND", "no drama with id 'nothing'" },
        { "curation { issues(first: 1001) { kind } }", "curation", "BAD_USER_INPUT", "first is 1001; ask for 1 to 1000" },
        { "curationPreview(change: ADD, edge: {type: TAGGED, from: \"goblin-2016\", to: \"\"}) { edge }", "curationPreview", "BAD_USER_INPUT", "edge.to is empty" },
        { "curationPreview(change: ADD, edge: {type: TAGGED, from: \"nothing\", to: \"x\"}) { edge }", "curationPreview", "NOT_FOUND", "no drama with id 'nothing'" },
        { "curationPreview(change: ADD, edge: {type: WATCHED, from: \"u\", to: \"goblin-2016\"}) { edge }", "curationPreview", "BAD_USER_INPUT", "WATCHED says what a viewer did" },
        { "curationPreview(change: REMOVE, edge: {type: TAGGED, from: \"goblin-2016\", to: \"x\"}, sampleSize: 1001) { edge }", "curationPreview", "BAD_USER_INPUT", "sampleSize is 1001; ask for 1 to 1000" },
        { "recordEvents(events: []) { accepted }", "recordEvents", "BAD_USER_INPUT", "send 1 to 1000" },
    };

    private Server Server => tiny.Server;

    [Theory, MemberData(nameof(Mistakes))]
    public async Task Mistakes_are_named_with_what_to_change(string field, string path, string code, string says)
    {
        var answer = await Server.AskAsync(path == "recordEvents" ? $"mutation {{ {field} }}" : $"{{ {field} }}");
        var error = answer.GetProperty("errors").EnumerateArray().Single();
        Assert.Equal(code, error.GetProperty("extensions").GetProperty("code").GetString());
        Assert.Contains(says, error.GetProperty("message").GetString());
        Assert.Equal(path, error.GetProperty("path")[0].GetString());
        Assert.Equal(1, error.GetProperty("locations")[0].GetProperty("line").GetInt32());
        Assert.Equal(JsonValueKind.Null, answer.GetProperty("data").ValueKind);
    }

    [Theory]
    [InlineData("drama(id: \"nothing\") { id }", "drama")]
    [InlineData("person(id: \"nobody\") { id }", "person")]
    [InlineData("genre(name: \"none\") { name }", "genre")]
    public async Task Looking_up_what_is_not_there_is_null(string field, string name) =>
        Assert.Equal(JsonValueKind.Null, (await Server.DataAsync($"{{ {field} }}")).GetProperty(name).ValueKind);

    [Fact]
    public async Task A_null_takes_away_its_nearest_nullable_parent_and_no_more()
    {
        var answer = await Server.AskAsync("""{ a: drama(id: "goblin-2016") { id follows { id } cast(first: 0) { character } } b: drama(id: "goblin-2016") { id } }""");
        Assert.Equal(JsonValueKind.Null, answer.GetProperty("data").GetProperty("a").ValueKind);
        Assert.Equal("goblin-2016", answer.GetProperty("data").GetProperty("b").GetProperty("id").GetString());
        Assert.Equal(["a", "cast"], answer.GetProperty("errors")[0].GetProperty("path").EnumerateArray().Select(p => p.GetString()));
    }

    [Fact]
    public async Task A_query_may_not_be_too_deep()
    {
        var fits = $"{{ drama(id: \"goblin-2016\") {{ {string.Concat(Enumerable.Repeat("follows { ", 13))} id {new string('}', 13)} }} }}";
        var tooDeep = $"{{ drama(id: \"goblin-2016\") {{ {string.Concat(Enumerable.Repeat("follows { ", 14))} id {new string('}', 14)} }} }}";
        await Server.DataAsync(fits);
        AssertRejected(await Server.AskAsync(tooDeep), "QUERY_TOO_DEEP", "15 deep");
    }

    [Fact]
    public async Task A_query_may_not_be_too_large()
    {
        await Server.DataAsync(Queries.FullHome, new { userId = "ann", rows = 8, items = 12 });
        AssertRejected(await Server.AskAsync(Queries.FullHome, new { userId = "ann", rows = 30, items = 50 }), "QUERY_TOO_COMPLEX", "50,000 are allowed");
        AssertRejected(await Server.AskAsync("""{ genre(name: "Drama") { dramas(first: 100) { cast(first: 100) { person { dramas(first: 100) { id } } } } } }"""), "QUERY_TOO_COMPLEX", "fewer");
    }

    [Fact]
    public async Task Fragments_that_grow_exponentially_are_stopped()
    {
        var query = new StringBuilder("{ drama(id: \"goblin-2016\") { ...F0 } }");
        for (var i = 0; i < 12; i++) query.Append($" fragment F{i} on Drama {{ {string.Concat(Enumerable.Range(0, 20).Select(n => $"a{n}: follows {{ ...F{i + 1} }} "))} }}");
        query.Append(" fragment F12 on Drama { id }");
        AssertRejected(await Server.AskAsync(query.ToString()), "QUERY_TOO_COMPLEX", "fields");
    }

    [Fact]
    public async Task A_query_may_not_be_too_long() =>
        AssertRejected(await Server.AskAsync($"{{ __typename #{new string('x', 10_000)}\n }}"), "QUERY_TOO_LONG", "10000 are allowed");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_may_not_be_too_large(bool lengthKnown)
    {
        var body = Encoding.UTF8.GetBytes($$$"""{"query":"{ __typename }","extensions":{"x":"{{{new string('x', 1024 * 1024)}}}"}}""");
        using HttpContent content = lengthKnown ? new ByteArrayContent(body) : new StreamContent(new Unsized(body));
        content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        using var response = await Server.Client.PostAsync("/graphql", content, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        AssertRejected(await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken), "PAYLOAD_TOO_LARGE", "1,048,576 bytes");
    }

    [Fact]
    public async Task A_slow_answer_times_out()
    {
        var setup = new ServerSetup { Options = new ApiOptions { Timeout = TimeSpan.FromMilliseconds(200) }, EventLog = log => new TroubledLog(log, _ => Task.Delay(Timeout.Infinite)) };
        await using var server = await Server.StartAsync(setup);
        var events = new[] { new { userId = "ann", dramaId = "goblin-2016", kind = "CLICK" } };
        using var response = await server.Client.PostAsJsonAsync("/graphql", new { query = Queries.Record, variables = new { events } }, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.GatewayTimeout, response.StatusCode);
        AssertRejected(await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken), "TIMEOUT", "0.2 s");
    }

    [Theory]
    [InlineData(true, "STORE_UNAVAILABLE", "send it again")]
    [InlineData(false, "INTERNAL_SERVER_ERROR", "on our side")]
    public async Task Our_own_failures_tell_a_trace_id_and_nothing_else(bool store, string code, string says)
    {
        var logs = new LogCollector();
        Exception Failure() => store ? new StorageException("embedded", "append", true, "secret detail") : new InvalidOperationException("secret detail");
        await using var server = await Server.StartAsync(new ServerSetup { Logs = logs, EventLog = log => new TroubledLog(log, _ => Task.FromException(Failure())) });
        var answer = await server.AskAsync(Queries.Record, new { events = new[] { new { userId = "ann", dramaId = "goblin-2016", kind = "CLICK" } } });
        var error = answer.GetProperty("errors").EnumerateArray().Single();
        Assert.Equal(code, error.GetProperty("extensions").GetProperty("code").GetString());
        Assert.Contains(says, error.GetProperty("message").GetString());
        Assert.DoesNotContain("secret", answer.ToString());
        var trace = error.GetProperty("extensions").GetProperty("traceId").GetString()!;
        Assert.Contains(logs.Lines, line => line.Level == LogLevel.Error && line.Text.Contains(trace, StringComparison.Ordinal) && line.Text.Contains("secret detail", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Introspection_can_be_switched_off()
    {
        await using var server = await Server.StartAsync(new ServerSetup { Options = new ApiOptions { Introspection = false } });
        AssertRejected(await server.AskAsync("{ __schema { types { name } } }"), "GRAPHQL_VALIDATION_FAILED", "ntrospection");
        await server.DataAsync("{ __typename }");
    }

    [Fact]
    public void Options_out_of_range_say_what_to_set()
    {
        Assert.Contains("MaxDepth is 0", Assert.Throws<ArgumentException>(() => new ApiOptions { MaxDepth = 0 }.Validate()).Message);
        Assert.Contains("Timeout is", Assert.Throws<ArgumentException>(() => new ApiOptions { Timeout = TimeSpan.Zero }.Validate()).Message);
        new ApiOptions().Validate();
    }

    private static void AssertRejected(JsonElement answer, string code, string says)
    {
        Assert.False(answer.TryGetProperty("data", out _));
        var error = answer.GetProperty("errors")[0];
        Assert.Equal(code, error.GetProperty("extensions").GetProperty("code").GetString());
        Assert.Contains(says, error.GetProperty("message").GetString());
    }

    /// <summary>A stream whose length cannot be known, so that it is sent in chunks.</summary>
    private sealed class Unsized(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}

/// <summary>An event log that something happens to before it appends.</summary>
internal sealed class TroubledLog(IEventLog log, Func<IReadOnlyList<ViewerEvent>, Task> before) : IEventLog
{
    public async Task<IReadOnlyList<LoggedEvent>> AppendAsync(IReadOnlyList<ViewerEvent> events, CancellationToken cancel = default)
    {
        await before(events).WaitAsync(TimeSpan.FromSeconds(3), cancel);
        return await log.AppendAsync(events, cancel);
    }

    public IAsyncEnumerable<LoggedEvent> ReadAsync(long afterSequence, CancellationToken cancel = default) => log.ReadAsync(afterSequence, cancel);

    public Task<long> LastSequenceAsync(CancellationToken cancel = default) => log.LastSequenceAsync(cancel);
}
