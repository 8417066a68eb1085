using System.Diagnostics;
using System.Text.Json;
using GraphRec.Contracts.Neo4j;
using GraphRec.Core;
using GraphRec.EndToEnd.Reasons;
using GraphRec.Graph;
using GraphRec.Learning.Simulation;
using GraphRec.Recommend;
using GraphRec.Storage.Neo4j;

namespace GraphRec.EndToEnd.Neo4j;

/// <summary>With candidates from Neo4j, pages are what they are from the snapshot; without Neo4j, they still are.</summary>
[Collection(SharedNeo4j.Tests)]
public sealed class StoredCandidatesTests(SharedNeo4j shared, SeedData data)
{
    /// <summary>Enough for a machine that does other work, unlike the default.</summary>
    private static readonly CandidateOptions Patient = new() { Budget = TimeSpan.FromSeconds(30), Pause = TimeSpan.Zero };
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pages_are_the_same_to_the_digit_as_those_from_the_snapshot()
    {
        // Of two viewers on, which is what the snapshot keeps: then no edge is missing, and the usual server's page is expected.
        var recipe = Recipe.Default with { MinCoWatchers = 2 };
        var (_, store, graph) = await OpenAsync(recipe.MinCoWatchers);
        await using var __ = store;
        var candidates = new StoredCandidates(store.Derived, Patient, TimeProvider.System);
        var usual = new Recommender(graph, recipe, Clock);
        var fetching = new Recommender(graph, recipe, Clock, candidates: candidates);
        foreach (var viewer in Viewers(graph))
        {
            Same(usual.Home(viewer, 8, 12, RequestContext.None, Cancel), await fetching.HomeAsync(viewer, 8, 12, RequestContext.None, Cancel));
            Same(
                usual.Recommend(viewer, 20, 0, [], new DramaFilter(), RequestContext.None, Cancel),
                await fetching.RecommendAsync(viewer, 20, 0, [], new DramaFilter(), RequestContext.None, Cancel));
            var drama = usual.Home(viewer, 8, 12, RequestContext.None, Cancel).Rows[0].Items[0].Drama.Id;
            Same(usual.Similar(drama, 20, viewer, Cancel), await fetching.SimilarAsync(drama, 20, viewer, Cancel));
            Same(usual.Explain(viewer, drama, Cancel), await fetching.ExplainAsync(viewer, drama, Cancel));
        }
        Assert.Equal(0, candidates.Failures);
    }

    [Fact]
    public async Task With_the_usual_minimum_of_co_watchers_the_snapshot_stands_in_to_the_digit()
    {
        var (server, store, graph) = await OpenAsync(Recipe.Default.MinCoWatchers);
        await using var __ = store;
        var candidates = new StoredCandidates(store.Derived, Patient, TimeProvider.System);
        var recommender = new Recommender(graph, Recipe.Default, Clock, candidates: candidates);
        var (fetched, differ) = (new List<HomePage>(), 0);
        var usual = new Recommender(graph, Recipe.Default, Clock);
        foreach (var viewer in Viewers(graph))
        {
            fetched.Add(await recommender.HomeAsync(viewer, 8, 12, RequestContext.None, Cancel));
            if (Text(fetched[^1]) != Text(usual.Home(viewer, 8, 12, RequestContext.None, Cancel))) differ++;
        }
        Assert.Equal(0, candidates.Failures);
        Assert.All(fetched, page => Assert.False(page.Degraded));
        // The minimum takes candidates away; would it take none, this test would show nothing.
        Assert.True(differ > 0);

        server.Kill();
        foreach (var page in fetched)
        {
            var without = await recommender.HomeAsync(page.UserId, 8, 12, RequestContext.None, Cancel);
            Assert.True(without.Degraded);
            Same(page, without with { Degraded = false });
        }
        Assert.Equal(fetched.Count, candidates.Failures);
    }

