using CsCheck;
using GraphRec.Core;
using GraphRec.Graph;
using GraphRec.Graph.Kernels;
using GraphRec.Ranking;
using GraphRec.Recommend;
using GraphRec.Recommend.Sources;
using Xunit;

namespace GraphRec.Tests.Recommend;

public sealed class SourceTests
{
    private static readonly string[] Crowd = [SourceNames.Popularity, SourceNames.Trending];

    [Fact]
    public void Sources_stand_in_feature_order() =>
        Assert.Equal(SourceNames.All, CandidateSources.All(new TrendingCache(7)).Select(s => s.Name));

    [Fact]
    public void What_a_source_adds_is_the_sum_of_its_evidence() => World.Graphs.Sample(export =>
    {
        var snapshot = World.Snapshot(export);
        var user = World.Context(snapshot, export);
        foreach (var source in CandidateSources.All(new TrendingCache(7), trained: Trained(snapshot)).Where(s => !Crowd.Contains(s.Name)))
        {
            var scores = Score(source, user, snapshot);
            for (var d = 0; d < snapshot.Dramas.Length; d++)
            {
                var evidence = Explain(source, user, snapshot, d);
                Assert.Equal(scores[d], evidence.Sum(e => e.Raw), 1e-5);
                Assert.All(evidence, e => Assert.Contains(user.Seeds, s => s.Item == e.Seed));
                Assert.All(evidence, e => Assert.NotEqual(0, e.Raw));
            }
        }
    }, iter: 300);

    [Fact]
    public void The_random_graphs_give_every_source_something_to_say()
    {
        var said = new Dictionary<string, int>();
        foreach (var seed in Enumerable.Range(0, 120))
        {
            var export = World.Random(seed, 16, 24);
            var snapshot = World.Snapshot(export);
            var user = World.Context(snapshot, export);
            foreach (var source in CandidateSources.All(new TrendingCache(7), trained: Trained(snapshot)))
                if (Score(source, user, snapshot).Touched.Length > 0) said[source.Name] = said.GetValueOrDefault(source.Name) + 1;
        }
        Assert.All(SourceNames.All, name => Assert.True(said.GetValueOrDefault(name) >= 5, $"{name}: {said.GetValueOrDefault(name)}"));
    }

    [Fact]
    public void A_trained_model_speaks_of_the_dramas_it_knows_in_any_numbering()
    {
        var export = World.Export([World.Drama("a"), World.Drama("b"), World.Drama("new"), World.Drama("z")]);
        var snapshot = World.Snapshot(export);
        // Trained when "gone" was there and "new" was not: z → b .5, gone .9; b → z .25.
        var trained = new TrainedLists("v1", ["z", "gone", "b"], new ItemNeighbours([0, 2, 2, 3], [1, 2, 0], [0.9f, 0.5f, 0.25f], []));
        var lists = trained.For(snapshot);
        var nodes = snapshot.Graph.Nodes(NodeKind.Drama);
        Assert.Equal([nodes.Find("b")], lists.Of(nodes.Find("z")).ToArray());
        Assert.Equal([0.5f], lists.Scores(nodes.Find("z")).ToArray());
        Assert.Equal([nodes.Find("z")], lists.Of(nodes.Find("b")).ToArray());
        Assert.Empty(lists.Of(nodes.Find("new")).ToArray());
        Assert.Same(lists, trained.For(snapshot));
    }

    [Fact]
    public void Crowd_sources_say_nothing_about_the_viewer() => World.Graphs.Sample(export =>
    {
        var snapshot = World.Snapshot(export);
        var (user, other) = (World.Context(snapshot, export, region: "KR"), World.Context(snapshot, recipe: null, region: "KR"));
        foreach (var source in CandidateSources.All(new TrendingCache(7)).Where(s => Crowd.Contains(s.Name)))
        {
            var (scores, same) = (Score(source, user, snapshot), Score(source, other, snapshot));
            for (var d = 0; d < snapshot.Dramas.Length; d++)
            {
                Assert.Empty(Explain(source, user, snapshot, d));
                Assert.Equal(scores[d], same[d]);
            }
        }
    }, iter: 50);

    [Fact]
    public void A_shared_actor_counts_by_rarity_and_by_how_many_there_are()
    {
        // Three dramas; "rare" is in a and b, "common" in all: idf = ln(4/3) and ln(4/4) = 0. a has two actors, b two.
        Credit[] credits = [new("a", "rare", CreditRole.Actor, 1), new("a", "common", CreditRole.Actor, 2), new("b", "rare", CreditRole.Actor, 1), new("b", "common", CreditRole.Actor, 2), new("c", "common", CreditRole.Actor, 1)];
        var snapshot = World.Snapshot(World.Export([World.Drama("a"), World.Drama("b"), World.Drama("c")], credits));
        var user = World.Context(snapshot, null, null, World.Edge(EdgeType.Watched, "a", 1));
        var scores = Score(new AttributeSource("actors", EdgeType.ActedIn), user, snapshot);
        Assert.Equal(0.5 * Math.Log(4.0 / 3) / 2, scores[1], 1e-6);
        Assert.Equal(0, scores[2]);
        var rare = snapshot.Graph.Nodes(NodeKind.Person).Find("rare");
        var evidence = Assert.Single(Explain(new AttributeSource("actors", EdgeType.ActedIn), user, snapshot, 1));
        Assert.Equal((0, EdgeType.ActedIn, rare, 0), (evidence.Seed, evidence.Via, evidence.Through, evidence.Count));
    }

