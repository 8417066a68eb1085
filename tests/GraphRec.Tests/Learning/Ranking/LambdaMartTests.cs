using GraphRec.Core;
using GraphRec.Learning.Ranking;
using GraphRec.Ranking.Trees;
using Xunit;

namespace GraphRec.Tests.Learning.Ranking;

public sealed class LambdaMartTests
{
    private static readonly LambdaMartParameters Small = new() { Trees = 40, Leaves = 8, MinExamplesPerLeaf = 10, LearningRate = 0.1, Patience = 10 };

    public LambdaMartTests() => Assert.SkipWhen(LambdaMart.Missing is not null, LambdaMart.Missing ?? "");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void An_order_that_no_single_feature_has_is_learned()
    {
        var (train, test) = (DrawnLists.Of(150, 30, 1), DrawnLists.Of(60, 30, 2));
        var trees = LambdaMart.Fit(train, null, Small, 1, 2, cancel: Cancel);
        Assert.Equal(40, trees.TreeCount);
        Assert.InRange(DrawnLists.Ndcg(test, row => row[1]), 0, 0.75);
        Assert.InRange(DrawnLists.Ndcg(test, row => trees.Score(row)), 0.93, 1);
        Assert.DoesNotContain(Nodes(trees), node => node.Feature == 3);
    }

    [Fact]
    public void The_same_seed_gives_the_same_trees_for_any_number_of_threads()
    {
        var train = DrawnLists.Of(300, 40, 1);
        var one = Nodes(LambdaMart.Fit(train, null, Small, 1, 1, cancel: Cancel));
        Assert.Equal(one, Nodes(LambdaMart.Fit(train, null, Small, 1, 2, cancel: Cancel)));
        Assert.Equal(one, Nodes(LambdaMart.Fit(train, null, Small, 1, 3, cancel: Cancel)));
        Assert.NotEqual(one, Nodes(LambdaMart.Fit(train, null, Small, 2, 2, cancel: Cancel)));
    }

    [Fact]
    public void With_validation_the_best_number_of_trees_is_kept()
    {
        var (train, validation) = (DrawnLists.Of(40, 20, 1), DrawnLists.Of(40, 20, 2));
        List<RankerProgress> told = [];
        var trees = LambdaMart.Fit(train, validation, Small with { Trees = 400, Patience = 5 }, 1, 2, new Listener(told), Cancel);
        var best = told.MaxBy(p => p.ValidationNdcg);
        Assert.Equal((best.Round, best.Round + 5, 400), (trees.TreeCount, told.Count, best.Rounds));
        // What LightGBM says of the validation lists is what the trees that were read give.
        Assert.Equal(best.ValidationNdcg!.Value, DrawnLists.Ndcg(validation, row => trees.Score(row)), 1e-9);
    }

    /// <summary>Of two kinds of rows each is the better one in half the lists; the weights decide which comes first.</summary>
    [Theory]
    [InlineData(3f)]
    [InlineData(1f / 3)]
    public void Weights_count(float weight)
    {
        var labels = Enumerable.Range(0, 400).SelectMany(list => list % 2 == 0 ? new byte[] { 1, 0 } : [0, 1]).ToArray();
        var weights = Enumerable.Range(0, 400).SelectMany(list => list % 2 == 0 ? new[] { weight, weight } : [1, 1]).ToArray();
        var lists = new RankingLists(["kind"], [.. Enumerable.Range(0, 800).Select(row => (float)(row % 2))], labels, weights, [.. Enumerable.Range(0, 401).Select(n => 2 * n)]);
        var trees = LambdaMart.Fit(lists, null, Small with { FeatureFraction = 1 }, 1, 1, cancel: Cancel);
        Assert.Equal(weight > 1, trees.Score([0]) > trees.Score([1]));
    }

    [Fact]
    public void Covers_are_rows_of_training()
    {
        var train = DrawnLists.Of(100, 30, 3);
        var trees = LambdaMart.Fit(train, null, Small with { Trees = 3 }, 1, 2, cancel: Cancel);
        for (var tree = 0; tree < 3; tree++)
        {
            var nodes = trees.Tree(tree).ToArray();
            Assert.Equal(3000, nodes[0].Cover);
            Assert.All(nodes, node => Assert.InRange(node.Cover, 10, 3000));
            Assert.All(nodes.Where(n => !n.IsLeaf), node => Assert.Equal(node.Cover, nodes[node.Left].Cover + nodes[node.Right].Cover));
        }
    }

    [Fact]
    public void What_cannot_be_learned_from_is_refused_and_cancellation_is_heard()
    {
        var train = DrawnLists.Of(20, 10, 1);
        Refused("at least 1", () => LambdaMart.Fit(train, null, Small with { Trees = 0 }, 1, 1, cancel: Cancel));
        Refused("learning rate", () => LambdaMart.Fit(train, null, Small with { LearningRate = double.NaN }, 1, 1, cancel: Cancel));
        Refused("no order to learn", () => LambdaMart.Fit(new(["a"], [1, 2], [1, 1], [1, 1], [0, 2]), null, Small, 1, 1, cancel: Cancel));
        Refused("different features", () => LambdaMart.Fit(train, new(["a"], [1, 2], [1, 0], [1, 1], [0, 2]), Small, 1, 1, cancel: Cancel));
        Refused("nothing to split", () => LambdaMart.Fit(train, null, Small with { MinExamplesPerLeaf = 150 }, 1, 1, cancel: Cancel));
        Assert.Throws<OperationCanceledException>(() => LambdaMart.Fit(train, null, Small, 1, 1, cancel: new CancellationToken(true)));
    }

    private static void Refused(string why, Action act) => Assert.Contains(why, Assert.Throws<InvalidInputException>(act).Message, StringComparison.Ordinal);

    private static List<TreeNode> Nodes(TreeEnsemble trees) => [.. Enumerable.Range(0, trees.TreeCount).SelectMany(tree => trees.Tree(tree).ToArray())];

    private sealed class Listener(List<RankerProgress> told) : IProgress<RankerProgress>
    {
        public void Report(RankerProgress value) => told.Add(value);
    }
}
