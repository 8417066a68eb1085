using GraphRec.Contracts.Neo4j;
using GraphRec.Core;
using GraphRec.EndToEnd.Reasons;
using GraphRec.Graph;
using GraphRec.Storage.Neo4j;

namespace GraphRec.EndToEnd.Neo4j;

/// <summary>On MovieLens with cast, Neo4j answers every named question as the snapshot does: same ids in the same order, scores within 1e-9.</summary>
[Collection(SharedNeo4j.Tests), Trait("data", "MovieLens")]
public sealed class MovieLensQuestionsTests(SharedNeo4j shared, MovieLensData data)
{
    private const int Sampled = 6;
    private const int First = 50;
    private readonly HashSet<string> _answered = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Neo4j_and_the_snapshot_answer_alike()
    {
        if (data.Missing is { } missing) Assert.Skip(missing);
        var server = await ServingNeo4j.EmptyAsync(shared);
        await ExportLoad.RunAsync(server, data.Export, Cancel);
        await using var store = await Neo4jStore.OpenAsync(new Neo4jOptions(server.Uri), Cancel);
        var (snapshot, histories) = (data.Graph.State.Snapshot, data.Export.Behaviour.ToLookup(b => b.UserId, StringComparer.Ordinal));
        var expected = new SnapshotQueries(snapshot.Graph, snapshot.Dramas.ToArray(), snapshot.People.ToArray(), user => [.. histories[user]], snapshot.Engaged);
        var random = new Random(7);
        // Viewers of anything are drawn by what they watched, so that dramas are drawn by their audience, hubs and rare ones.
        var draws = Enumerable.Range(0, Sampled).Select(_ => data.Export.Behaviour[random.Next(data.Export.Behaviour.Count)]).ToList();
        foreach (var (user, drama) in draws.Select(d => (d.UserId, d.Target.Id)))
        {
            Same("co-watched", await expected.CoWatchedAsync(drama, 2, First, Cancel), await store.Queries.CoWatchedAsync(drama, 2, First, Cancel), c => (c.DramaId, c.Count), c => c.Score);
            var seeds = histories[user].Select(e => e.Target.Id).Distinct().Take(20).ToArray();
            Same("walked to", await expected.WalkedToAsync(seeds, First, Cancel), await store.Queries.WalkedToAsync(seeds, First, Cancel), s => s.DramaId, s => s.Score);
            Same(
                "sharing people", await expected.SharingPeopleAsync(drama, First, Cancel), await store.Queries.SharingPeopleAsync(drama, First, Cancel),
                s => (s.DramaId, string.Join('|', s.PersonIds)), s => s.Shared);
            Same("history", await expected.HistoryAsync(user, Cancel), await store.Queries.HistoryAsync(user, Cancel), e => e, e => e.Value);
            var other = draws[^1].Target.Id;
            Same("paths", await expected.PathsAsync(user, other, 4, First, Cancel), await store.Queries.PathsAsync(user, other, 4, First, Cancel), Text, p => p.Share);
        }
        foreach (var days in new[] { 30, 3650 })
        {
            var (since, halfLife) = (data.Now.AddDays(-days), TimeSpan.FromDays(days / 2.0));
            Same(
                "trending", await expected.TrendingAsync(since, data.Now, halfLife, First, Cancel), await store.Queries.TrendingAsync(since, data.Now, halfLife, First, Cancel),
                s => s.DramaId, s => s.Score);
        }
        // Two that say nothing are alike too. (Nothing trends here: MovieLens has ratings and no watches.)
        Assert.Equal(["co-watched", "history", "paths", "sharing people", "walked to"], _answered.Order());
    }

    private void Same<T, TKey>(string question, IReadOnlyList<T> expected, IReadOnlyList<T> actual, Func<T, TKey> key, Func<T, double> score)
    {
        if (expected.Count > 0) _answered.Add(question);
        Assert.Equal(expected.Select(key), actual.Select(key));
        for (var i = 0; i < expected.Count; i++) Assert.Equal(score(expected[i]), score(actual[i]), 1e-9);
    }

    private static string Text(GraphPath path) =>
        string.Join(' ', path.Nodes.Select(n => $"{n.Node}={n.Label}").Concat(path.Edges.Select(e => $"{e.From}-{e.Type}-{e.To}-{e.Detail}")));
}
