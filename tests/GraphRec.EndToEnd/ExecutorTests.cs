using System.Text.Json;
using GraphQL;
using GraphQL.SystemTextJson;
using GraphRec.Api.Execution;
using Microsoft.Extensions.DependencyInjection;

namespace GraphRec.EndToEnd;

/// <summary>Our executor against the library's: the same answer to the same request, byte for byte once written anew.</summary>
public sealed class ExecutorTests(CatalogueServer catalogue) : IClassFixture<CatalogueServer>
{
    public static TheoryData<string, string?> Documents => new()
    {
        { Queries.FullHome, """{"userId":"simulated-0010","rows":6,"items":8}""" },
        { "{ __typename }", null },
        { "{ graph { __typename nodes { __typename kind count } } b: graph { version } }", null },
        { "{ drama(id: \"goblin-2016\") { id title } drama(id: \"goblin-2016\") { id year } }", null },
        { "{ drama(id: \"goblin-2016\") { cast(first: 2) { person { id } } cast(first: 2) { character } } }", null },
        { "query($a: Boolean!) { drama(id: \"goblin-2016\") { id @skip(if: $a) title @include(if: $a) ... @include(if: $a) { year } ...F @skip(if: $a) } } fragment F on Drama { country }", """{"a":true}""" },
        { "query($a: Boolean!) { drama(id: \"goblin-2016\") { id @skip(if: $a) title @include(if: $a) ... @include(if: $a) { year } ...F @skip(if: $a) } } fragment F on Drama { country }", """{"a":false}""" },
        { "{ ...Q ... on Query { graph { backend } } } fragment Q on Query { drama(id: \"goblin-2016\") { ...D ...E } } fragment D on Drama { id ...E } fragment E on Drama { title genres { name dramaCount } }", null },
        { "query A { __typename } query B($id: ID! = \"goblin-2016\") { drama(id: $id) { title } }", null },
        { "{ a: drama(id: \"none\") { id } b: drama(id: \"\") { id } c: drama(id: \"goblin-2016\") { cast(first: 0) { character } directors { name } } }", null },
        { "{ home(userId: \"u\", rows: 99) { userId } graph { version } }", null },
        { "{ home(userId: \"u\", rows: null, itemsPerRow: 3, context: {region: \"kr\", at: \"2024-05-01T00:00:00+09:00\"}) { rows { kind items { drama { airedFrom follows { id } } } } } }", null },
        { "{ user(id: \"simulated-0010\") { known simulated history(first: 3) { type value lastAt times drama { id } target { kind } } } }", null },
        { "{ explain(userId: \"simulated-0010\", dramaId: \"goblin-2016\") { rank score whyNot reasons { kind } } }", null },
        { "{ curation { issueCount graphVersion kinds { kind count } issues(kind: \"drama without genre\", first: 3) { kind subject advice } } }", null },
        { "{ curationPreview(change: ADD, edge: {type: HAS_GENRE, from: \"goblin-2016\", to: \"Noir\"}, sampleSize: 5) { edge viewersTotal viewersSampled viewersChanged newIssues { kind } viewers(first: 2) { userId rowsAdded entering { drama { id } before { row } after { row position reason } } } } }", null },
        { "{ recommendations(userId: \"simulated-0010\", first: 3, filter: {countries: [\"JP\"]}) { edges { cursor node { drama { id } } } pageInfo { endCursor } } }", null },
    };

    [Theory, MemberData(nameof(Documents))]
    public async Task The_two_executors_agree(string query, string? variables)
    {
        var engine = Engine();
        var request = new GraphQLRequest(query, query.Contains("query B", StringComparison.Ordinal) ? "B" : null, variables is null ? null : new GraphQLSerializer().Deserialize<Inputs>(variables));
        var ours = await RunAsync(engine, request, library: false);
        var theirs = await RunAsync(engine, request, library: true);
        Assert.Equal(theirs.Data, ours.Data);
        Assert.Equal(theirs.Errors, ours.Errors);
        // A second time, now from the document cache and the kept plan.
        Assert.Equal(ours.Data, (await RunAsync(engine, request, library: false)).Data);
    }

    [Fact]
    public void The_document_cache_forgets_the_least_recently_used()
    {
        var cache = new DocumentCache(10);
        var document = new ValidDocument(GraphQLParser.Parser.Parse("{ a }"));
        cache.Add("aaaa", document);
        cache.Add("bbbb", document);
        Assert.NotNull(cache.Find("aaaa"));
        cache.Add("cccc", document);
        Assert.Null(cache.Find("bbbb"));
        Assert.NotNull(cache.Find("aaaa"));
        cache.Add("longer than all of it", document);
        Assert.Equal(2, cache.Count);
    }

    private static async Task<(string Data, List<(string, string, string)> Errors)> RunAsync((GraphQLEngine Engine, ApiServices Services) engine, GraphQLRequest request, bool library)
    {
        using var output = new JsonOutput();
        var api = new ApiRequest(engine.Services, TestContext.Current.CancellationToken);
        var errors = library
            ? await engine.Engine.IntrospectAsync(request, null, api, output)
            : await engine.Engine.ExecuteAsync(request, false, api, output);
        using var document = JsonDocument.Parse(output.Written);
        return (JsonSerializer.Serialize(document.RootElement), [.. errors.Select(e => (e.Code, e.Message, string.Join('/', e.Path)))]);
    }

    private (GraphQLEngine Engine, ApiServices Services) Engine()
    {
        var services = catalogue.Server.Services;
        return (services.GetRequiredService<GraphQLEngine>(), services.GetRequiredService<ApiServices>());
    }
}
