using GraphRec.Graph.Kernels;
using GraphRec.Learning.Training;
using Xunit;

namespace GraphRec.Tests.Learning.Training;

public sealed class VersionDiffTests
{
    [Fact]
    public void Two_versions_differ_in_what_they_say_and_in_their_lists()
    {
        var first = new ServedVersion(Examples.Manifest("first"), ["a", "b", "c"], new ItemNeighbours([0, 2, 3, 3], [1, 2, 0], [1, 1, 1], []));
        var second = new ServedVersion(Examples.Manifest("second") with { Seed = 8, Commit = null }, ["b", "a", "d"], new ItemNeighbours([0, 1, 2, 2], [1, 0], [1, 1], []));
        var found = VersionDiff.Of(first, second);
        Assert.Equal([new VersionDifference("seed", "7", "8"), new VersionDifference("commit", "0123456789abcdef", null)], found.Differences);
        Assert.Equal(["c"], found.OnlyFirst);
        Assert.Equal(["d"], found.OnlySecond);
        // a: {b, c} and {b}; b: {a} and {a}; c and d are known to one only.
        Assert.Equal((0.5 + 1) / 2, found.Overlap, 9);
        Assert.True(found.SameHoldOut);
    }

    [Fact]
    public void Metrics_of_other_hold_outs_are_not_compared()
    {
        var lists = new ItemNeighbours([0, 0], [], [], []);
        var (first, second) = (new ServedVersion(Examples.Manifest("first"), ["a"], lists), new ServedVersion(Examples.Manifest("second") with { DataHash = "other" }, ["a"], lists));
        var found = VersionDiff.Of(first, second);
        Assert.Equal((false, 1.0), (found.SameHoldOut, found.Overlap));
    }
}
