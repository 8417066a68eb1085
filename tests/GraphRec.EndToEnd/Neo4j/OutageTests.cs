using GraphRec.Contracts.Neo4j;
using GraphRec.EndToEnd.Cli;
using static GraphRec.EndToEnd.Neo4j.ServingNeo4j;

namespace GraphRec.EndToEnd.Neo4j;

/// <summary>Neo4j is killed in the middle of serving, and comes back.</summary>
[Collection(SharedNeo4j.Tests)]
public sealed class OutageTests(SharedNeo4j shared) : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Data => _folder.Sub("data");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Answers_go_on_degraded_and_events_are_delivered_when_Neo4j_is_back()
    {
        var neo4j = await EmptyAsync(shared);
        await ImportTinyAsync(neo4j, Data);
        using var serving = await ServeAsync(neo4j, Data);
        Assert.False(await DegradedAsync(serving));

        neo4j.Kill();
        await UntilAsync("pages say that they are degraded", () => DegradedAsync(serving));
        var away = await serving.DataAsync("""{ recommendations(userId: "ann") { degraded nodes { drama { id } } } graph { degraded } similarDramas(dramaId: "goblin-2016") { drama { id } } }""");
        Assert.True(away.GetProperty("recommendations").GetProperty("degraded").GetBoolean());
        Assert.True(away.GetProperty("graph").GetProperty("degraded").GetBoolean());
        Assert.NotEmpty(away.GetProperty("recommendations").GetProperty("nodes").EnumerateArray());
        var ready = await ReadyAsync(serving);
        Assert.Equal("degraded", ready.GetProperty("status").GetString());
        var store = ready.GetProperty("checks").EnumerateArray().Single(c => c.GetProperty("name").GetString() == "store");
        Assert.False(store.GetProperty("ok").GetBoolean());
        await serving.RecordAsync("ann", "goblin-2016", "WATCHLIST_ADD");
        await serving.RecordAsync("ann", "goblin-2016", "WATCHLIST_REMOVE");
        await serving.RecordAsync("ann", "goblin-2016", "RATE", 4);
        await serving.RecordAsync("ann", "goblin-2016", "RATE", 9);
        // What was recorded is in the answers, although it is in no store but the log.
        var history = (await serving.DataAsync("""{ user(id: "ann") { history { type value drama { id } } } }""")).GetProperty("user").GetProperty("history");
        Assert.Contains(history.EnumerateArray(), h => h.GetProperty("type").GetString() == "RATED" && h.GetProperty("value").GetDouble() == 9);
        await UntilAsync("four events wait and a delivery failed", async () =>
            await MetricAsync(serving, "graphrec_delivery_waiting") == 4 && await MetricAsync(serving, "graphrec_delivery_failures_total") > 0);
        Assert.Equal(0, await MetricAsync(serving, "graphrec_store_reachable"));

        await neo4j.StartAsync(Cancel);
        await UntilAsync("nothing waits any more", async () => await MetricAsync(serving, "graphrec_delivery_waiting") == 0);
        await UntilAsync("pages are not degraded any more", async () => !await DegradedAsync(serving));
        Assert.False((await serving.DataAsync("{ graph { degraded } }")).GetProperty("graph").GetProperty("degraded").GetBoolean());
        Assert.Equal("ok", (await ReadyAsync(serving)).GetProperty("status").GetString());
        Assert.Equal(0, await NumberAsync(neo4j, "MATCH (:User {id: 'ann'})-[r:WATCHLISTED]->(:Drama {id: 'goblin-2016'}) RETURN count(r)"));
        Assert.Equal(9, await NumberAsync(neo4j, "MATCH (:User {id: 'ann'})-[r:RATED]->(:Drama {id: 'goblin-2016'}) RETURN toInt(r.rating)"));
        await serving.StopAsync();
    }

    [Fact]
    public async Task A_hundred_thousand_events_with_Neo4j_killed_five_times_are_there_once_and_in_order()
    {
        const int Batches = 100;
        var neo4j = await EmptyAsync(shared);
        await ImportTinyAsync(neo4j, Data);
        using var serving = await ServeAsync(neo4j, Data);
        var outages = Task.Run(async () =>
        {
            for (var n = 1; n <= 5; n++)
            {
                // In the middle of deliveries: some time after a further part of the events was recorded.
                await UntilAsync("the next part is recorded", () => Task.FromResult(Stored.Number(Data, "SELECT count(*) FROM event") >= n * 15_000), 600);
                await Task.Delay(100 * n, Cancel);
                neo4j.Kill();
                await Task.Delay(500, Cancel);
                await neo4j.StartAsync(Cancel);
            }
        }, Cancel);
        for (var batch = 0; batch < Batches; batch++)
            Assert.Equal(1000, await ClickAsync(serving, Enumerable.Range(batch * 1000, 1000).Select(i => ($"outage-{i}", $"viewer-{i % 97}"))));
        await outages;
        await UntilAsync("all are delivered", async () => await MetricAsync(serving, "graphrec_delivery_waiting") == 0, 600);
        Assert.True(await MetricAsync(serving, "graphrec_delivery_failures_total") > 0);

        Assert.Equal(100_000, await NumberAsync(neo4j, "MATCH (u:User)-[r:CLICKED]->(:Drama {id: 'goblin-2016'}) WHERE u.id STARTS WITH 'viewer-' RETURN sum(r.times)"));
        // Under the sequence that the log gave them, and the log gave them in the order they were sent.
        var there = await neo4j.RowsAsync("MATCH (e:Event) WHERE e.id STARTS WITH 'outage-' RETURN e.sequence, e.id ORDER BY e.sequence", cancel: Cancel);
        Assert.Equal(Enumerable.Range(0, 100_000).Select(i => $"outage-{i}"), there.Select(row => row[1].GetString()));
        var first = there[0][0].GetInt64();
        Assert.Equal(Enumerable.Range(0, 100_000).Select(i => first + i), there.Select(row => row[0].GetInt64()));
        Assert.Equal(Stored.Number(Data, "SELECT max(sequence) FROM event"), await NumberAsync(neo4j, "MATCH (g:GraphState) RETURN g.appliedThrough"));
        await serving.StopAsync();
    }
}