    [Fact]
    public async Task A_store_that_hangs_costs_a_request_the_budget_and_the_next_ones_nothing()
    {
        var (server, store, graph) = await OpenAsync(Recipe.Default.MinCoWatchers);
        await using var __ = store;
        var options = new CandidateOptions { Budget = TimeSpan.FromMilliseconds(150), Pause = TimeSpan.FromMinutes(10) };
        var candidates = new StoredCandidates(store.Derived, options, TimeProvider.System);
        var (snapshot, viewer) = (graph.State.Snapshot, 0);
        await SignalAsync(server, "STOP");
        try
        {
            var watch = Stopwatch.StartNew();
            Assert.Null(await candidates.FetchAsync(snapshot, [viewer], Cancel));
            Assert.InRange(watch.Elapsed, options.Budget * .9, TimeSpan.FromSeconds(20));
            watch.Restart();
            for (var i = 0; i < 1000; i++) Assert.Null(await candidates.FetchAsync(snapshot, [viewer], Cancel));
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"{watch.Elapsed} for 1,000 requests in the pause");
            Assert.Equal(1001, candidates.Failures);
            // Who goes away meanwhile is not told that the store failed.
            using var gone = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new StoredCandidates(store.Derived, Patient, TimeProvider.System).FetchAsync(snapshot, [viewer], gone.Token));
        }
        finally
        {
            await SignalAsync(server, "CONT");
        }
        Assert.NotNull(await new StoredCandidates(store.Derived, Patient, TimeProvider.System).FetchAsync(snapshot, [viewer], Cancel));
    }

    [Fact]
    public async Task Every_field_of_the_api_answers_alike_with_and_without()
    {
        const string Query = """
            query($user: ID!, $drama: ID!) {
              home(userId: $user) { degraded rows { id title reason { text } items { drama { id } score reason { text paths { share } } ledger { source value } } } }
              recommendations(userId: $user, first: 10) { nodes { drama { id } score } }
              similarDramas(dramaId: $drama, first: 10, userId: $user) { drama { id } score reason { text } }
              explain(userId: $user, dramaId: $drama) { recommended rank score ledger { source value } }
            }
            """;
        var viewers = new SimulationOptions { Viewers = 40, TargetEvents = 2000, Until = data.Now };
        var setup = new ServerSetup { Viewers = viewers, Clock = Clock, Recipe = Recipe.Default with { MinCoWatchers = 2 } };
        await using var usual = await Server.StartAsync(setup);
        var server = await ServingNeo4j.EmptyAsync(shared);
        var snapshot = usual.Graph.State.Snapshot;
        await ExportLoad.RunAsync(server, new GraphExport(snapshot.Version, snapshot.Dramas.ToArray(), [], [], []), Cancel);
        await using var store = await Neo4jStore.OpenAsync(new Neo4jOptions(server.Uri), Cancel);
        await store.Derived.WriteAsync(snapshot, 2, cancel: Cancel);
        var candidates = new StoredCandidates(store.Derived, Patient, TimeProvider.System);
        await using var fetching = await Server.StartAsync(setup with { Candidates = candidates });
        foreach (var user in Viewers(usual.Graph).Take(10))
        {
            var ask = new { user, drama = snapshot.Dramas[0].Id };
            Assert.Equal((await usual.DataAsync(Query, ask)).GetRawText(), (await fetching.DataAsync(Query, ask)).GetRawText());
        }
        Assert.Equal(0, candidates.Failures);
        server.Kill();
        var page = await fetching.DataAsync(Query, new { user = Viewers(usual.Graph).First(), drama = snapshot.Dramas[0].Id });
        Assert.True(page.GetProperty("home").GetProperty("degraded").GetBoolean());
    }

    private FixedClock Clock => new(data.Now);

    private static IEnumerable<string> Viewers(LiveGraph graph)
    {
        var users = graph.State.Snapshot.Graph.Nodes(NodeKind.User);
        for (var i = 0; i < 20; i++) yield return users[i * users.Count / 20];
    }

    /// <summary>The seed's most watched dramas, with a part of its viewers: derived edges in seconds instead of a minute.</summary>
    private async Task<(Neo4jServer Server, Neo4jStore Store, LiveGraph Graph)> OpenAsync(int minCoWatchers)
    {
        var dramas = data.Graph.State.Snapshot.Derived.Lists.MostWatched.Take(120).Select(d => data.Graph.State.Snapshot.Dramas[d].Id).ToHashSet(StringComparer.Ordinal);
        var export = data.Export with
        {
            Dramas = [.. data.Export.Dramas.Where(d => dramas.Contains(d.Id))],
            Credits = [.. data.Export.Credits.Where(c => dramas.Contains(c.DramaId))],
            Behaviour = [.. data.Export.Behaviour.Where(b => dramas.Contains(b.Target.Id) && b.UserId[^1] is '0' or '1' or '2')],
        };
        var graph = new LiveGraph(export);
        var server = await ServingNeo4j.EmptyAsync(shared);
        // Derived edges join dramas: nothing else is needed there.
        await ExportLoad.RunAsync(server, export with { People = [], Credits = [], Behaviour = [] }, Cancel);
        var store = await Neo4jStore.OpenAsync(new Neo4jOptions(server.Uri), Cancel);
        await store.Derived.WriteAsync(graph.State.Snapshot, minCoWatchers, cancel: Cancel);
        return (server, store, graph);
    }

    private static async Task SignalAsync(Neo4jServer server, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", server.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(Cancel);
    }

    private static void Same<T>(T expected, T actual) => Assert.Equal(Text(expected), Text(actual));

    private static string Text<T>(T answer) => JsonSerializer.Serialize(answer);
}
