using GraphRec.Core;
using GraphRec.Graph;
using GraphRec.Graph.Kernels;
using GraphRec.Ranking;
using GraphRec.Recommend;
using GraphRec.Recommend.Sources;
using Xunit;

namespace GraphRec.Tests.Recommend;

/// <summary>A trained model in answers: its share of the score, its reasons, and another one that comes while a server runs.</summary>
public sealed class TrainedModelTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Six viewers liked a and b, three liked a and c; nobody liked d with a. The viewer liked a.</summary>
    private static GraphExport Town { get; } = World.Export(
        [World.Drama("a"), World.Drama("b"), World.Drama("c"), World.Drama("d")], null,
        [
            World.Edge(EdgeType.Watched, "a"),
            .. Enumerable.Range(0, 6).SelectMany(u => new[] { World.Edge(EdgeType.Watched, "a", user: $"u{u}"), World.Edge(EdgeType.Watched, "b", user: $"u{u}") }),
            .. Enumerable.Range(6, 3).SelectMany(u => new[] { World.Edge(EdgeType.Watched, "a", user: $"u{u}"), World.Edge(EdgeType.Watched, "c", user: $"u{u}") }),
        ]);

    [Fact]
    public void Another_model_is_in_the_next_answer_and_none_is_as_before()
    {
        var recommender = new Recommender(new LiveGraph(Town), Recipe.Default, World.Clock);
        Assert.Equal("linear-1/default", recommender.ModelVersion);
        var before = Ledger(recommender, "d");
        Assert.DoesNotContain(before, c => c.Source == SourceNames.Collaborative);
        recommender.Use(Says("v1", "d"));
        Assert.Equal("linear-1/default/v1", recommender.Home(World.Viewer, 8, 12, RequestContext.None, Cancel).ModelVersion);
        Assert.Contains(Ledger(recommender, "d"), c => c is { Source: SourceNames.Collaborative, Value: > 0 });
        recommender.Use(Says("v2", "c"));
        Assert.Equal("linear-1/default/v2", recommender.ModelVersion);
        Assert.DoesNotContain(Ledger(recommender, "d"), c => c.Source == SourceNames.Collaborative);
        recommender.Use(null);
        Assert.Equal(before, Ledger(recommender, "d"));
    }

    [Fact]
    public void Its_reason_is_the_viewers_own_drama_where_enough_viewers_liked_both()
    {
        var recommender = new Recommender(new LiveGraph(Town), Recipe.Default with { Sources = new Dictionary<string, float> { [SourceNames.Collaborative] = 1 } }, World.Clock, trained: Says("v1", "b", "c", "d"));
        var reason = recommender.Explain(World.Viewer, "b", Cancel).Reasons[0];
        var path = Assert.Single(reason.Paths);
        Assert.Equal([World.Viewer, "a", "b"], path.Nodes.Select(n => n.Node.Id));
        Assert.Equal([EdgeType.Watched, EdgeType.CoWatched], path.Edges.Select(e => e.Type));
        // Three and none are fewer than five: the model ranks them, and the reason is another.
        foreach (var drama in new[] { "c", "d" })
        {
            var explanation = recommender.Explain(World.Viewer, drama, Cancel);
            Assert.Contains(explanation.Ledger, c => c is { Source: SourceNames.Collaborative, Value: > 0 });
            Assert.All(explanation.Reasons, r => Assert.Empty(r.Paths));
        }
    }

    private static List<Contribution> Ledger(Recommender recommender, string drama) => [.. recommender.Explain(World.Viewer, drama, Cancel).Ledger];

    /// <summary>Who has a is told these.</summary>
    private static TrainedLists Says(string version, params string[] dramas)
    {
        string[] ids = ["a", "b", "c", "d"];
        int[] items = [.. dramas.Select(d => Array.IndexOf(ids, d))];
        return new TrainedLists(version, ids, new ItemNeighbours([0, items.Length, items.Length, items.Length, items.Length], items, [.. items.Select(_ => 1f)], []));
    }
}
