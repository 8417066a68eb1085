using GraphRec.Core;
using GraphRec.Learning.Ranking;
using GraphRec.Ranking;
using GraphRec.Ranking.Onnx;
using GraphRec.Ranking.Trees;
using GraphRec.Tests.Learning.Data;
using Xunit;

namespace GraphRec.Tests.Learning.Ranking;

public sealed class RankerExportTests
{
    private static readonly RankingLists Train = DrawnLists.Of(60, 30, 1);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void Trees_score_the_same_from_the_file_and_it_says_what_it_is()
    {
        using var folder = new TempFolder();
        var path = Path.Combine(folder.Path, "ranker.onnx");
        Assert.SkipWhen(LambdaMart.Missing is not null, LambdaMart.Missing ?? "");
        var trees = LambdaMart.Fit(Train, null, new LambdaMartParameters { Trees = 30, MinExamplesPerLeaf = 5 }, 1, 2, cancel: Cancel);
        Assert.InRange(RankerExport.Write(path, trees, Train, "ab", 1), 0, 1e-5);
        Assert.Equal(["ranker.onnx"], Directory.GetFiles(folder.Path).Select(Path.GetFileName));
        var said = OnnxFile.Description(path)!;
        Assert.Equal([.. DrawnLists.Names, "ab"], [.. said.Features, said.Fingerprint]);
        Assert.Equal(Train.Means(), said.Background);
        var read = OnnxFile.ReadTrees(path).Trees!;
        for (var row = 0; row < 100; row++) Assert.Equal(trees.Score(Train.Row(row)), read.Score(Train.Row(row)));
        Assert.Equal(trees.Tree(7)[0].Cover, read.Tree(7)[0].Cover);
    }

    [Fact]
    public void A_network_scores_the_same_from_the_file()
    {
        using var folder = new TempFolder();
        var path = Path.Combine(folder.Path, "ranker.onnx");
        var network = MlpRanker.Fit(Train, null, new MlpParameters { Epochs = 2 }, 1, 2, cancel: Cancel);
        Assert.InRange(RankerExport.Write(path, network, Train, "ab", 1), 0, 1e-5);
        Assert.StartsWith("it is not a single TreeEnsembleRegressor, but Gemm", OnnxFile.ReadTrees(path).Reason, StringComparison.Ordinal);
    }

    /// <summary>The next float32 after 300,000,000 is 32 above it: what ONNX Runtime gives is 7 from our own score.</summary>
    [Fact]
    public void Scores_that_differ_are_not_exported()
    {
        using var folder = new TempFolder();
        var path = Path.Combine(folder.Path, "ranker.onnx");
        var trees = new TreeEnsemble(4, [[TreeNode.Leaf(3e8f, 1)], [TreeNode.Leaf(7, 1)]]);
        Assert.Contains("differ", Assert.Throws<InvalidInputException>(() => RankerExport.Write(path, trees, Train, "ab", 1)).Message, StringComparison.Ordinal);
        var network = new DenseNetwork([new DenseLayer(4, 1, [0, 0, 0, 6e7f], [7])]);
        Assert.Throws<InvalidInputException>(() => RankerExport.Write(path, network, Train, "ab", 1));
        Assert.Empty(Directory.GetFiles(folder.Path));
    }
}
