using GraphRec.Core;
using GraphRec.Ranking.Trees;
using Xunit;

namespace GraphRec.Tests.Ranking.Trees;

public sealed class TreeEnsembleTests
{
    /// <summary>By feature 0 at 0.5; on the right by feature 1 at 2. And a tree that is a leaf.</summary>
    internal static TreeEnsemble Two => new(
        2,
        [
            [TreeNode.Split(0, 0.5f, 1, 2, 10), TreeNode.Leaf(1, 6), TreeNode.Split(1, 2, 3, 4, 4), TreeNode.Leaf(-2, 1), TreeNode.Leaf(8, 3)],
            [TreeNode.Leaf(0.25f, 10)],
        ],
        baseValue: 100);

    [Theory]
    [InlineData(0.5f, 9f, 101.25)]
    [InlineData(0.50000006f, 9f, 108.25)]
    [InlineData(1f, 2f, 98.25)]
    [InlineData(1f, 2.0000002f, 108.25)]
    [InlineData(-1f, -1f, 101.25)]
    public void A_row_at_its_threshold_goes_left(float first, float second, double score) => Assert.Equal(score, Two.Score([first, second]));

    [Fact]
    public void Covers_are_counted_by_dropping_rows_through_the_trees()
    {
        var covered = Two.WithCovers([0, 0, 1, 1, 1, 3, 0.5f, 7], TestContext.Current.CancellationToken);
        Assert.Equal([4, 2, 2, 1, 1], covered.Tree(0).ToArray().Select(node => node.Cover));
        Assert.Equal([4], covered.Tree(1).ToArray().Select(node => node.Cover));
        Assert.Equal(Two.Score([1, 3]), covered.Score([1, 3]));
    }

    [Fact]
    public void The_first_trees_score_alone()
    {
        Assert.Equal((1, 108), (Two.First(1).TreeCount, Two.First(1).Score([1, 3])));
        Assert.Equal(100, Two.First(0).Score([1, 3]));
    }

    [Fact]
    public void What_is_no_tree_is_refused()
    {
        var leaf = TreeNode.Leaf(1, 1);
        Refused("no node");
        Refused("asks for feature 2 of 2", TreeNode.Split(2, 0, 1, 2, 2), leaf, leaf);
        Refused("children 1 and 3", TreeNode.Split(0, 0, 1, 3, 2), leaf, leaf);
        Refused("children 1 and 1", TreeNode.Split(0, 0, 1, 1, 2), leaf, leaf);
        Refused("children 0 and 1", TreeNode.Split(0, 0, 0, 1, 2), leaf, leaf);
        Refused("0 parents", leaf, leaf);
        Refused("2 parents", TreeNode.Split(0, 0, 1, 2, 2), TreeNode.Split(0, 0, 2, 3, 2), leaf, leaf);
        Refused("not finite", TreeNode.Leaf(float.NaN, 1));
        Refused("cover is -1", TreeNode.Leaf(1, -1));
        Assert.Contains("base value", Assert.Throws<InvalidInputException>(() => new TreeEnsemble(1, [], float.PositiveInfinity)).Message, StringComparison.Ordinal);
        Assert.Contains("at least one", Assert.Throws<InvalidInputException>(() => new TreeEnsemble(0, [])).Message, StringComparison.Ordinal);
    }

    private static void Refused(string why, params TreeNode[] nodes) =>
        Assert.Contains(why, Assert.Throws<InvalidInputException>(() => new TreeEnsemble(2, [nodes])).Message, StringComparison.Ordinal);
}