    [Fact]
    public void Co_watch_is_the_shrunk_cosine_and_a_dislike_turns_it_round()
    {
        // Six viewers watched a and b, one of them c as well: cos(a,b) = 6/6 · 6/16.
        var behaviour = Enumerable.Range(0, 6).SelectMany(u => new[] { "a", "b" }.Select(d => World.Edge(EdgeType.Watched, d, user: $"u{u}"))).Append(World.Edge(EdgeType.Watched, "c", user: "u0"));
        var snapshot = World.Snapshot(World.Export([World.Drama("a"), World.Drama("b"), World.Drama("c")], null, behaviour));
        var source = new NeighbourSource("coWatch", (s, _) => s.Derived.CoWatch);
        var user = World.Context(snapshot, null, null, World.Edge(EdgeType.Watched, "a"));
        Assert.Equal(0.5 * 6 / 16, Score(source, user, snapshot)[1], 1e-6);
        Assert.Equal(6, Assert.Single(Explain(source, user, snapshot, 1)).Count);
        var unhappy = World.Context(snapshot, null, null, World.Edge(EdgeType.Rated, "a", 1));
        Assert.Equal(-0.8 * 6 / 16, Score(source, unhappy, snapshot)[1], 1e-6);
    }

    [Fact]
    public void The_next_season_of_what_was_finished_and_liked()
    {
        var snapshot = World.Snapshot(World.Export([World.Drama("a"), World.Drama("b") with { Follows = "a" }, World.Drama("c") with { Follows = "b" }]));
        float[] Ask(params BehaviourEdge[] edges)
        {
            var scores = Score(new NextSeasonSource(), World.Context(snapshot, null, null, edges), snapshot);
            return [scores[0], scores[1], scores[2]];
        }

        Assert.Equal([0, 0.5f, 0], Ask(World.Edge(EdgeType.Watched, "a", 0.9)));
        Assert.Equal([0, 0, 0], Ask(World.Edge(EdgeType.Watched, "a", 0.8)));
        Assert.Equal([0, 0, 0], Ask(World.Edge(EdgeType.Rated, "a", 3)));
        Assert.Equal([0, 0.5f, 0.8f], Ask(World.Edge(EdgeType.Watched, "a", 1), World.Edge(EdgeType.Rated, "b", 10)));
    }

    [Fact]
    public void Popularity_is_the_root_of_the_audience_and_regional_where_it_is_large_enough()
    {
        var behaviour = Enumerable.Range(0, 25).Select(u => World.Edge(EdgeType.Watched, u < 20 ? "a" : "b", user: $"u{u:00}"));
        Dictionary<string, string> Regions(int koreans) => Enumerable.Range(0, koreans).ToDictionary(u => $"u{u:00}", _ => "KR");
        var large = World.Snapshot(World.Export([World.Drama("a"), World.Drama("b")], null, behaviour) with { Regions = Regions(20) });
        var small = World.Snapshot(World.Export([World.Drama("a"), World.Drama("b")], null, behaviour) with { Regions = Regions(19) });
        var source = new PopularitySource();
        Assert.Equal([MathF.Sqrt(20), 0], Scores(large, "KR"));
        Assert.Equal([MathF.Sqrt(20), MathF.Sqrt(5)], Scores(large, "US"));
        Assert.Equal([MathF.Sqrt(20), MathF.Sqrt(5)], Scores(small, "KR"));

        float[] Scores(GraphSnapshot snapshot, string region)
        {
            var scores = Score(source, World.Context(snapshot, recipe: null, region: region), snapshot);
            return [scores[0], scores[1]];
        }
    }

    private static ScoreAccumulator Score(ICandidateSource source, UserContext user, GraphSnapshot snapshot)
    {
        var scores = new ScoreAccumulator(snapshot.Dramas.Length);
        source.Score(user, snapshot, scores);
        return scores;
    }

    private static List<Evidence> Explain(ICandidateSource source, UserContext user, GraphSnapshot snapshot, int drama)
    {
        var evidence = new List<Evidence>();
        source.Explain(user, snapshot, drama, evidence);
        return evidence;
    }

    /// <summary>A made-up model: every drama speaks for the next two.</summary>
    private static TrainedLists Trained(GraphSnapshot snapshot)
    {
        var count = snapshot.Dramas.Length;
        int[] to = [.. Enumerable.Range(0, count).SelectMany(d => new[] { (d + 1) % count, (d + 2) % count })];
        var weights = new ItemNeighbours([.. Enumerable.Range(0, count + 1).Select(d => 2 * d)], to, [.. Enumerable.Range(0, to.Length).Select(n => 0.1f * (1 + (n % 3)))], []);
        return new TrainedLists("made up", [.. Enumerable.Range(0, count).Select(d => snapshot.Dramas[d].Id)], weights);
    }
}
