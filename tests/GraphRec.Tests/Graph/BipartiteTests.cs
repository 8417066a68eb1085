using CsCheck;
using GraphRec.Graph;
using GraphRec.Graph.Kernels;
using Xunit;

namespace GraphRec.Tests.Graph;

public sealed class BipartiteTests
{
    [Fact]
    public void Sorted_rows_make_the_relation_that_building_makes() => Sample.Relations.Sample(built =>
    {
        var sorted = Bipartite.OfSortedRows([.. built.UserOffsets], [.. built.Items], built.ItemCount);
        Assert.Equal(built.ItemOffsets, sorted.ItemOffsets);
        Assert.Equal(built.Users, sorted.Users);
        Assert.Equal((built.UserCount, built.ItemCount, built.EdgeCount), (sorted.UserCount, sorted.ItemCount, sorted.EdgeCount));
    });

    [Theory]
    [InlineData(new int[0], new int[0])]
    [InlineData(new[] { 1, 2 }, new[] { 0, 1 })]
    [InlineData(new[] { 0, 1 }, new[] { 0, 1 })]
    [InlineData(new[] { 0, 2 }, new[] { 1, 0 })]
    [InlineData(new[] { 0, 2 }, new[] { 1, 1 })]
    [InlineData(new[] { 0, 1 }, new[] { 3 })]
    [InlineData(new[] { 0, 1 }, new[] { -1 })]
    [InlineData(new[] { 0, 2, 1, 2 }, new[] { 0, 1 })]
    public void Rows_that_are_no_relation_are_refused(int[] starts, int[] items) =>
        Assert.Throws<ArgumentException>(() => Bipartite.OfSortedRows(starts, items, 3));

    [Fact]
    public void The_positive_scores_of_an_array_are_offered_and_cleared() =>
        Gen.Select(Gen.Float[-1, 3].Array[0, 70], Gen.Int[0, 8]).Sample((drawn, k) =>
        {
            // Whole numbers, so that there are ties.
            float[] scores = [.. drawn.Select(MathF.Floor)];
            var top = new TopK(k);
            var left = scores.ToArray();
            top.TakePositive(left);
            top.Sort();
            Assert.Equal(Enumerable.Range(0, scores.Length).Where(i => scores[i] > 0).OrderByDescending(i => scores[i]).ThenBy(i => i).Take(k), top.Items.ToArray());
            Assert.All(left, score => Assert.Equal(0, score));
        });
}
