using GraphRec.Core;
using GraphRec.Ranking.Onnx;
using GraphRec.Ranking.Trees;
using GraphRec.Tests.Learning.Data;
using GraphRec.Tests.Ranking.Trees;
using Xunit;

namespace GraphRec.Tests.Ranking.Onnx;

public sealed class OnnxRankerTests
{
    private static readonly RankerDescription Described = new(["a", "b", "c", "d"], "f1", new float[4]);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Scores_are_those_of_the_trees_also_at_thresholds(int threads)
    {
        using var folder = new TempFolder();
        var trees = DrawnTrees.Of(4, 120, 15, 1);
        var rows = DrawnTrees.Rows(4, 700, 2);
        using var ranker = Open(folder, trees, threads);
        var scores = new float[701];
        scores[700] = 77;
        ranker.Score(rows, 700, scores);
        // Quarters are summed exactly by float32 too.
        for (var row = 0; row < 700; row++) Assert.Equal(trees.Score(rows.AsSpan(4 * row, 4)), scores[row]);
        Assert.Equal(77, scores[700]);
        // The next batch is shorter; nothing of the last one is left.
        ranker.Score(rows.AsMemory(4 * 699), 1, scores);
        Assert.Equal(trees.Score(rows.AsSpan(4 * 699, 4)), scores[0]);
        ranker.Score(rows, 0, scores);
    }

    [Fact]
    public void Requests_at_the_same_time_do_not_see_each_other()
    {
        using var folder = new TempFolder();
        var trees = DrawnTrees.Of(4, 60, 15, 3);
        using var ranker = Open(folder, trees, 1);
        Parallel.For(0, 64, new ParallelOptions { MaxDegreeOfParallelism = 8 }, request =>
        {
            var (rows, scores) = (DrawnTrees.Rows(4, 100 + request, request), new float[100 + request]);
            ranker.Score(rows, scores.Length, scores);
            for (var row = 0; row < scores.Length; row++) Assert.Equal(trees.Score(rows.AsSpan(4 * row, 4)), scores[row]);
        });
    }

    [Fact]
    public void What_is_allocated_does_not_grow_with_the_rows()
    {
        using var folder = new TempFolder();
        using var ranker = Open(folder, DrawnTrees.Of(4, 60, 15, 3), 1);
        var (rows, scores) = (DrawnTrees.Rows(4, 2000, 1), new float[2000]);
        long Allocated(int count) => Allocations.Of(() => ranker.Score(rows, count, scores));
        Assert.Equal(Allocated(10), Allocated(2000));
        Assert.InRange(Allocated(2000), 0, 2000);
    }

    [Fact]
    public void Other_features_are_refused_with_the_difference_named()
    {
        Described.RequireFeatures("m.onnx", ["a", "b", "c", "d"], "f1");
        Assert.Equal(
            "m.onnx was trained on other features: it needs, and GraphRec does not compute, b, d; GraphRec computes, and it does not know, x. Train it anew on this version's features.",
            Refused(["a", "x", "c"], "f1"));
        Assert.Equal(
            "m.onnx was trained on other features: in another place are b (GraphRec has c there), c (GraphRec has b there). Train it anew on this version's features.",
            Refused(["a", "c", "b", "d"], "f1"));
        Assert.Contains("it has 4 and GraphRec 5, some named twice", Refused(["a", "b", "c", "d", "a"], "f1"), StringComparison.Ordinal);
        Assert.Contains("fingerprint f1, here f2", Refused(["a", "b", "c", "d"], "f2"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_takes_something_else_or_is_damaged_is_refused()
    {
        using var folder = new TempFolder();
        var path = Path.Combine(folder.Path, "m.onnx");
        var bytes = OnnxFile.Of(DrawnTrees.Of(4, 3, 3, 1), Described);
        File.WriteAllBytes(path, bytes);
        Assert.Contains("[N, 1]", Assert.Throws<InvalidInputException>(() => new OnnxRanker(path, new(["a"], "", [0]))).Message, StringComparison.Ordinal);
        File.WriteAllBytes(path, bytes[..^40]);
        Assert.Contains("again", Assert.Throws<InvalidInputException>(() => new OnnxRanker(path, Described)).Message, StringComparison.Ordinal);
        Assert.Contains("again", Assert.Throws<InvalidInputException>(() => new OnnxRanker(path + "x", Described)).Message, StringComparison.Ordinal);
    }

    private static string Refused(string[] features, string fingerprint) =>
        Assert.Throws<InvalidInputException>(() => Described.RequireFeatures("m.onnx", features, fingerprint)).Message;

    private static OnnxRanker Open(TempFolder folder, TreeEnsemble trees, int threads)
    {
        var path = Path.Combine(folder.Path, "m.onnx");
        File.WriteAllBytes(path, OnnxFile.Of(trees, Described));
        return new OnnxRanker(path, OnnxFile.Description(path)!, threads);
    }
}
