using GraphRec.Core;
using GraphRec.Graph;
using GraphRec.Ranking;
using GraphRec.Ranking.Features;
using GraphRec.Ranking.Onnx;
using GraphRec.Ranking.Trees;
using GraphRec.Recommend;
using GraphRec.Recommend.Sources;
using Xunit;

namespace GraphRec.Tests.Recommend;

/// <summary>A learned ranker in the pipeline: it orders the candidates, its ledger sums to the score, and an answer does not fail with it.</summary>
public sealed class LearnedRankerTests : IDisposable
{
    private static readonly FeatureSet Features = new(SourceNames.All);
    private static readonly GraphExport[] Towns = [.. Enumerable.Range(0, 40).Select(seed => World.Random(seed, 60, 120))];

    private readonly string _directory = Directory.CreateTempSubdirectory("graphrec-ranker-").FullName;

    public void Dispose() => Directory.Delete(_directory, true);

    [Fact]
    public void Candidates_are_ordered_by_it_and_stand_on_the_scale_of_the_linear_ranker()
    {
        // What few have watched comes first.
        using var ranker = Ranker(Tree("popularity.viewers", 3.5f, left: 2, right: -1));
        foreach (var export in Towns)
        {
            using var list = Rank(export, ranker);
            using var linear = Rank(export, null);
            if (list.Matrix.Candidates.Length < 2) continue;
            var audience = list.Snapshot.Derived.Audience;
            var byIt = list.Matrix.Candidates.OrderByDescending(list.Relevance).ToArray();
            Assert.Equal(byIt.Select(d => Math.Log2(1 + audience[d]) <= 3.5), byIt.Select(d => Math.Log2(1 + audience[d]) <= 3.5).OrderDescending());
            Assert.Equal(1, byIt.Max(list.Relevance), 1e-9);
            Assert.All(Enumerable.Range(0, audience.Length).Except(list.Matrix.Candidates), d => Assert.Equal(linear.Relevance(d), list.Relevance(d)));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Ledgers_sum_to_the_score(bool trees)
    {
        using var ranker = trees ? Ranker(Forest()) : Network();
        Assert.Equal(trees, ranker.WithoutTrees is null);
        foreach (var export in Towns)
        {
            using var list = Rank(export, ranker);
            Assert.False(list.FellBack);
            foreach (var item in list.Window)
            {
                var ledger = list.Ledger(item.Item);
                Assert.Equal(item.Score, ledger.Sum(c => c.Value), 1e-6);
                Assert.Equal(ledger.Count, ledger.DistinctBy(c => c.Source).Count());
                for (var s = 0; s < SourceNames.All.Count; s++)
                    Assert.Equal(list.PartOf(s, item.Item), ledger.FirstOrDefault(c => c.Source == SourceNames.All[s]).Value, 1e-12);
            }
        }
    }

    [Fact]
    public void The_linear_scores_part_goes_to_the_sources_that_made_it()
    {
        // The tree asks the linear score alone, so that every part is one of a source.
        using var ranker = Ranker(Tree("linear.score", 0.5f, left: -1, right: 1));
        var export = Towns[3];
        using var list = Rank(export, ranker);
        var best = list.Matrix.Candidates[0];
        var ledger = list.Ledger(best).Where(c => SourceNames.All.Contains(c.Source)).ToArray();
        Assert.NotEmpty(ledger);
        // Also one that says nothing, where it speaks against the others on average.
        Assert.All(ledger, c => Assert.True(c.Value > 0 && list.Raw(SourceNames.All.ToList().IndexOf(c.Source), best) >= 0, c.Source));
    }

    [Fact]
    public void A_ranker_that_fails_leaves_the_order_to_the_linear_one_and_the_page_says_so()
    {
        var ranker = Ranker(Forest());
        ranker.Dispose();
        using var list = Rank(Towns[3], ranker);
        using var linear = Rank(Towns[3], null);
        Assert.True(list.FellBack);
        Assert.Equal(linear.Window.ToArray(), list.Window.ToArray());
        var recommender = new Recommender(new LiveGraph(Towns[3]), Recipe.Default, World.Clock, learned: ranker);
        Assert.True(recommender.Home(World.Viewer, 8, 4, RequestContext.None, TestContext.Current.CancellationToken).Degraded);
    }

    [Fact]
    public void Reasons_are_of_sources_that_the_ranker_counts_for_the_drama()
    {
        using var ranker = Ranker(Forest());
        var recommender = new Recommender(new LiveGraph(Towns[3]), Recipe.Default, World.Clock, learned: ranker);
        var page = recommender.Home(World.Viewer, 8, 6, RequestContext.None, TestContext.Current.CancellationToken);
        Assert.False(page.Degraded);
        Assert.StartsWith("learned/", page.ModelVersion, StringComparison.Ordinal);
        foreach (var item in page.Rows.Where(r => r.Kind == RowKind.TopPicks).SelectMany(r => r.Items))
        {
            Assert.Equal(item.Score, item.Ledger.Sum(c => c.Value), 1e-6);
            if (item.Reason.Kind == ReasonKind.SharedGenre) Assert.True(item.Ledger.Single(c => c.Source == SourceNames.Genres).Value > 0);
        }
    }

    [Fact]
    public void A_ranker_of_other_features_is_refused_and_the_difference_named()
    {
        var path = Path.Combine(_directory, "other.onnx");
        string[] names = [.. Features.Features.Select(f => f.Name).SkipLast(1), "colour.poster"];
        File.WriteAllBytes(path, OnnxFile.Of(Forest(), new RankerDescription(names, Features.Fingerprint, new float[names.Length])));
        var refused = Assert.Throws<InvalidInputException>(() => new LearnedRanker(path, Features));
        Assert.Contains("colour.poster", refused.Message, StringComparison.Ordinal);
        Assert.Contains(Features.Features[^1].Name, refused.Message, StringComparison.Ordinal);
    }

    private static RankedList Rank(GraphExport export, LearnedRanker? ranker)
    {
        var snapshot = World.Snapshot(export);
        return new RankPipeline(Recipe.Default with { Candidates = 50 }, new TrendingCache(7), learned: ranker).Rank(World.Context(snapshot, export), snapshot);
    }

    private LearnedRanker Ranker(TreeEnsemble trees)
    {
        var path = Path.Combine(_directory, $"{Guid.NewGuid()}.onnx");
        File.WriteAllBytes(path, OnnxFile.Of(trees, new RankerDescription([.. Features.Features.Select(f => f.Name)], Features.Fingerprint, new float[Features.Count])));
        return new LearnedRanker(path, Features);
    }

    private LearnedRanker Network()
    {
        var path = Path.Combine(_directory, "network.onnx");
        var random = new Random(5);
        float[] Draw(int count) => [.. Enumerable.Range(0, count).Select(_ => (float)(random.NextDouble() - 0.5) / 10)];
        var network = new DenseNetwork([new DenseLayer(Features.Count, 6, Draw(Features.Count * 6), Draw(6)), new DenseLayer(6, 1, Draw(6), Draw(1))]);
        File.WriteAllBytes(path, OnnxFile.Of(network, new RankerDescription([.. Features.Features.Select(f => f.Name)], Features.Fingerprint, new float[Features.Count])));
        return new LearnedRanker(path, Features);
    }

    private static TreeEnsemble Tree(string feature, float threshold, float left, float right) =>
        new(Features.Count, [[TreeNode.Split(ColumnOf(feature), threshold, 1, 2, 10), TreeNode.Leaf(left, 5), TreeNode.Leaf(right, 5)]]);

    /// <summary>A tree for every feature: what is much of it is good.</summary>
    private static TreeEnsemble Forest() => new(
        Features.Count, [.. Enumerable.Range(0, Features.Count).Select(f => (TreeNode[])[TreeNode.Split(f, 0.25f, 1, 2, 10), TreeNode.Leaf(-0.1f * (f % 7), 4), TreeNode.Leaf(0.1f * (f % 5), 6)])]);

    private static int ColumnOf(string feature) => Features.Features.ToList().FindIndex(f => f.Name == feature);
}
